"""What the plans before leave behind: hours, rest, and who did what with which truck."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence

from fleet.duty import Past
from sanitation.jobs import Key
from sanitation.model import DayPlan

DAY_S = 86_400


def past_of(date: str, plans: Sequence[DayPlan]) -> Past:
    """Hours, last shift's end and pairs from the plans of the days before, newest first.

    Of drivers and helpers from their runs, of attendants from their posts.
    """
    today = dt.date.fromisoformat(date)
    last: dict[str, int] = {}
    work: Counter[str] = Counter()
    days: dict[str, set[int]] = defaultdict(set)
    pairs: Counter[tuple[str, str]] = Counter()
    use: Counter[str] = Counter()
    for plan in plans:
        ago = (today - dt.date.fromisoformat(plan.date)).days
        for run in plan.runs:
            rest_s = sum(s.end_s - s.start_s for s in run.stops if s.kind == "rest")
            use[run.vehicle_id] += 1
            for person in (run.driver_id, *run.helper_ids):
                last[person] = max(last.get(person, -(1 << 40)), run.end_s - ago * DAY_S)
                if ago <= 6:
                    work[person] += run.end_s - run.start_s - rest_s
                days[person].add(ago)
            pairs[run.driver_id, run.vehicle_id] += 1
        for post in plan.posts:
            for person in post.attendants:
                last[person] = max(last.get(person, -(1 << 40)), post.end_s - ago * DAY_S)
                if ago <= 6:
                    work[person] += post.end_s - post.start_s
                days[person].add(ago)
    row = {}
    for person, found in days.items():
        length = 0
        while length + 1 in found:
            length += 1
        row[person] = length
    return Past(last, dict(work), row, dict(pairs), dict(use))


def memory_of(plan: DayPlan) -> dict[Key, dict[str, tuple[str, ...]]]:
    """Which vehicle did which duties, in order, by service and shift."""
    memory: dict[Key, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for run in plan.runs:
        done = tuple(stop.duty_id for stop in run.stops if stop.kind == "service")
        key = run.service, run.shift_id
        memory[key][run.vehicle_id] = memory[key].get(run.vehicle_id, ()) + done
    return dict(memory)


def driver_of(plan: DayPlan) -> dict[tuple[str, str, str], str]:
    """Who drove which vehicle in which service and shift."""
    return {(run.service, run.shift_id, run.vehicle_id): run.driver_id for run in plan.runs}


def posts_before(plans: Sequence[DayPlan]) -> dict[str, str]:
    """The row of the posts' table of each attendant's last duty; plans newest first."""
    before: dict[str, str] = {}
    for plan in plans:
        for post in plan.posts:
            for person in post.attendants:
                before.setdefault(person, post.post_id)
    return before
