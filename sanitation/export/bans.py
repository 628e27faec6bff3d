"""What a sheet says that its crew must not do."""

from __future__ import annotations

from collections.abc import Sequence

from sanitation.export.labels import iso_clock
from sanitation.export.rows import SheetRow
from sanitation.model import DayPlan


def street_bans(
    plan: DayPlan, rows: Sequence[SheetRow], lang: str, *, wet: bool
) -> tuple[str, ...]:
    """What the driver must not do: wet work in the peaks, and the one-way roads of the run."""
    zh = lang == "zh"
    bans = []
    windows = plan.conditions.get("peak_bans", ()) if wet else ()
    peaks = [f"{iso_clock(start)}–{iso_clock(end)}" for start, end in windows]
    if peaks:
        times = ("、" if zh else ", ").join(peaks)
        bans.append(f"高峰禁止湿式作业：{times}" if zh else f"No wet work in the peaks: {times}")
    streets = sorted({row.place for row in rows if row.one_way})
    if streets:
        listed = ("、" if zh else ", ").join(streets)
        bans.append(f"单行路段，严禁逆行：{listed}" if zh else f"One-way, keep direction: {listed}")
    return tuple(bans)


def foot_bans(plan: DayPlan, on_foot: bool, lang: str) -> tuple[str, ...]:
    """The hours in which who walks must not be out."""
    windows = plan.conditions.get("foot_ban", ()) if on_foot else ()
    hours = [f"{iso_clock(start)}–{iso_clock(end)}" for start, end in windows]
    if not hours:
        return ()
    zh = lang == "zh"
    listed = ("、" if zh else ", ").join(hours)
    return ((f"高温停止步行作业：{listed}" if zh else f"Too hot, not on foot: {listed}"),)
