"""The plan's own figures and records held against what the referee counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sanitation.audit.books import Books
from sanitation.audit.causes import found
from sanitation.audit.rows import PlanRows
from sanitation.audit.sections import passes
from sanitation.audit.sites import visits
from sanitation.model import Violation


def judge_conditions(rows: PlanRows, books: Books) -> Iterator[Violation]:
    """Season and active conditions must follow from date, weather and alerts."""
    weather = books.weather
    if rows.season and rows.season != weather.season:
        yield found(
            "conditions",
            "",
            -1,
            f"记为 {rows.season}，按日期应为 {weather.season}",
            f"the season is {weather.season}, not {rows.season}",
        )
    recorded = rows.active | {"plain"}
    if recorded != weather.active:
        ours, theirs = (", ".join(sorted(names)) for names in (weather.active, recorded))
        yield found(
            "conditions", "", -1, f"应为 {ours}，却记为 {theirs}", f"{ours} hold, not {theirs}"
        )


def judge_orders(rows: PlanRows, books: Books) -> Iterator[Violation]:
    """Pinned sections and sites stay with their truck, those left out are not done.

    A pin binds in the services that the truck can do, and, where the truck goes out at all, in
    the shifts in which it does.
    """
    orders = books.orders
    shifts_of: dict[str, set[tuple[str, str]]] = {}
    for run in rows.runs:
        shifts_of.setdefault(run.vehicle, set()).add((run.service, run.shift))
    for run, stop in (*passes(rows.runs), *visits(rows.runs)):
        place = stop.section or stop.site
        pinned = orders.pinned.get((place, run.shift)) or orders.pinned.get((place, ""))
        kind = books.kind_of(pinned or "")
        out = (run.service, run.shift) in shifts_of.get(pinned or "", {(run.service, run.shift)})
        if pinned != run.vehicle and kind and run.service in kind.services and out:
            yield found(
                "order_broken",
                run.id,
                stop.index,
                f"{place} 按指令归 {pinned}，却由 {run.vehicle} 作业",
                f"an order gives {place} to {pinned}, {run.vehicle} does it",
            )
        if orders.is_left_out(place, stop.road, run.shift):
            yield found(
                "order_broken",
                run.id,
                stop.index,
                f"{place} 按指令今日免做",
                f"an order leaves {place} out today",
            )


def judge_figures(rows: PlanRows, found_causes: Iterable[str]) -> Iterator[Violation]:
    """``due_m``, ``covered_m`` and ``uncovered_m`` by "service/shift", ``runs``, and the plan's
    own list of violations. Figures that a plan does not give are not missed."""

    def wrong(zh: str, en: str) -> Violation:
        return found("indicators", "", -1, zh, en)

    covered: dict[str, float] = {}
    uncovered: dict[str, float] = {}
    for run, stop in passes(rows.runs):
        key = f"{run.service}/{run.shift}"
        covered[key] = covered.get(key, 0) + stop.length_m
    for work in rows.uncovered:
        key = f"{work.service}/{work.shift}"
        uncovered[key] = uncovered.get(key, 0) + work.length_m
    keys = covered.keys() | uncovered.keys()
    due = {key: covered.get(key, 0) + uncovered.get(key, 0) for key in keys}
    for figure, counted in (("due_m", due), ("covered_m", covered), ("uncovered_m", uncovered)):
        stated = rows.indicators.get(figure)
        if isinstance(stated, int | float):
            pairs: list[tuple[str, object, float]] = [("", stated, sum(counted.values()))]
        elif isinstance(stated, Mapping):
            names = sorted({str(name) for name in stated} | counted.keys())
            pairs = [(f" {name}", stated.get(name, 0), counted.get(name, 0)) for name in names]
        else:
            continue
        for name, value, metres in pairs:
            if value != metres:
                yield wrong(
                    f"{figure}{name} 为 {value!r}，应为 {metres:.0f} m",
                    f"{figure}{name} is {value!r}, the rows make {metres:.0f} m",
                )
    stated_runs = rows.indicators.get("runs")
    if isinstance(stated_runs, int) and stated_runs != len(rows.runs):
        yield wrong(
            f"runs 为 {stated_runs}，实有 {len(rows.runs)} 趟",
            f"runs is {stated_runs}, there are {len(rows.runs)}",
        )
    unfounded = sorted(set(rows.listed_causes) - set(found_causes))
    if unfounded:
        names_text = ", ".join(unfounded)
        yield wrong(
            f"所列违规 {names_text} 并不存在",
            f"it lists violations that are not there: {names_text}",
        )
