"""Times of one run: rows follow each other, take as long as they must, and keep the windows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sanitation.audit.bins import bins_s
from sanitation.audit.books import Books
from sanitation.audit.causes import clock, found
from sanitation.audit.drive import Driven
from sanitation.audit.rows import RunRow, StopRow
from sanitation.audit.sites import site_s, unload_s
from sanitation.audit.weather import HOUR_S
from sanitation.model import WET_SERVICES, Violation

TOLERANCE_S = 2.0
PADDED = 2.0  # a pass that takes more than so many times its time is padded
NIGHT_WASH_DONE_S = 23_400  # 06:30, Tianjin's rule of 2017


def judge_times(run: RunRow, books: Books, driven: Mapping[int, Driven]) -> Iterator[Violation]:
    """Gaps, speeds, shift, length of the run and rests."""
    yield from _gaps(run)
    water_l: float | None = None
    for stop in run.stops:
        yield from _speed(run, stop, books, driven, water_l)
        water_l = water_l if stop.water_l is None else stop.water_l
    yield from _shift(run, books)
    yield from _rests(run, books)


def _gaps(run: RunRow) -> Iterator[Violation]:
    clock_s = run.start_s
    for stop in run.stops:
        if stop.start_s != clock_s:
            yield found(
                "time_gap",
                run.id,
                stop.index,
                f"始于 {clock(stop.start_s)}，上一站止于 {clock(clock_s)}"
                f"（差 {stop.start_s - clock_s:+d} s）",
                f"begins {clock(stop.start_s)}, {stop.start_s - clock_s:+d} s from the end before "
                f"({clock(clock_s)})",
            )
        if stop.end_s < stop.start_s:
            yield found(
                "time_gap",
                run.id,
                stop.index,
                f"止于 {clock(stop.end_s)}，早于开始 {stop.start_s - stop.end_s} s",
                f"ends {stop.start_s - stop.end_s} s before it begins",
            )
        clock_s = stop.end_s
    if clock_s != run.end_s:
        yield found(
            "time_gap",
            run.id,
            len(run.stops) - 1,
            f"止于 {clock(clock_s)}，该趟止于 {clock(run.end_s)}",
            f"ends {clock(clock_s)}, but the run ends {clock(run.end_s)}",
        )


def _speed(
    run: RunRow,
    stop: StopRow,
    books: Books,
    driven: Mapping[int, Driven],
    water_before_l: float | None,
) -> Iterator[Violation]:
    took_s, least_s, most_s = stop.end_s - stop.start_s, 0.0, float("inf")
    kind = books.kind_of(run.vehicle)
    measured = driven.get(stop.index)
    if stop.kind in ("travel", "return") and measured:
        least_s = measured.least_s
        if kind and kind.kmh:
            # The metres of the plan are whole ones.
            least_s = max(least_s, (measured.length_m - 1) * 3.6 / kind.kmh)
    elif stop.kind == "service" and measured and kind:
        kmh = kind.work_kmh.get(f"{run.service}:{run.shift}") or kind.work_kmh.get(run.service)
        if kmh:
            least_s = measured.length_m * 3.6 / kmh + bins_s(run, stop, books)
            most_s = PADDED * least_s + TOLERANCE_S
    elif stop.kind == "fill" and stop.facility in books.fills:
        point = books.fills[stop.facility]
        known = stop.water_l is not None and water_before_l is not None
        litres = (stop.water_l or 0.0) - (water_before_l or 0.0) if known else 0.0
        least_s = point.connect_s + max(0.0, litres) / point.flow_l_per_s
    elif stop.kind == "dump" and stop.facility in books.dumps:
        least_s = float(books.dumps[stop.facility].service_s)
    elif stop.site and kind:
        least_s, padded = site_s(run, stop, books, kind)
        most_s = PADDED * least_s + TOLERANCE_S if padded else most_s
    elif stop.kind == "unload":
        least_s = unload_s(run, stop, books)
    if took_s < least_s - TOLERANCE_S:
        yield found(
            "too_fast",
            run.id,
            stop.index,
            f"{stop.kind} 用时 {took_s} s，至少需 {least_s:.0f} s",
            f"{stop.kind} takes {took_s} s, at least {least_s:.0f} s are needed",
        )
    elif took_s > most_s:
        yield found(
            "too_slow",
            run.id,
            stop.index,
            f"作业用时 {took_s} s，只需 {least_s:.0f} s",
            f"the work takes {took_s} s, it needs {least_s:.0f} s",
        )


def _overtime_s(run: RunRow, books: Books) -> int:
    return books.overtime_s(run.vehicle, run.shift)


def _shift(run: RunRow, books: Books) -> Iterator[Violation]:
    extra_s = _overtime_s(run, books)
    shift = books.shifts.get(run.shift)
    if shift and run.start_s < shift.start_s:
        yield found(
            "shift",
            run.id,
            -1,
            f"{clock(run.start_s)} 出车，班次 {shift.id} 于 {clock(shift.start_s)} 开始"
            f"（早 {shift.start_s - run.start_s} s）",
            f"departs {clock(run.start_s)}, {shift.start_s - run.start_s} s before shift "
            f"{shift.id} begins",
        )
    if shift and run.end_s > shift.end_s + extra_s:
        late_s = run.end_s - shift.end_s - extra_s
        yield found(
            "shift",
            run.id,
            -1,
            f"{clock(run.end_s)} 收车，超出班次 {shift.id} 的 {clock(shift.end_s)}"
            f"（晚 {late_s} s）",
            f"returns {clock(run.end_s)}, {late_s} s after shift {shift.id} ends",
        )
    over_s = run.end_s - run.start_s - int(books.rules["run_max_s"]) - extra_s
    if over_s > 0:
        yield found(
            "run_too_long",
            run.id,
            -1,
            f"历时 {run.end_s - run.start_s} s，超出 {over_s} s",
            f"lasts {run.end_s - run.start_s} s, {over_s} s more than allowed",
        )


def _rests(run: RunRow, books: Books) -> Iterator[Violation]:
    """No stretch between departure, rests that are long enough, and return may be too long."""
    longest_s, rest_s = books.rules["rest_after_s"], books.rules["rest_s"]
    since_s, short_s = run.start_s, 0
    for stop in run.stops:
        last = stop is run.stops[-1]
        took_s = stop.end_s - stop.start_s
        full = stop.kind == "rest" and took_s >= rest_s
        if stop.kind == "rest" and not full:
            short_s = max(short_s, took_s)
        if not full and not last:
            continue
        stretch_s = (stop.end_s if last else stop.start_s) - since_s
        if stretch_s > longest_s:
            zh = f"，其间只休息 {short_s} s（至少 {rest_s:.0f} s）" if short_s else ""
            en = f"; the rest of {short_s} s is below {rest_s:.0f} s" if short_s else ""
            yield found(
                "rest_missing",
                run.id,
                stop.index,
                f"自 {clock(since_s)} 连续工作 {stretch_s} s，"
                f"超出 {stretch_s - longest_s:.0f} s{zh}",
                f"{stretch_s} s without a rest since {clock(since_s)}, "
                f"{stretch_s - longest_s:.0f} s too long{en}",
            )
        since_s, short_s = stop.end_s, 0


def judge_wet(run: RunRow, books: Books) -> Iterator[Violation]:
    """Wet work only where weather, season and temperature allow it, and never in the peaks."""
    if run.service not in WET_SERVICES:
        return
    for stop in run.stops:
        if stop.kind != "service":
            continue
        for hour in range(stop.start_s // HOUR_S, -(-stop.end_s // HOUR_S)):
            if reasons := books.weather.wet_reasons(hour):
                names = ", ".join(sorted(reasons))
                lowest_c = books.weather.lowest_c(hour)
                yield found(
                    "wet_forbidden",
                    run.id,
                    stop.index,
                    f"{clock(stop.start_s)} 湿式作业，受限于 {names}（{lowest_c:.1f} °C）",
                    f"wet work at {clock(stop.start_s)}, forbidden by {names} ({lowest_c:.1f} °C)",
                )
                break
        for low, high in books.weather.peaks:
            inside_s = min(stop.end_s, high) - max(stop.start_s, low)
            if inside_s > 0:
                yield found(
                    "peak_ban",
                    run.id,
                    stop.index,
                    f"{clock(stop.start_s)}–{clock(stop.end_s)} 有 {inside_s} s 在高峰 "
                    f"{clock(low)}–{clock(high)} 内",
                    f"{inside_s} s of {clock(stop.start_s)}-{clock(stop.end_s)} are in the peak "
                    f"{clock(low)}-{clock(high)}",
                )


def outside(
    run: RunRow, stop: StopRow, books: Books, low_s: int, high_s: int
) -> Iterator[Violation]:
    """A service stop that is not inside its shift and its round's share of it."""
    shift = books.shifts[run.shift]
    extra_s = _overtime_s(run, books)
    if high_s >= shift.end_s:
        high_s += extra_s
    if run.service == "wash" and shift.start_s < 0:
        high_s = min(high_s, NIGHT_WASH_DONE_S + extra_s)
    early_s, late_s = low_s - stop.start_s, stop.end_s - high_s
    if early_s > 0 or late_s > 0:
        off_s = max(early_s, late_s)
        word = ("早", "early") if early_s > 0 else ("晚", "late")
        yield found(
            "window",
            run.id,
            stop.index,
            f"{clock(stop.start_s)}–{clock(stop.end_s)} 作业，第 {stop.round_no} 轮应在 "
            f"{clock(low_s)}–{clock(high_s)}（{word[0]} {off_s} s）",
            f"work {clock(stop.start_s)}-{clock(stop.end_s)}, round {stop.round_no} is due "
            f"{clock(low_s)}-{clock(high_s)} ({off_s} s {word[1]})",
        )
