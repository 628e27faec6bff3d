"""When each run departs, so that not every truck of a shift comes to the fill points at once.

The model chooses departures against bays; then all runs of the day are driven together
(timing.drive_all), each truck choosing its fill point as it gets there, queues included. Bays are
kept in every moment; what a queue makes too late is left out and listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fleet.bays import Option, RunChoices, schedule_departures
from fleet.model import Shift, SolveNote, Use
from routes.solution import Route
from sanitation.bookings import Bookings, Facilities, Load, facilities_of
from sanitation.jobs import Key
from sanitation.model import STATION_SERVICES, District, Duty
from sanitation.places import NIGHT_SOIL
from sanitation.search import Searched
from sanitation.takeover import places, spare, without
from sanitation.timing import Timeline, drive_all, drive_alone, unloadings, uses
from sanitation.workload import Workload, unloading

MOST_STARTS = 7
STEP_S = 240  # between two departures that are tried
# Of the time that a run could depart later; the rest is for its own queues.
LATEST_SHARE = 0.5
WAIT_S = 60  # of waiting, as bad as the next departure of those that are tried
EVEN_S = 40 * 60  # lengths of a job's runs may differ by this without care
MOST_TRIES = 70


@dataclass(frozen=True, slots=True)
class Timed:
    """The timelines of a job's routes, in the order of its solution's routes."""

    searched: Searched
    lines: tuple[Timeline, ...]
    note: SolveNote

    @property
    def left(self) -> tuple[Duty, ...]:
        """Duties for which queues left no time."""
        duties = self.searched.workload.duties
        return tuple(duties[task] for line in self.lines for task in line.left)

    @property
    def wait_s(self) -> int:
        return sum(line.wait_s for line in self.lines)


def set_departures(
    district: District,
    searched: Sequence[Searched],
    stopped: Callable[[], bool] = lambda: False,
    stock_kg: Mapping[tuple[str, str], int] | None = None,
) -> tuple[Timed, ...]:
    """Choose the departure of every run and drive all of them through the day's queues.

    Args:
        stopped: once it says so, departures are no longer moved to even runs out.
        stock_kg: what is in the stations' containers at 00:00, None where nothing is hauled.
    """
    limits = facilities_of(district, stock_kg)
    shifts = {shift.id: shift for shift in district.shifts}
    taken: list[Use] = []
    notes: dict[Key, SolveNote] = {}
    runs: list[_Choice] = []
    for one in sorted(searched, key=lambda one: (shifts[one.job.key[1]].start_s, one.job.key)):
        mine = [_Choice(one, tuple(_candidates(one.workload, r))) for r in one.solution.routes]
        choices = tuple(
            RunChoices(
                f"{index:03d}",
                tuple(
                    Option(
                        number, number + line.wait_s // WAIT_S, tuple(Use(*u) for u in uses(line))
                    )
                    for number, line in enumerate(choice.lines)
                ),
            )
            for index, choice in enumerate(mine)
        )
        answer = schedule_departures(choices, limits.bays, tuple(taken), node_limit=1, rounds=1)
        for index, choice in enumerate(mine):
            choice.picked = answer.option[f"{index:03d}"]
            taken += [Use(*use) for use in uses(choice.lines[choice.picked])]
        notes[one.job.key] = answer.note
        runs += mine
    driven: dict[Key, list[Timeline]] = {one.job.key: [] for one in searched}
    for meeting in _meeting(runs, shifts):
        group = [*meeting]
        evened = _even_out(group, limits, stopped)
        for choice, line in zip(group, _take_over(group, evened, limits), strict=True):
            driven[choice.searched.job.key].append(line)
            limits = _less(limits, choice.searched.workload, line)
    return tuple(Timed(one, tuple(driven[one.job.key]), notes[one.job.key]) for one in searched)


def without_room(
    district: District,
    timed: Sequence[Timed],
    stock_kg: Mapping[tuple[str, str], int] | None,
    duties: Sequence[Duty],
) -> frozenset[str]:
    """Ids of loads that no station could take beside what is driven, were they there in time.

    Args:
        district, stock_kg: as in set_departures.
        timed: what is driven.
        duties: loads that are left over.
    """
    limits = facilities_of(district, stock_kg)
    for one in timed:
        if one.searched.workload.loaded:
            for line in one.lines:
                limits = _less(limits, one.searched.workload, line)
    booked = Bookings(limits)
    end_s = {shift.id: shift.end_s for shift in district.shifts}

    def fits(duty: Duty) -> bool:
        load = Load(duty.shift_id, duty.stream, duty.load_kg)
        stations = [visit.dump for visit in unloading(district, duty.stream)]
        return any(booked.has_room(load, name, end_s[duty.shift_id], {}) for name in stations)

    return frozenset(
        duty.id for duty in duties if duty.service in STATION_SERVICES and not fits(duty)
    )


def _less(limits: Facilities, workload: Workload, line: Timeline) -> Facilities:
    """What a line's loads leave of the room of the day and in the containers."""
    room_kg, boxes = dict(limits.room_kg), dict(limits.boxes)
    for facility, end_s, load_kg in unloadings(workload, line):
        if facility in room_kg:
            room_kg[facility] -= load_kg
        key = facility, workload.duties[0].stream
        if key in boxes:
            boxes[key] = boxes[key].with_load(end_s, load_kg)
    return replace(limits, room_kg=room_kg, boxes=boxes)


