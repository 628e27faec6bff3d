"""Litter bins: each round empties every bin of its road once, on the side where it stands.

How many bins a road has is in its table; how a plan shares them out over its own sections follows
from the metres of each, give or take a bin.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sanitation.audit.books import Books
from sanitation.audit.causes import found
from sanitation.audit.due import due_work, holds, road_steps
from sanitation.audit.rows import PlanRows, RunRow, StopRow
from sanitation.audit.sections import Sections, passes
from sanitation.model import Violation

SERVICE = "bins"
STREAM = "residual"
# A section's bins may be so many, and so large a part, off its share by metres.
OFF_BINS, OFF_SHARE = 1.0, 0.05
Round = tuple[str, str, int]  # shift, road, round


def litter_kg(bins: int, books: Books) -> int:
    """Kilograms that so many bins give."""
    return round(bins * books.rules["litter_kg_per_bin"])


def judge_bins(rows: PlanRows, sections: Sections, books: Books) -> Iterator[Violation]:
    """Bins of every round against the road's, bins of every section against its share of them."""
    counted: dict[Round, dict[tuple[str, int], int]] = {}
    for run, stop in passes(rows.runs):
        if run.service == SERVICE and stop.road in books.roads and run.shift in books.shifts:
            own = counted.setdefault((run.shift, stop.road, stop.round_no), {})
            # Done twice, or listed as well, is named elsewhere.
            own.setdefault((sections.served(stop), stop.pass_no), stop.bins)
    for work in (*rows.uncovered, *rows.suspended):
        if work.service == SERVICE and work.road in books.roads and work.shift in books.shifts:
            own = counted.setdefault((work.shift, work.road, work.round_no), {})
            own.setdefault((work.section, work.pass_no), work.bins)
            if work.load_kg != litter_kg(work.bins, books):
                yield found(
                    "load",
                    "",
                    -1,
                    f"{work.section} 第 {work.round_no} 轮列为 {work.load_kg:.0f} kg，"
                    f"{work.bins} 个果皮箱应为 {litter_kg(work.bins, books)} kg",
                    f"{work.section} round {work.round_no} is listed with {work.load_kg:.0f} kg, "
                    f"{work.bins} bins make {litter_kg(work.bins, books)} kg",
                )
    yield from _rounds(counted, books)
    yield from _shares(counted, _lengths(rows), books)


def _rounds(
    counted: Mapping[Round, Mapping[tuple[str, int], int]], books: Books
) -> Iterator[Violation]:
    due: dict[Round, int] = {}
    for (service, shift, road), work in due_work(books).items():
        if service == SERVICE and books.roads[road].bins:
            due |= {(shift, road, n): books.roads[road].bins for n in range(1, work.rounds + 1)}
    for key in sorted(due.keys() | counted.keys()):
        wanted, have = due.get(key, 0), sum(counted.get(key, {}).values())
        if have == wanted and key in due:
            continue
        name = f"{SERVICE}/{key[0]}/{key[1]}/r{key[2]}"
        if key not in due:
            zh, en = "今日不应清", "is not due today"
            yield found("over_served", "", -1, f"{name} {zh}", f"{name} {en}")
            continue
        yield found(
            "pass_missing" if have < wanted else "over_served",
            "",
            -1,
            f"{name} 应清 {wanted} 个果皮箱，计划中 {have} 个（差 {have - wanted:+d} 个）",
            f"{name} has {wanted} bins, the plan has {have} ({have - wanted:+d})",
        )


def _lengths(rows: PlanRows) -> dict[str, float]:
    """Metres of each section that has bins, as driven or listed."""
    lengths = {w.section: w.length_m for w in (*rows.uncovered, *rows.suspended)}
    return lengths | {
        stop.section: stop.length_m for run, stop in passes(rows.runs) if run.service == SERVICE
    }


def _shares(
    counted: Mapping[Round, Mapping[tuple[str, int], int]],
    length_m: Mapping[str, float],
    books: Books,
) -> Iterator[Violation]:
    """Sections that have far more or fewer bins than their metres of the road's."""
    pass_m: dict[str, float] = {}
    told: set[str] = set()
    for (_, road, _), own in sorted(counted.items()):
        each = _passes_a_round(road, books)
        if len(each) != 1 or not books.roads[road].bins:
            continue  # rounds differ, or there is nothing to share out, which is named
        if road not in pass_m:
            steps = road_steps(books.roads[road], books.streets)
            pass_m[road] = min(each) * steps.share * sum(steps.length_m.values())
        for (section, _), bins in sorted(own.items()):
            if section in told or section not in length_m or not pass_m[road]:
                continue
            share = books.roads[road].bins * length_m[section] / pass_m[road]
            if abs(bins - share) > OFF_BINS + OFF_SHARE * share:
                told.add(section)
                metres = length_m[section]
                yield found(
                    "load",
                    "",
                    -1,
                    f"{section}（{metres:.0f} m）有 {bins} 个果皮箱，按长度应约 {share:.1f} 个",
                    f"{section} ({metres:.0f} m) has {bins} bins, its share by length is "
                    f"about {share:.1f}",
                )


def _passes_a_round(road: str, books: Books) -> set[int]:
    """What the rows that hold say of a round's passes over a road."""
    known = books.roads[road]
    return {
        row.passes
        for row in books.district.standards
        if row.service == SERVICE
        and row.grade == known.grade
        and (row.scope == "all" or (row.scope == "key") == known.key_area)
        and holds(row, books)
    }


def litter_faults(stop: StopRow, before_kg: float, books: Books) -> Iterator[tuple[str, str]]:
    """What a stop takes on against the bins that it empties, in Chinese and English."""
    taken, due = stop.load_kg - before_kg, litter_kg(stop.bins, books)
    if stop.bins <= 0:
        yield "没有果皮箱可清", "empties no bins"
    elif taken != due:
        yield (
            f"收 {taken:.0f} kg，{stop.bins} 个果皮箱应为 {due} kg",
            f"takes {taken:.0f} kg, {stop.bins} bins make {due} kg",
        )


def bins_s(run: RunRow, stop: StopRow, books: Books) -> float:
    """Seconds that a stop's bins take, beside the way along the street; 0 in other work."""
    kind = books.kind_of(run.vehicle)
    return stop.bins * kind.bin_s if kind and run.service == SERVICE else 0.0
