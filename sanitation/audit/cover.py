"""Coverage: due work = served + uncovered + suspended, section by section, and by what right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from sanitation.audit.books import Books
from sanitation.audit.causes import found
from sanitation.audit.due import (
    Due,
    Key,
    RoadSteps,
    allowed_spans,
    due_work,
    road_steps,
    round_window,
)
from sanitation.audit.pace import outside
from sanitation.audit.rows import PlanRows, WorkRow
from sanitation.audit.sections import Sections, passes
from sanitation.model import WET_SERVICES, Violation

ROUNDING, ROUNDING_M = 0.005, 5.0
BINS = "bins"
Pass = tuple[int, int]  # round, pass


@dataclass(frozen=True, eq=False)
class Entries:
    """All work the plan accounts for: key -> section -> (round, pass) -> metres."""

    work: Mapping[Key, Mapping[str, Mapping[Pass, float]]]
    violations: tuple[Violation, ...]


def judge_cover(rows: PlanRows, sections: Sections, books: Books) -> Iterator[Violation]:
    """Windows of rounds, work done twice, missing, not due, or suspended without ground."""
    due = due_work(books)
    dropped = _dropped(rows.suspended)
    windows: dict[tuple[Key, int], tuple[int, int]] = {}
    for run, stop in passes(rows.runs):
        if run.shift in books.shifts:
            key = (run.service, run.shift, stop.road)
            window = windows.get((key, stop.round_no)) or round_window(
                books, key, due.get(key, Due(1, 0)), stop.round_no, dropped.get(key, frozenset())
            )
            windows[key, stop.round_no] = window
            yield from outside(run, stop, books, *window)
    for work in (*rows.uncovered, *rows.suspended):
        if work.road not in books.roads or work.shift not in books.shifts:
            name = work.road if work.road not in books.roads else work.shift
            yield found(
                "unknown_id",
                "",
                -1,
                f"清单中 {work.duty or work.section} 的 {name!r} 不存在",
                f"{work.duty or work.section} is listed with unknown {name!r}",
            )
    entries = _entries(rows, sections, books)
    yield from entries.violations
    yield from _balance(due, entries, sections, books)
    for work in rows.suspended:
        if work.road in books.roads and work.shift in books.shifts:
            yield from _suspended(work, due, books)


def _dropped(suspended: Iterable[WorkRow]) -> dict[Key, frozenset[int]]:
    """The rounds of which something is suspended because the time is too short for them."""
    rounds: dict[Key, set[int]] = {}
    for work in suspended:
        if work.rule != "order":
            rounds.setdefault((work.service, work.shift, work.road), set()).add(work.round_no)
    return {key: frozenset(numbers) for key, numbers in rounds.items()}


def _entries(rows: PlanRows, sections: Sections, books: Books) -> Entries:
    work: dict[Key, dict[str, dict[Pass, float]]] = {}
    first: dict[tuple[str, str, str, Pass], str] = {}
    violations = []
    for run, stop in passes(rows.runs):
        section = sections.served(stop)
        done = (stop.round_no, stop.pass_no)
        name = (run.service, run.shift, section, done)
        if name in first:
            violations.append(
                found(
                    "served_twice",
                    run.id,
                    stop.index,
                    f"{section} 第 {done[0]} 轮第 {done[1]} 遍已由 {first[name]} 完成"
                    f"（多做 {stop.length_m:.0f} m）",
                    f"{section} round {done[0]} pass {done[1]} is done by run {first[name]} "
                    f"already ({stop.length_m:.0f} m too many)",
                )
            )
            continue
        first[name] = run.id
        key = (run.service, run.shift, stop.road)
        work.setdefault(key, {}).setdefault(section, {})[done] = stop.length_m
    for listed, zh, en in (
        (rows.uncovered, "未覆盖", "uncovered"),
        (rows.suspended, "停作业", "suspended"),
    ):
        for row in listed:
            done = (row.round_no, row.pass_no)
            own = work.setdefault((row.service, row.shift, row.road), {})
            here = own.setdefault(row.section, {})
            if done in here:
                violations.append(
                    found(
                        "over_served",
                        "",
                        -1,
                        f"{row.service}/{row.shift}/{row.section}/r{done[0]}p{done[1]} "
                        f"已安排又列为{zh}（{row.length_m:.0f} m）",
                        f"{row.service}/{row.shift}/{row.section}/r{done[0]}p{done[1]} is listed "
                        f"as {en} and accounted for elsewhere too ({row.length_m:.0f} m)",
                    )
                )
            here[done] = row.length_m
    shifts, roads = books.shifts, books.roads
    known = {key: own for key, own in work.items() if key[1] in shifts and key[2] in roads}
    return Entries(known, tuple(violations))


def _balance(
    due: Mapping[Key, Due], entries: Entries, sections: Sections, books: Books
) -> Iterator[Violation]:
    """By section where the plan shows all of a road's sections, else by the road's metres."""
    metres_of: dict[str, dict[str, float]] = {}
    for (_, _, road), by_section in entries.work.items():
        for section, by_pass in by_section.items():
            metres_of.setdefault(road, {})[section] = max(by_pass.values())
    steps: dict[str, RoadSteps] = {}
    for key in sorted(due.keys() | entries.work.keys()):
        if key[0] == BINS:
            continue  # judged by its bins, see bins.py
        road = key[2]
        if road not in steps:
            steps[road] = road_steps(books.roads[road], books.streets)
        own = entries.work.get(key, {})
        extra = books.orders.extra
        ordered = road in extra or any(section in extra for section in own)
        passes_due = due[key].passes if key in due else 0
        each = passes_due * steps[road].share
        complete = _complete(metres_of.get(road, {}), sections, steps[road])
        if complete and each == int(each) and (own or not passes_due):
            yield from _by_section(key, int(each), own, metres_of[road], ordered)
        else:
            yield from _by_metres(key, each, own, steps[road], ordered)


def _complete(lengths: Mapping[str, float], sections: Sections, steps: RoadSteps) -> bool:
    """Whether the sections that the plan names make up the whole road, each part once."""
    counted: Counter[tuple[int, int]] = Counter()
    for section in lengths:
        nodes = sections.nodes.get(section, ())
        counted.update(pairwise(nodes))
    if counted and max(counted.values()) > 1:
        return False
    total_m = sum(steps.length_m.values())
    slack_m = 1.0 + len(lengths) + ROUNDING * total_m
    return bool(lengths) and abs(sum(lengths.values()) - total_m) <= slack_m


def _name(key: Key, section: str = "") -> str:
    return f"{key[0]}/{key[1]}/{section or key[2]}"


def _by_section(
    key: Key,
    each: int,
    own: Mapping[str, Mapping[Pass, float]],
    lengths: Mapping[str, float],
    ordered: bool,
) -> Iterator[Violation]:
    everywhere = {done for by_pass in own.values() for done in by_pass}
    for section in sorted(lengths):
        have = own.get(section, {})
        short = each - len(have)
        if short > 0:
            lost = sorted(everywhere - have.keys())[:short]
            which = ", ".join(f"r{number}p{pass_no}" for number, pass_no in lost) or "?"
            gone_m = short * lengths[section]
            yield found(
                "pass_missing",
                "",
                -1,
                f"{_name(key, section)} 应作业 {each} 遍，只有 {len(have)} 遍"
                f"（缺 {which}，{gone_m:.0f} m）",
                f"{_name(key, section)} is due {each} times, {len(have)} are in the plan "
                f"({which} missing, {gone_m:.0f} m)",
            )
        elif short < 0 and not ordered:
            yield found(
                "over_served",
                "",
                -1,
                f"{_name(key, section)} 应作业 {each} 遍，却有 {len(have)} 遍"
                f"（多 {-short * lengths[section]:.0f} m）",
                f"{_name(key, section)} is due {each} times, but {len(have)} are in the plan "
                f"({-short * lengths[section]:.0f} m too many)",
            )


def _by_metres(
    key: Key,
    each: float,
    own: Mapping[str, Mapping[Pass, float]],
    steps: RoadSteps,
    ordered: bool,
) -> Iterator[Violation]:
    due_m = each * sum(steps.length_m.values())
    have_m = sum(length_m for by_pass in own.values() for length_m in by_pass.values())
    off_m = have_m - due_m
    if abs(off_m) <= ROUNDING * due_m + ROUNDING_M or (off_m > 0 and ordered):
        return
    yield found(
        "pass_missing" if off_m < 0 else "over_served",
        "",
        -1,
        f"{_name(key)} 应作业 {due_m:.0f} m，计划中 {have_m:.0f} m（差 {off_m:+.0f} m）",
        f"{_name(key)} is due {due_m:.0f} m, the plan has {have_m:.0f} m ({off_m:+.0f} m)",
    )


def _suspended(work: WorkRow, due: Mapping[Key, Due], books: Books) -> Iterator[Violation]:
    """A duty may be suspended only by a rule that holds for its shift."""
    if not _holds(work, due, books):
        name = work.duty or f"{work.service}/{work.shift}/{work.section}"
        yield found(
            "suspended_wrong",
            "",
            -1,
            f"{name} 以 {work.rule!r} 停作业（{work.length_m:.0f} m），该规则当班并不成立",
            f"{name} ({work.length_m:.0f} m) is suspended by {work.rule!r}, which does not hold "
            "for its shift",
        )


def _holds(work: WorkRow, due: Mapping[Key, Due], books: Books) -> bool:
    weather, shift = books.weather, books.shifts[work.shift]
    if work.rule == "order":
        left_out = books.orders.is_left_out(work.section, work.road, work.shift)
        return left_out or work.road in books.orders.closed_roads
    if work.service not in WET_SERVICES and work.service != BINS:
        return work.rule == weather.stopped
    spans = allowed_spans(books, work.service, work.shift)
    longest_s = max((high - low for low, high in spans), default=0)
    if work.rule == "short_window":
        rounds = due.get((work.service, work.shift, work.road), Due(1, 0)).rounds
        least_s = books.rules["min_round_min"] * 60
        fitting = max(1, min(rounds, int(longest_s // least_s))) if least_s else rounds
        return work.round_no > fitting
    if work.service == BINS:
        return False  # no weather stops it
    too_short = longest_s == 0 or longest_s < shift.min_window_s
    if work.rule == "peak":
        return too_short and any(
            low < shift.end_s and high > shift.start_s for low, high in weather.peaks
        )
    return too_short and work.rule in weather.in_shift(shift)
