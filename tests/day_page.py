"""The hand-made town as a handout for the day's page, with names that mean no good."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from export_town import (
    COORDS,
    SECTIONS,
    STREETS,
    WAY_NAMES,
    long_run,
    make_district,
    make_plan,
    node,
    short_run,
)

from sanitation.export.handout import Handout, Street
from sanitation.model import Duty, Uncovered, Violation, Window
from sanitation.places import Community, Toilet

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(2)>",
    "<!--DATA--><!-- \"quoted' & \\u003c -->",
    "🚮 桶 \u2028 \u202e =cmd|' /C calc'!A0",
    "长" * 140,
)


def handout(hostile: bool = False, **plan_fields: Any) -> Handout:
    """Two washing runs of the town; ``hostile`` puts HOSTILE into the names of everything."""
    plan = make_plan(long_run(), short_run())
    district = make_district(HOSTILE[0]) if hostile else make_district()
    streets = tuple(
        Street(
            100 + i,
            HOSTILE[i] if hostile and i < len(HOSTILE) else name,
            i % 3,
            tuple(node(i, k) if i < 5 else node(k, i - 5) for k in range(5)),
        )
        for i, name in enumerate(STREETS)
    )
    names = dict(WAY_NAMES)
    toilet = Toilet("T1", "红旗路公厕", "x", 117.1463, 39.1164, 2, "roving", False, 4.0, "model")
    community = Community(
        "C1", "芥园里", "x", 117.15, 39.118, 10, 4, 1.0, 1.0, 1.0, 0.0, (), "wide", 0, 0, "model"
    )
    district = replace(district, toilets=(toilet,), communities=(community,))
    if hostile:
        names |= {100 + i: name for i, name in enumerate(HOSTILE)}
        roads = tuple(
            replace(road, name=HOSTILE[i % 5], name_en=HOSTILE[i % 5])
            for i, road in enumerate(district.roads)
        )
        drivers = tuple(replace(d, name=HOSTILE[i]) for i, d in enumerate(district.drivers))
        vehicles = tuple(replace(v, plate=HOSTILE[1 + i]) for i, v in enumerate(district.vehicles))
        district = replace(
            district,
            roads=roads,
            drivers=drivers,
            vehicles=vehicles,
            depots=(replace(district.depots[0], name=HOSTILE[1]),),
            toilets=(replace(toilet, name=HOSTILE[2]),),
            communities=(replace(community, name=HOSTILE[3]),),
        )
        plan = replace(plan, district_name=HOSTILE[0])
    return Handout(
        plan=replace(plan, **plan_fields),
        district=district,
        sections=SECTIONS,
        way_names=names,
        coords=COORDS,
        fuel_l={"W-N-01": 61.5},
        streets=streets,
    )


def uncovered() -> Uncovered:
    """A night pass on 黄河道 (R003) for which no truck is free."""
    duty = Duty(
        *("wash/night/R003-01F/r1p1", "wash", "night", "R003-01F", "R003"),
        *(1, 1, 1, 400, (Window(-5400, 23400),), 1),
    )
    return Uncovered(duty, "no_vehicle", "没有空闲车辆", {"text": "增加 1 辆洗扫车"})


def violation() -> Violation:
    return Violation("tank", "W-N-02", 3, "清水箱不够")
