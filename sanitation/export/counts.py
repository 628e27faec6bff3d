"""The table that `check` prints: what a district holds, Chinese first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanitation.export.table import Table

# path into counts.counts, Chinese and English name, unit
_LINES: tuple[tuple[str, str, str, str], ...] = (
    ("roads.count", "道路", "roads", ""),
    ("roads.by_class.arterial", "　主干路", "  arterial", ""),
    ("roads.by_class.secondary", "　次干路", "  secondary", ""),
    ("roads.by_class.branch", "　支路", "  branch", ""),
    ("roads.by_grade.1", "　一级", "  grade 1", ""),
    ("roads.by_grade.2", "　二级", "  grade 2", ""),
    ("roads.by_grade.3", "　三级", "  grade 3", ""),
    ("roads.by_grade.4", "　四级", "  grade 4", ""),
    ("roads.key_area", "　重点区域", "  in key areas", ""),
    ("roads.length_m", "道路长度", "road length", "m"),
    ("roads.area_m2", "道路面积", "road area", "m²"),
    ("roads.carriageway_m2", "　车行道", "  carriageway", "m²"),
    ("roads.footway_m2", "　人行道（人工）", "  footway, cleaned by hand", "m²"),
    ("roads.bins", "　果皮箱", "  litter bins", ""),
    ("subdistricts", "街道", "subdistricts", ""),
    ("toilets.count", "公厕", "toilets", ""),
    ("septic_tanks.count", "化粪池", "septic tanks", ""),
    ("septic_tanks.volume_m3", "　容积", "  volume", "m³"),
    ("septic_tanks.inflow_m3_day", "　日积粪", "  settling", "m³/d"),
    ("toilets.by_mode.attended", "　值守", "  attended", ""),
    ("toilets.by_mode.roving", "　巡回", "  on rounds", ""),
    ("toilets.open_24h", "　全天开放", "  open 24 h", ""),
    ("attendants.posts_a_day.summer", "　夏季每日值守人次", "  posts a day in summer", ""),
    ("attendants.posts_a_day.warm", "　暖季每日值守人次", "  posts a day, warm season", ""),
    ("attendants.posts_a_day.cold", "　冷季每日值守人次", "  posts a day, cold season", ""),
    ("stations.count", "转运站", "transfer stations", ""),
    ("stations.throughput_t_day", "　设计能力", "  throughput", "t/d"),
    ("stations.bays", "　泊位", "  bays", ""),
    ("stations.containers", "　箱位", "  containers", ""),
    ("terminals", "末端处理设施", "terminals", ""),
    ("communities.count", "小区", "communities", ""),
    ("communities.narrow", "　窄路小区", "  with narrow access", ""),
    ("communities.waste_t_day", "　垃圾量", "  waste", "t/d"),
    ("depots", "停车场", "depots", ""),
    ("fill_points.count", "加水点", "fill points", ""),
    ("fill_points.by_kind.water_crane", "　水鹤", "  water cranes", ""),
    ("fill_points.by_kind.hydrant", "　消火栓", "  hydrants", ""),
    ("fill_points.bays", "　泊位", "  bays", ""),
    ("dump_points", "排污点", "dump points", ""),
    ("brine_stations", "融雪液站", "brine stations", ""),
    ("flood_spots", "易积水点", "rain-prone spots", ""),
    ("vehicles.count", "车辆", "vehicles", ""),
    ("drivers", "驾驶员", "drivers", ""),
    ("helpers", "跟车员", "helpers", ""),
    ("attendants.count", "值守员", "attendants", ""),
    ("attendants.fewest", "　至少需", "  no fewer could do", ""),
    ("attendants.short_homes", "　本厕人员不足的公厕", "  toilets with too few of their own", ""),
)
_MODELLED = frozenset({"roads.bins"})  # in a model district no source tells how many there are
STATUS = {
    "in_service": ("在用", "in service"),
    "spare": ("备用", "spare"),
    "workshop": ("在修", "workshop"),
}


def counts_table(counts: Mapping[str, Any]) -> Table:
    """One figure a line, from counts.counts; parts of a list right after its sum.

    The fleet is shown by type and status, the waste by stream: what is due on the day with most.

    A class, grade or kind that the district does not have is 0.
    """
    rows: list[tuple[str, ...]] = []
    for path, chinese, english, unit in _LINES:
        if path in _MODELLED and counts["model"]:
            chinese, english = f"{chinese}（模型）", f"{english} (model)"
        rows.append((chinese, english, _figure(counts, path), unit))
        if path == "vehicles.count":
            rows += _fleet(counts["vehicles"]["by_type_and_status"])
        if path == "communities.waste_t_day":
            rows += _streams(counts["streams"])
    return Table(
        header=("项目", "item", "数量 count", "单位 unit"),
        rows=tuple(rows),
        right=(False, False, True, False),
    )


def _figure(counts: Mapping[str, Any], path: str) -> str:
    found: Any = counts
    for key in path.split("."):
        found = found.get(key, 0)
    found = len(found) if isinstance(found, list) else found
    return f"{found:g}" if isinstance(found, float) else str(found)


def _fleet(by_type: Mapping[str, Mapping[str, int]]) -> list[tuple[str, ...]]:
    """A line for each type and status of the fleet list."""
    return [
        (f"　{kind} {STATUS[status][0]}", f"  {kind} {STATUS[status][1]}", str(count), "")
        for kind, statuses in by_type.items()
        for status, count in statuses.items()
    ]


def _streams(streams: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """A line for each stream: how often it is taken, and the most that a day's rounds bring."""
    rows: list[tuple[str, ...]] = []
    for stream, due in streams.items():
        days = due["every_days"]
        rows.append(
            (
                f"　{due['name']}（{'每日' if days == 1 else f'每 {days} 天'}）当日最多应收",
                f"  {stream}, {'daily' if days == 1 else f'every {days} days'}: most due in a day",
                f"{due['due_t_most']:g}",
                "t",
            )
        )
    return rows