@dataclass(eq=False)
class _Choice:
    """A run, its departures, each driven alone, and which of them is picked."""

    searched: Searched
    lines: tuple[Timeline, ...]
    picked: int = 0


def _candidates(workload: Workload, route: Route) -> list[Timeline]:
    """Departures on whole minutes, the earliest first, that serve all and are back in time."""
    own = drive_alone(workload, route, route.start_s)
    earliest, latest = (int(second) for second in workload.problem.shift_s[route.vehicle])
    first = drive_alone(workload, route, earliest)
    # Waiting for a window can as well be done in the depot.
    slack_s = max(0, latest - earliest - (first.end_s - first.start_s))
    longest = earliest + first.wait_s + round(LATEST_SHARE * slack_s)
    step = max(STEP_S, -(-(longest - earliest) // MOST_STARTS))
    found = [own]
    for start_s in range(-(-earliest // 60) * 60, longest + 1, -(-step // 60) * 60):
        line = drive_alone(workload, route, start_s)
        if start_s != route.start_s and not line.left:
            found.append(line)
    return sorted(found, key=lambda line: line.start_s)


def _meeting(runs: Sequence[_Choice], shifts: Mapping[str, Shift]) -> Iterator[tuple[_Choice, ...]]:
    """Runs in groups that cannot meet at a facility.

    Their shifts do not overlap, or some need stations, some the plant for night soil, others water,
    and others nothing.
    """

    def needs(run: _Choice) -> str:
        workload = run.searched.workload
        if workload.duties[0].stream == NIGHT_SOIL:
            return "plant"
        if workload.loaded:
            return "stations"
        return "nothing" if workload.duties[0].site_id else "water"

    for kind in sorted({needs(run) for run in runs}):
        yield from _at_once([run for run in runs if needs(run) == kind], shifts)


def _at_once(runs: Sequence[_Choice], shifts: Mapping[str, Shift]) -> Iterator[tuple[_Choice, ...]]:
    group: list[_Choice] = []
    end_s = 0
    for run in runs:
        shift = shifts[run.searched.job.key[1]]
        if group and shift.start_s >= end_s:
            yield tuple(group)
            group = []
        group.append(run)
        end_s = max(end_s, *(line.end_s for line in run.lines), shift.end_s)
    if group:
        yield tuple(group)


def _even_out(
    group: Sequence[_Choice], limits: Facilities, stopped: Callable[[], bool]
) -> tuple[Timeline, ...]:
    """Drive a group; then move the departures of runs that wait while that helps.

    Helping means in this order: less is left out, the lengths of a job's runs differ by less,
    less is waited. The longest runs of the most uneven job come first.
    """
    score, lines = _drive(group, limits)
    fruitless: set[int] = set()
    tries = 0
    while tries < MOST_TRIES and not stopped():
        uneven = _uneven_s(group, lines)

        def urgent(
            index: int, lines: Sequence[Timeline] = lines, uneven: Mapping[Key, int] = uneven
        ) -> tuple[int, int, int, int]:
            line, over_s = lines[index], uneven[group[index].searched.job.key]
            length_s = line.end_s - line.start_s if over_s else 0
            return len(line.left), over_s, length_s, line.wait_s

        waiting = [
            index
            for index, line in enumerate(lines)
            if (line.wait_s or line.left) and index not in fruitless
        ]
        if not waiting:
            break
        worst = max(waiting, key=urgent)
        chosen = group[worst]
        best = before = chosen.picked
        for number in range(len(chosen.lines)):
            if number == before:
                continue
            chosen.picked = number
            tries += 1
            trial, driven = _drive(group, limits)
            if trial < score:
                score, lines, best = trial, driven, number
        chosen.picked = best
        fruitless = {worst} if best != before else fruitless | {worst}
    return lines


def _take_over(
    group: list[_Choice], lines: tuple[Timeline, ...], limits: Facilities
) -> tuple[Timeline, ...]:
    """What runs with loads leave is done by others, or by a truck that had stayed at home."""
    for giver, line in enumerate(lines):
        if group[giver].searched.workload.loaded:
            for task in line.left:
                lines = _given(group, lines, limits, giver, task) or lines
    return lines


def _given(
    group: list[_Choice],
    lines: tuple[Timeline, ...],
    limits: Facilities,
    giver: int,
    task: int,
) -> tuple[Timeline, ...] | None:
    """The group with a task in other hands; None, and nothing is changed, where none has time."""
    searched = group[giver].searched
    workload = searched.workload
    mates = [i for i, one in enumerate(group) if one.searched.workload is workload]
    left = sum(len(line.left) for line in lines)
    shorter = without(lines[giver].route, task)
    own = _Choice(searched, (drive_alone(workload, shorter, lines[giver].start_s),))
    takers = [(mates[i], new) for i, new in places(workload, [lines[i] for i in mates], task)]
    takers += [(len(group), new) for new in spare(workload, [lines[i] for i in mates], task)]
    for taker, driven in takers:
        trial = [*group]
        trial[giver] = own
        trial[taker : taker + 1] = [_Choice(searched, (driven,))]
        _, found = _drive(trial, limits)
        if sum(len(line.left) for line in found) < left:
            group[:] = trial
            return found
    return None


def _drive(
    group: Sequence[_Choice], limits: Facilities
) -> tuple[tuple[int, int, int], tuple[Timeline, ...]]:
    """A group on its picked departures, and how bad that is."""
    runs = [
        (one.searched.workload, one.lines[0].route, one.lines[one.picked].start_s) for one in group
    ]
    lines = drive_all(runs, limits)
    left = sum(len(line.left) for line in lines)
    uneven = sum(_uneven_s(group, lines).values())
    return (left, uneven, sum(line.wait_s for line in lines)), lines


def _uneven_s(group: Sequence[_Choice], lines: Sequence[Timeline]) -> dict[Key, int]:
    """By how much more than EVEN_S the lengths of each job's runs differ."""
    lengths: dict[Key, list[int]] = {}
    for one, line in zip(group, lines, strict=True):
        lengths.setdefault(one.searched.job.key, []).append(line.end_s - line.start_s)
    return {key: max(0, max(found) - min(found) - EVEN_S) for key, found in lengths.items()}
