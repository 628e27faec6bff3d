"""A plan beside everything that its readers' files say of it: names, streets, fuel. Read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sanitation.errors import UsageError
from sanitation.export.directions import Coords
from sanitation.export.posts import PostList, build_posts
from sanitation.export.sheets import Sheet, build_sheets
from sanitation.ground import read_streets
from sanitation.indicators import cost_of
from sanitation.model import DayPlan, District, Run, Section

if TYPE_CHECKING:
    from routes.network import StreetNetwork


@dataclass(frozen=True, slots=True)
class Street:
    """A way of the network as it is drawn: its nodes in a row, once for both directions.

    ``road_class`` is that of routes.network: 0 arterial, 1 secondary, 2 branch.
    """

    way_id: int
    name: str
    road_class: int
    nodes: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Handout:
    """What files are made of. ``coords`` are lon, lat (WGS-84) of every street node; ``fuel_l``
    is litres by run id; ``sections`` are by id and ``section_nodes`` are the nodes that each leads
    over. ``plan`` may have fewer runs than the day: see :meth:`only`.
    """

    plan: DayPlan
    district: District
    sections: Mapping[str, Section]
    way_names: Mapping[int, str]
    coords: Coords
    fuel_l: Mapping[str, float]
    streets: tuple[Street, ...]
    section_nodes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def only(self, run_id: str) -> Handout:
        """The same with one run alone.

        Raises:
            UsageError: the plan has no such run; near names are told.
        """
        from sanitation.options import unknown_id

        runs = tuple(run for run in self.plan.runs if run.id == run_id)
        if not runs:
            raise unknown_id("run", run_id, [run.id for run in self.plan.runs])
        return replace(self, plan=replace(self.plan, runs=runs))

    def sheets(self, lang: str, runs: Sequence[Run] | None = None) -> tuple[Sheet, ...]:
        """The route sheets of some runs, of all by default, in a language."""
        plan = self.plan if runs is None else replace(self.plan, runs=tuple(runs))
        return build_sheets(
            plan,
            self.district,
            self.sections,
            lang,
            way_names=self.way_names,
            coords=self.coords,
            fuel_l=self.fuel_l,
        )

    def posts(self, lang: str) -> PostList | None:
        """Who looks after which toilet; None where none is staffed."""
        return build_posts(self.plan, self.district, lang)


def handout_of(district: District, plan: DayPlan) -> Handout:
    """Everything that the files of a plan need; the parsed network comes from the cache.

    Raises:
        UsageError: the plan is of another district.
    """
    if plan.district_id != district.id:
        told = f"the plan is of district {plan.district_id!r}, the data of {district.id!r}"
        raise UsageError(told, "give the plan's district with --data")
    network, sections = read_streets(district)
    return Handout(
        plan=plan,
        district=district,
        sections={section.id: section for section in sections},
        way_names={
            int(way): network.names[name]
            for way, name in zip(network.way_ids, network.name, strict=True)
        },
        coords={
            int(node): (float(lon), float(lat))
            for node, lon, lat in zip(network.node_ids, network.lon, network.lat, strict=True)
        },
        fuel_l={run.id: cost_of(district, run)["fuel_l"] for run in plan.runs},
        streets=streets_of(network),
        section_nodes=_section_nodes(sections, network),
    )


def _section_nodes(
    sections: Sequence[Section], network: StreetNetwork
) -> dict[str, tuple[int, ...]]:
    ids, tails, heads = network.node_ids.tolist(), network.tail.tolist(), network.head.tolist()
    return {
        section.id: (ids[tails[section.arcs[0]]], *(ids[heads[arc]] for arc in section.arcs))
        for section in sections
    }


def streets_of(network: StreetNetwork) -> tuple[Street, ...]:
    """Every way of the network as lines of nodes, each step once, whatever its directions."""
    from sanitation.export.geometry import chains

    steps: dict[int, list[tuple[int, int]]] = {}
    about: dict[int, tuple[str, int]] = {}
    ids = network.node_ids.tolist()
    for tail, head, way, name, kind in zip(
        network.tail.tolist(),
        network.head.tolist(),
        network.way_ids.tolist(),
        network.name.tolist(),
        network.road_class.tolist(),
        strict=True,
    ):
        steps.setdefault(way, []).append((ids[tail], ids[head]))
        about[way] = network.names[name], kind
    return tuple(
        Street(way, *about[way], line) for way in sorted(steps) for line in chains(steps[way])
    )
