"""Litter bins 果皮箱收运: rounds by grade along the roads, each side emptied from its own kerb."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sanitation.duties.standard import expand, holding_rows
from sanitation.model import Conditions, District, Duty, Road, Section, Suspended

SERVICE = "bins"
STREAM = "residual"  # what people drop into litter bins is not sorted


def bin_duties(
    district: District, conditions: Conditions, sections: Sequence[Section]
) -> tuple[list[Duty], list[Suspended]]:
    """The rounds of the day: each empties every bin of its road once.

    A pass without a bin is no duty.
    """
    rows = holding_rows(district, conditions, SERVICE)
    due, suspended = expand(district, conditions, sections, SERVICE, rows)
    roads = {road.id: road for road in district.roads}
    kg_per_bin = district.rules["litter_kg_per_bin"]
    found = with_bins((*due, *(one.duty for one in suspended)), roads, kg_per_bin)
    return (
        [found[duty.id] for duty in due if duty.id in found],
        [replace(one, duty=found[one.duty.id]) for one in suspended if one.duty.id in found],
    )


def with_bins(
    duties: Iterable[Duty], roads: Mapping[str, Road], kg_per_bin: float
) -> dict[str, Duty]:
    """The passes that have bins to empty, by id, each with its bins and kilograms.

    The bins of a road are shared out over the passes of each of its rounds by their length.
    """
    rounds: dict[tuple[str, str, int], list[Duty]] = defaultdict(list)
    for duty in duties:
        rounds[duty.shift_id, duty.road_id, duty.round_no].append(duty)
    found = {}
    for (_, road_id, _), passes in rounds.items():
        passes.sort(key=lambda duty: duty.id)
        counts = shares(roads[road_id].bins, [duty.length_m for duty in passes])
        for duty, count in zip(passes, counts, strict=True):
            if count:
                load_kg = round(count * kg_per_bin)
                found[duty.id] = replace(duty, stream=STREAM, load_kg=load_kg, bins=count)
    return found


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """Whole shares in proportion to weights above 0 that sum to the total.

    Largest remainders first, of equals the first.
    """
    whole = sum(weights)
    counts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[: total - sum(counts)]:
        counts[i] += 1
    return counts
