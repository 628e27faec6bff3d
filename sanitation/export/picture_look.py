"""What the parts of a plan's picture have in common: colours, words, and what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sanitation.export.handout import Handout
from sanitation.export.labels import LANGS, clock, word
from sanitation.model import Run

# Of pictures and of the page: apart in lightness where red-green blindness takes the hue (bins and
# toilets, collection and haulage).
SERVICE_COLOURS: Mapping[str, str] = {
    "wash": "#0072b2",
    "sprinkle": "#3f9fdc",
    "sweep": "#4d4d4d",
    "collect": "#d98500",
    "haul": "#c44e00",
    "toilet": "#cf6fa8",
    "septic": "#54400f",
    "bins": "#00684c",
}
OTHER_SERVICE = "#5f6caf"
# Colours of runs: strong on white and far apart; runs near each other get different ones.
RUN_COLOURS = (
    *("#d62728", "#1f5fbf", "#2a9134", "#e07b00", "#7b2fa8", "#00939c", "#8c4a1f", "#d81b90"),
    *("#6b7a00", "#3b2fd0", "#7a0026", "#4a6274", "#e8a800", "#00b4e6", "#ff6f61", "#9bbf1e"),
    *("#b57edc", "#000000", "#00d09c", "#c9a27e"),
)
# As the bins are coloured in China, darker: other waste grey, kitchen green, recyclables blue.
STREAM_COLOURS: Mapping[str, str] = {
    "residual": "#5d6d7e",
    "kitchen": "#2a9134",
    "recyclable": "#1f5fbf",
    "hazardous": "#d62728",
}
STREET, GRID, INK = "#d9d9d9", "#e6e6e6", "#222222"
MOST_NAMED = 60  # runs that still have room for their names
_WORDS: Mapping[str, tuple[str, str]] = {
    "runs": ("班次", "runs"),
    "timetable": ("班次时间", "Runs over the day"),
    "bans_shaded": ("（阴影：高峰禁行）", " (shaded: peak ban)"),
    "work": ("作业", "work"),
    "way": ("空驶", "ways"),
    "outside": ("区外", "outside"),
    "fill": ("加水", "fill"),
    "dump": ("排污", "dump"),
    "unload": ("卸料", "unload"),
    "rest": ("休息", "rest"),
    "wait": ("等待", "wait"),
    "water": ("加水点：在用泊位 / 泊位", "Fill points: bays in use / bays"),
    "bays": ("泊位", "bays"),
    "total_m3": ("累计加水 m³", "water taken, m³"),
    "containers": (
        "转运站容器存量（标注：最高 / 容量）",
        "Station containers: stock (named: most / room)",
    ),
    "tonnes_in": ("各站进站吨数", "Tonnes brought to each station"),
    "tank": ("车上水量 m³", "On board, m³"),
    "clean": ("清水", "clean water"),
    "dirty": ("污水", "dirty water"),
    "load": ("车载累计 t", "On board, t"),
    "site": ("作业点", "site"),
    "depot": ("停车场", "depot"),
    "fill_point": ("加水点", "fill point"),
    "dump_point": ("排污点", "dump point"),
    "station": ("转运站", "station"),
    "credit": (
        "路网 © OpenStreetMap contributors, ODbL",
        "streets © OpenStreetMap contributors, ODbL",
    ),
    "no_runs": ("无班次", "no runs"),
}


def said(key: str, lang: str) -> str:
    """A word of the picture: its own, else that of :mod:`sanitation.export.labels`."""
    pair = _WORDS.get(key)
    return word(key, lang) if pair is None else pair[LANGS.index(lang)]


@dataclass(frozen=True, eq=False)
class Shown:
    """What is drawn: some runs of a plan, all of it beside them, and the hours they take.

    ``from_s`` and ``to_s`` are whole hours.
    """

    handout: Handout
    runs: tuple[Run, ...]
    lang: str
    from_s: int
    to_s: int

    def shift_name(self, shift_id: str) -> str:
        """A shift in words; its id where the district has no such shift."""
        for shift in self.handout.district.shifts:
            if shift.id == shift_id:
                return shift.name if self.lang == "zh" else shift.name_en or shift.name
        return shift_id


def service_colour(service: str) -> str:
    return SERVICE_COLOURS.get(service, OTHER_SERVICE)


def hour_ticks(from_s: int, to_s: int) -> tuple[list[int], list[str]]:
    """Seconds of the ticks of a time axis, at most fourteen, and their clock times."""
    hours = (to_s - from_s) // 3600
    step = next(step for step in (1, 2, 3, 4, 6, 12, 24, 1_000_000) if hours <= 13 * step)
    ticks = [s for s in range(from_s, to_s + 1, 3600) if s % (3600 * step) == 0]
    return ticks, [clock(tick) for tick in ticks]
