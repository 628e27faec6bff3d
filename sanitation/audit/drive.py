"""Replay of one run on the streets: do its rows connect, and may it drive where it does?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sanitation.audit.books import Books
from sanitation.audit.causes import found
from sanitation.audit.rows import AT_FACILITY, RunRow, StopRow
from sanitation.audit.streets import Step, metres
from sanitation.model import Violation

LENGTH_TOLERANCE_M, LENGTH_TOLERANCE = 1.0, 0.005


@dataclass(frozen=True, slots=True)
class Driven:
    """The referee's own measure of a stop: metres driven and the least seconds for it."""

    length_m: float
    least_s: float


@dataclass(slots=True)
class Replay:
    """What is carried from stop to stop: the steps driven since the vehicle could last turn
    freely, the metres of each stop, and what was found."""

    trace: list[Step]
    driven: dict[int, Driven]
    violations: list[Violation]


def replay(run: RunRow, books: Books) -> tuple[list[Violation], Mapping[int, Driven]]:
    """Drive the run's nodes in order.

    Returns:
        (violations, metres and least time by stop index); a stop whose steps are not all on the
        named ways has no entry.
    """
    state = Replay([], {}, [])
    before: StopRow | None = None
    for stop in run.stops:
        breaks = list(_breaks(run, before, stop, books))
        if breaks:
            state.violations.append(breaks[0])
            state.trace.clear()
        if stop.is_driven:
            _walk(run, stop, books, state)
        if stop.kind in AT_FACILITY or stop.site:
            # README: a vehicle may leave such a node by any arc, whichever it came by.
            state.trace.clear()
        before = stop
    return state.violations, state.driven


def _breaks(
    run: RunRow, before: StopRow | None, stop: StopRow, books: Books
) -> Iterator[Violation]:
    def disconnected(zh: str, en: str) -> Violation:
        return found("disconnected", run.id, stop.index, zh, en)

    if before is not None and stop.from_node != before.to_node:
        gap = _gap(books, before.to_node, stop.from_node)
        yield disconnected(
            f"上一站止于节点 {before.to_node}，本站起于 {stop.from_node}{gap}",
            f"begins at node {stop.from_node}, the stop before ended at {before.to_node}{gap}",
        )
    ends = (stop.nodes[0], stop.nodes[-1]) if stop.nodes else (stop.from_node, stop.to_node)
    if ends != (stop.from_node, stop.to_node):
        yield disconnected(
            f"节点列表自 {ends[0]} 至 {ends[1]}，应自 {stop.from_node} 至 {stop.to_node}",
            f"its nodes go {ends[0]} to {ends[1]}, not {stop.from_node} to {stop.to_node}",
        )
    # Only on the way back from a terminal does a truck come to another node beside the streets.
    back = stop.kind == "transfer" and stop.facility not in books.waste.terminals
    if not (stop.is_driven or back) and {stop.from_node, *stop.nodes} != {stop.to_node}:
        yield disconnected(
            f"停留时由节点 {stop.from_node} 移到 {stop.to_node}",
            f"moves from node {stop.from_node} to {stop.to_node} while it stands",
        )
    place = run.depot if stop.kind in ("depart", "return") else stop.site or stop.facility
    nodes = books.stand.get(place, frozenset())
    if stop.kind == "depart" and stop.facility in books.depots and stop.facility != run.depot:
        yield disconnected(
            f"自 {stop.facility} 出车，但该趟属 {run.depot}",
            f"departs from {stop.facility}, but the run's depot is {run.depot}",
        )
    elif (stop.kind == "return" or stop.kind in AT_FACILITY or stop.site) and (
        nodes and stop.to_node not in nodes
    ):
        gap = _gap(books, stop.to_node, min(nodes))
        yield disconnected(
            f"停在节点 {stop.to_node}，而 {place} 位于 {min(nodes)}{gap}",
            f"stands at node {stop.to_node}, but {place} is at {min(nodes)}{gap}",
        )


def _gap(books: Books, here: int, there: int) -> str:
    position = books.streets.position
    if here not in position or there not in position:
        return ""
    return f" ({metres(position[here], position[there]):.0f} m)"


def _walk(run: RunRow, stop: StopRow, books: Books, state: Replay) -> None:
    """Drive one stop's steps; the first fault of each cause is reported, with their number."""
    streets, rules = books.streets, books.rules
    closed = frozenset(
        way for road in sorted(books.orders.closed_roads) for way in _ways(books, road)
    )
    faults: dict[str, list[tuple[str, str]]] = {}
    length_m = least_s = 0.0
    for u, v, way in zip(stop.nodes, stop.nodes[1:], stop.ways, strict=False):
        step = (u, v, way)
        step_m = streets.length_m.get(step)
        if step_m is None:
            step_m = streets.length_m.get((v, u, way))
            if step_m is None:
                faults.setdefault("not_on_way", []).append(
                    (f"{u}→{v} 不是道路 {way} 的一段", f"{u} to {v} is no step of way {way}")
                )
                state.trace.clear()
                continue
            faults.setdefault("one_way", []).append(
                (
                    f"{u}→{v} 在道路 {way} 上逆行 {step_m:.0f} m",
                    f"{u} to {v} drives {step_m:.0f} m against one-way way {way}",
                )
            )
        elif rule := streets.banned(state.trace, step):
            faults.setdefault("turn_banned", []).append(
                (
                    f"在节点 {u} 由道路 {state.trace[-1][2]} 转入 {way}，"
                    f"违反限制 {rule[0]}（{rule[1]}）",
                    f"turns at node {u} from way {state.trace[-1][2]} into {way} against "
                    f"restriction {rule[0]} ({rule[1]})",
                )
            )
        elif (
            state.trace
            and state.trace[-1][0] == v
            and not streets.may_turn_round(state.trace[-1], step, closed)
        ):
            kind = streets.road_class[way]
            faults.setdefault("u_turn", []).append(
                (
                    f"在节点 {u} 掉头（{v}→{u}→{v}，道路 {way}，{kind}）",
                    f"turns round at node {u} ({v} to {u} to {v}) on way {way} ({kind})",
                )
            )
        length_m += step_m
        least_s += step_m * 3.6 / rules[f"{streets.road_class[way]}_kmh"]
        state.trace.append(step)
    for cause, texts in sorted(faults.items()):
        zh, en = texts[0]
        more_zh, more_en = (
            (f"，共 {len(texts)} 处", f"; {len(texts)} such steps") if len(texts) > 1 else ("", "")
        )
        state.violations.append(found(cause, run.id, stop.index, zh + more_zh, en + more_en))
    if entered := closed & set(stop.ways):
        ways = ", ".join(str(way) for way in sorted(entered))
        state.violations.append(
            found(
                "order_broken",
                run.id,
                stop.index,
                f"驶入按指令封闭的道路 {ways}",
                f"drives on way {ways}, which an order closes",
            )
        )
    if "not_on_way" in faults:
        return
    state.driven[stop.index] = Driven(length_m, least_s)
    off_m = stop.length_m - length_m
    if abs(off_m) > LENGTH_TOLERANCE_M + LENGTH_TOLERANCE * length_m:
        state.violations.append(
            found(
                "length",
                run.id,
                stop.index,
                f"写 {stop.length_m:.0f} m，实为 {length_m:.0f} m（差 {off_m:+.0f} m）",
                f"says {stop.length_m:.0f} m, its nodes make {length_m:.0f} m ({off_m:+.0f} m)",
            )
        )


def _ways(books: Books, road: str) -> tuple[int, ...]:
    known = books.roads.get(road)
    return known.way_ids if known else ()
