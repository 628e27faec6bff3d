"""What the plan means by each section, and whether it means the same everywhere.

The referee does not know the planner's sections. It holds a plan to its own: one section id is
one sequence of nodes, all of it on its road.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sanitation.audit.books import Books
from sanitation.audit.causes import found
from sanitation.audit.rows import STREET_SERVICES, RunRow, StopRow
from sanitation.model import Violation

Nodes = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sections:
    """nodes: section id -> its nodes; name: nodes -> the id that the plan uses most for them."""

    nodes: Mapping[str, Nodes]
    name: Mapping[Nodes, str]

    def served(self, stop: StopRow) -> str:
        """The section that a service stop really does, whatever id it gives."""
        return self.name.get(stop.nodes, stop.section)


def passes(runs: Iterable[RunRow]) -> Iterator[tuple[RunRow, StopRow]]:
    """Every service stop on a street with its run, in the order of runs and stops."""
    for run in runs:
        for stop in run.stops:
            if stop.kind == "service" and run.service in STREET_SERVICES:
                yield run, stop


def learn_sections(runs: Iterable[RunRow]) -> Sections:
    """Each section's nodes and each node sequence's section: what the plan says most often."""
    by_id: dict[str, Counter[Nodes]] = {}
    by_nodes: dict[Nodes, Counter[str]] = {}
    for _, stop in passes(runs):
        if stop.section.startswith(f"{stop.road}-"):
            by_id.setdefault(stop.section, Counter())[stop.nodes] += 1
            by_nodes.setdefault(stop.nodes, Counter())[stop.section] += 1
    return Sections(
        nodes={
            section: max(counts, key=lambda nodes: (counts[nodes], nodes))
            for section, counts in by_id.items()
        },
        name={
            nodes: min(counts, key=lambda section: (-counts[section], section))
            for nodes, counts in by_nodes.items()
        },
    )


def judge_sections(runs: Iterable[RunRow], sections: Sections, books: Books) -> Iterator[Violation]:
    """Passes off their road, and passes that are not over what the plan calls that section."""
    for run, stop in passes(runs):
        road = books.roads.get(stop.road)
        if road is None or not stop.section.startswith(f"{stop.road}-"):
            continue  # named as unknown elsewhere
        steps = zip(stop.nodes, stop.nodes[1:], stop.ways, strict=False)
        real = [step for step in steps if _is_street(step, books)]
        off = sorted({way for _, _, way in real} - set(road.way_ids))
        meant = sections.nodes[stop.section]
        known = sections.name[stop.nodes]
        if off:
            ways = ", ".join(str(way) for way in off)
            yield found(
                "section_wrong",
                run.id,
                stop.index,
                f"路段 {stop.section} 走在道路 {ways} 上，不属 {road.id} {road.name}",
                f"section {stop.section} is driven on way {ways}, not of road {road.id}",
            )
        elif meant != stop.nodes:
            yield found(
                "section_wrong",
                run.id,
                stop.index,
                f"路段 {stop.section} 在别处为 {meant[0]}→{meant[-1]}，"
                f"此处为 {stop.nodes[0]}→{stop.nodes[-1]}",
                f"section {stop.section} is {meant[0]} to {meant[-1]} elsewhere, here "
                f"{stop.nodes[0]} to {stop.nodes[-1]}",
            )
        elif known != stop.section:
            yield found(
                "section_wrong",
                run.id,
                stop.index,
                f"{stop.section} 与 {known} 是同一路段",
                f"section {stop.section} is the same street as {known}",
            )


def _is_street(step: tuple[int, int, int], books: Books) -> bool:
    u, v, way = step
    lengths = books.streets.length_m
    return (u, v, way) in lengths or (v, u, way) in lengths
