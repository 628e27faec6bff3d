"""From the engine's state to a solution, in plain Python."""

from __future__ import annotations

from routes.engine.state import State
from routes.problem import RoutingProblem
from routes.solution import Rest, Restore, Route, Serve, Solution, Step


def best_solution(problem: RoutingProblem, state: State) -> Solution:
    """The best solution found, its rests written out."""
    routes = []
    dropped = set(range(problem.tasks))
    for v, run in enumerate(state.best_run):
        if not run["count"]:
            continue
        steps: list[Step] = []
        for t in (int(t) for t in state.best_seq[v, : run["count"]]):
            dropped.remove(t)
            at = state.best_at[t]
            if at["fill"] >= 0:
                steps.append(Restore(int(at["fill"])))
            steps.append(Serve(t, int(at["mode"])))
        if run["home_fill"] >= 0:
            steps.append(Restore(int(run["home_fill"])))
        routes.append(with_rests(problem, Route(v, int(run["depart"]), tuple(steps))))
    return Solution(tuple(routes), tuple(sorted(dropped)))


def with_rests(problem: RoutingProblem, route: Route) -> Route:
    """The route with rests as late as the rules allow; rests it has already are dropped."""
    within = problem.rest_within_s
    if within is None and problem.rest_after_s >= problem.shift_s[route.vehicle, 1] - route.start_s:
        return Route(
            route.vehicle,
            route.start_s,
            tuple(step for step in route.steps if not isinstance(step, Rest)),
        )
    kind = int(problem.vehicle_type[route.vehicle])
    now = route.start_s
    due = now + problem.rest_after_s if within is None else within[1]
    lunch_ahead = within is not None
    place = int(problem.start_place[route.vehicle])
    steps: list[Step] = []

    def end_of(step: Step | None, start_s: int) -> int:
        if isinstance(step, Serve):
            arrive = start_s + int(problem.time_s[place, problem.mode_entry[step.mode]])
            work = int(problem.service_s[step.mode, kind])
            ends = (
                max(arrive, int(opens)) + work
                for opens, closes in problem.window_s[step.task]
                if max(arrive, int(opens)) + work <= int(closes)
            )
            return min(ends, default=arrive + work)
        if isinstance(step, Restore):
            arrive = start_s + int(problem.time_s[place, problem.restore_in[step.option]])
            if problem.restore_window_s is not None:
                arrive = max(arrive, int(problem.restore_window_s[step.option, 0]))
            return arrive + int(problem.restore_s[step.option])
        return start_s + int(problem.time_s[place, problem.end_place[route.vehicle]])

    for step in (*(s for s in route.steps if not isinstance(s, Rest)), None):
        end = end_of(step, now)
        if end > due or (step is None and lunch_ahead):
            steps.append(Rest())
            now = (now if within is None else max(now, within[0])) + problem.rest_s
            due = now + problem.rest_after_s
            lunch_ahead = False
            end = end_of(step, now)
        now = end
        if isinstance(step, Serve):
            place = int(problem.mode_exit[step.mode])
        elif isinstance(step, Restore):
            place = int(problem.restore_out[step.option])
        if step is not None:
            steps.append(step)
    return Route(route.vehicle, route.start_s, tuple(steps))
