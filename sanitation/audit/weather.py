"""What the day's weather allows, worked out anew from the temperatures the plan records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fleet.model import Shift
from sanitation.audit.rows import PlanRows

HOUR_S = 3600
LEVELS = ("yellow", "orange", "red")  # of pollution alerts with rows of their own
Span = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Weather:
    """One day's weather as the rules see it.

    Attributes:
        season: warm within the washing season, else cold.
        stopped: rain or snow where weather or an alert stops wet work all day, else "".
        active: conditions of the standards table that hold, ``plain`` among them.
        cut: shift -> the rules that leave it less wet time than it is worth going out for.
        peaks: the peak bans, seconds of the day.
        foot_bans: hours in which heat forbids work on foot, seconds of the day.
    """

    rules: Mapping[str, float]
    season: str
    stopped: str
    hourly_c: Mapping[int, float]
    peaks: tuple[Span, ...]
    foot_bans: tuple[Span, ...] = ()
    active: frozenset[str] = frozenset()
    cut: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def lowest_c(self, hour: int) -> float:
        """Lowest temperature of an hour: that of its colder end; beyond the day the nearest."""
        known = self.hourly_c
        ends = (min(max(end, min(known)), max(known)) for end in (hour, hour + 1))
        return min(known[end] for end in ends)

    def wet_reasons(self, hour: int) -> frozenset[str]:
        """Every rule that forbids wet work in an hour: season, rain, snow, cold, cold_midday."""
        reasons = {"season"} if self.season == "cold" else set()
        if self.stopped:
            reasons.add(self.stopped)
        lowest_c = self.lowest_c(hour)
        midday = self.rules["wet_midday_start_h"] <= hour < self.rules["wet_midday_end_h"]
        if lowest_c < self.rules["wet_min_c"]:
            reasons.add("cold")
        elif lowest_c < self.rules["wet_midday_c"] and not midday:
            reasons.add("cold_midday")
        return frozenset(reasons)

    def wet_spans(self, start_s: int, end_s: int, *, peaks: bool) -> list[Span]:
        """Where in [start_s, end_s) wet work is allowed, merged; ``peaks`` cuts the peaks out."""
        spans: list[Span] = []
        for hour in range(start_s // HOUR_S, -(-end_s // HOUR_S)):
            if self.wet_reasons(hour):
                continue
            low, high = max(start_s, hour * HOUR_S), min(end_s, (hour + 1) * HOUR_S)
            if spans and spans[-1][1] == low:
                low = spans.pop()[0]
            spans.append((low, high))
        for ban_start, ban_end in self.peaks if peaks else ():
            spans = [
                piece
                for low, high in spans
                for piece in ((low, min(high, ban_start)), (max(low, ban_end), high))
                if piece[0] < piece[1]
            ]
        return spans

    def in_shift(self, shift: Shift) -> frozenset[str]:
        """Every rule that forbids wet work in some hour of a shift."""
        hours = range(shift.start_s // HOUR_S, -(-shift.end_s // HOUR_S))
        return frozenset(reason for hour in hours for reason in self.wet_reasons(hour))

    def is_cut(self, shift: Shift) -> bool:
        """Whether the longest wet piece of a shift is shorter than it is worth going out for."""
        spans = self.wet_spans(shift.start_s, shift.end_s, peaks=False)
        longest = max((high - low for low, high in spans), default=0)
        return longest == 0 or longest < shift.min_window_s


def read_weather(
    rows: PlanRows,
    rules: Mapping[str, float],
    shifts: Mapping[str, Shift],
    sweep_shifts: frozenset[str],
) -> Weather:
    """The weather of a plan's date from what the plan records, by the district's rules.

    Args:
        sweep_shifts: shifts with a dry sweep for days when cold or season cuts their wet work.
    """
    mmdd = rows.day.month * 100 + rows.day.day
    warm = rules["season_start_mmdd"] <= mmdd <= rules["season_end_mmdd"]
    kinds = {kind for kind, _ in rows.alerts}
    snow, rain = rows.weather == "snow" or "snow" in kinds, rows.weather == "rain"
    active = {"plain"} | ({"event"} if rows.event else set())
    if rows.tmax_c >= rules["heat_c"] or "heat" in kinds:
        active.add("heat")
    # A level's rows say all that is due on such a day, so only the highest counts.
    levels = [level for kind, level in rows.alerts if kind == "pollution" and level in LEVELS]
    if levels:
        active.add(f"pollution_{max(levels, key=LEVELS.index)}")
    peaks = tuple(
        (round(rules[f"peak_{half}_start_h"] * HOUR_S), round(rules[f"peak_{half}_end_h"] * HOUR_S))
        for half in ("am", "pm")
    )
    day = Weather(
        rules=rules,
        season="warm" if warm else "cold",
        stopped="snow" if snow else "rain" if rain or "rainstorm" in kinds else "",
        hourly_c=rows.hourly_c,
        peaks=tuple((low, high) for low, high in peaks if low < high),
        foot_bans=_foot_bans(rows, rules),
    )
    cut = {key: day.in_shift(shift) for key, shift in shifts.items() if day.is_cut(shift)}
    # Within the season rain and snow come before cold: nothing is swept in place of what they
    # stop. Out of season the dry sweep is due all the same (and suspended, if streets are wet).
    if sweep_shifts & cut.keys() and (day.season == "cold" or not day.stopped):
        active.add("cold_sweep")
    return replace(day, active=frozenset(active), cut=cut)


def _foot_bans(rows: PlanRows, rules: Mapping[str, float]) -> tuple[Span, ...]:
    """06:00-20:00 from the degrees of ``foot_stop_c`` on or at a red alert; 12:00-15:00 from those
    of ``foot_ban_c`` on."""
    if rows.tmax_c >= rules["foot_stop_c"] or ("heat", "red") in rows.alerts:
        return ((6 * HOUR_S, 20 * HOUR_S),)
    return ((12 * HOUR_S, 15 * HOUR_S),) if rows.tmax_c >= rules["foot_ban_c"] else ()
