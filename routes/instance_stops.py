"""The waste-collection instances of Kim, Kim & Sahoo -> Instance.

Waste collection vehicle routing problem with time windows, Computers & Operations Research
33(12), 2006, doi 10.1016/j.cor.2005.02.045. Five lines with the rules of the day, a line with the
names of the columns, then the depot, landfills and stops.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import NoReturn

from routes.instance_model import LARGEST, DayRules, Instance, InstanceError, Site

_YARD = 100  # loads are kept in hundredths of a yard
_MPH_FT_S = 5280 / 3600
_DEPOT, _STOP, _LANDFILL = 0, 1, 2
_RULES = (
    "vehicle capacity (yards)",
    "yards a day",
    "stops a day",
    "lunch (seconds)",
    "speed (miles an hour)",
)
_COLUMNS = (
    "Stop_ID", "X(feet)", "Y(feet)", "Early_St_Time", "Late_St_Time",
    "Svice_Time", "Load", "Stop_Type",
)  # fmt: skip


def parse_stops(lines: list[tuple[int, str]], file: str, name: str, set_name: str) -> Instance:
    """The instance in the lines of a file, each with its number; empty ones are left out.

    Raises:
        InstanceError: something in it is wrong.
    """
    return _Stops(file).read(lines, name, set_name)


@dataclass(frozen=True, slots=True)
class _Stops:
    file: str

    def wrong(self, at: int, text: str, hint: str) -> NoReturn:
        raise InstanceError(f"{self.file}:{at}: {text}", hint)

    def read(self, lines: list[tuple[int, str]], name: str, set_name: str) -> Instance:
        head = next(k for k, (_, line) in enumerate(lines) if line.startswith("Stop_ID"))
        if head != len(_RULES):
            self.wrong(
                lines[head][0], f"{head} lines before the columns", f"give {', '.join(_RULES)}"
            )
        capacity, day_load, day_stops, lunch, speed = (
            self.rule(at, what, line.split()[0])
            for what, (at, line) in zip(_RULES, lines, strict=False)
        )
        nodes: dict[int, int] = {}
        sites: list[Site] = []
        kinds: dict[int, list[int]] = {_DEPOT: [], _STOP: [], _LANDFILL: []}
        for at, line in lines[head + 1 :]:
            node, kind, site = self.site(at, line.split())
            if node in nodes:
                first = f"line {nodes[node]} has it too: give each its own"
                self.wrong(at, f"Stop_ID {node} is there a second time", first)
            if kind == _STOP and site.load > _YARD * min(capacity, day_load):
                self.wrong(
                    at, f"the load of {site.load / _YARD} yards is above what a vehicle may take",
                    "cut the stop into parts or give a larger capacity",
                )  # fmt: skip
            kinds[kind].append(len(nodes))
            nodes[node] = at
            sites.append(site)
        for kind, what in ((_DEPOT, "depot"), (_STOP, "stop"), (_LANDFILL, "landfill")):
            if not kinds[kind] or (kind == _DEPOT and len(kinds[kind]) > 1):
                raise InstanceError(
                    f"{self.file}: {len(kinds[kind])} lines of Stop_Type {kind}, {what}",
                    f"give {'exactly' if kind == _DEPOT else 'at least'} one",
                )
        return Instance(
            name=name,
            set_name=set_name,
            nodes=tuple(nodes),
            depot=kinds[_DEPOT][0],
            capacity=round(capacity * _YARD),
            facilities=tuple(kinds[_LANDFILL]),
            sites=tuple(sites),
            stops=tuple(kinds[_STOP]),
            day=DayRules(
                round(day_load * _YARD), int(day_stops), math.ceil(lunch), speed * _MPH_FT_S
            ),
        )

    def rule(self, at: int, what: str, text: str) -> float:
        value = self.number(at, what, text)
        if value <= 0:
            self.wrong(at, f"{what} is {text!r}", "give a number above 0")
        return value

    def site(self, at: int, cells: list[str]) -> tuple[int, int, Site]:
        """(id, type, site) of a line."""
        if len(cells) != len(_COLUMNS):
            self.wrong(at, f"{len(cells)} values in a line", f"give {', '.join(_COLUMNS)}")
        if not re.fullmatch(r"-?\d{1,18}", cells[0]):
            self.wrong(at, f"Stop_ID is {cells[0][:40]!r}", "give a whole number")
        if cells[7] not in ("0", "1", "2"):
            self.wrong(at, f"Stop_Type is {cells[7][:40]!r}", "0 depot, 1 stop, 2 landfill")
        kind = int(cells[7])
        x, y = (self.number(at, _COLUMNS[k], cells[k]) for k in (1, 2))
        opens, closes = (self.clock(at, _COLUMNS[k], cells[k]) for k in (3, 4))
        service, load = (self.number(at, _COLUMNS[k], cells[k]) for k in (5, 6))
        if opens > closes:
            self.wrong(at, f"opens at {cells[3]}, closes at {cells[4]}", "the earlier time first")
        for k, value in ((5, service), (6, load)):
            if value < 0:
                self.wrong(at, f"{_COLUMNS[k]} is {cells[k]}", "give a number not below 0")
        # the load of a depot or landfill, 9999, says that it takes anything
        amount = round(load * _YARD) if kind == _STOP else 0
        return int(cells[0]), kind, Site(x, y, opens, closes, math.ceil(service), amount)

    def number(self, at: int, what: str, text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not abs(value) <= LARGEST:
            self.wrong(at, f"{what} is {text[:40]!r}", f"give a number up to {LARGEST} in size")
        return value

    def clock(self, at: int, what: str, text: str) -> int:
        # Some files have 1675 or 0775: minutes beyond 59 run on into the next hour.
        if not re.fullmatch(r"\d{1,4}", text) or int(text) > 2400:
            self.wrong(at, f"{what} is {text[:40]!r}", "give a time as HHMM, 0000 to 2400")
        return int(text) // 100 * 3600 + int(text) % 100 * 60
