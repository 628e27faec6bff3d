"""The street network as compact arrays. Built by routes/osm.py; nothing here reads files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ARTERIAL, SECONDARY, BRANCH = 0, 1, 2


@dataclass(frozen=True, eq=False)
class StreetNetwork:
    """A strongly connected directed street network with V nodes and A arcs.

    Every step between two consecutive nodes of an OpenStreetMap way is an arc (two where it may
    be driven both ways), so a list of arcs is a list of steps that anyone can look up on the map.
    Arcs are sorted by (tail node id, head node id, way id), nodes by id.

    Attributes:
        node_ids: (V,) int64, OpenStreetMap node ids, ascending.
        lon, lat: (V,) float64, WGS-84 degrees.
        tail, head: (A,) int32, node indices.
        way_ids: (A,) int64.
        length_m: (A,) float64, great-circle length of the step.
        road_class: (A,) int8, ARTERIAL, SECONDARY or BRANCH.
        name: (A,) int32, index into names.
        names: street names; names[0] is "".
        banned: (B, 2) int32, (from arc, to arc) pairs that a restriction forbids, sorted.
        turn_round: (V,) bool, where turning round (arc u->v, then v->u) is allowed.
        dropped_nodes: nodes left out because they cannot be reached and left again.
    """

    node_ids: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    way_ids: NDArray[np.int64]
    length_m: NDArray[np.float64]
    road_class: NDArray[np.int8]
    name: NDArray[np.int32]
    names: tuple[str, ...]
    banned: NDArray[np.int32]
    turn_round: NDArray[np.bool_]
    dropped_nodes: int = 0
