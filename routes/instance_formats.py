"""The text formats of public benchmark instances -> Instance; streets here, stops apart.

Streets: the CARP format of gdb, kshs, val, egl, BMCV (Spanish header) and the mixed format of
mval, Lpr and, with facilities and a time limit, of Willemse & Joubert (English header). They
differ in words alone, so one reader knows both. Counts in the header are not used: files are
known whose counts are wrong while the lists are right.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import NoReturn

from routes.instance_model import LARGEST, Instance, InstanceError, Street
from routes.instance_stops import parse_stops

_HEADERS = {
    "CAPACIDAD": "capacity", "CAPACITY": "capacity",
    "DEPOSITO": "depot", "DEPOT": "depot",
    "DUMPING_COST": "dump_cost", "MAX_TRIP": "max_trip", "DUMPING_SITES": "facilities",
}  # fmt: skip
_LISTS = {  # heading: (required, one-way, the numbers of a line)
    "LISTA_ARISTAS_REQ": (True, False, ("coste", "demanda")),
    "LISTA_ARISTAS_NOREQ": (False, False, ("coste",)),
    "LIST_REQ_EDGES": (True, False, ("serv_cost", "trav_cost", "demand")),
    "LIST_NOREQ_EDGES": (False, False, ("cost",)),
    "LIST_REQ_ARCS": (True, True, ("serv_cost", "trav_cost", "demand")),
    "LIST_NOREQ_ARCS": (False, True, ("cost",)),
}
_STREET = re.compile(r"\(\s*(\S+?)\s*,\s*(\S+?)\s*\)\s*(.*)")
_INTEGER = re.compile(r"[+-]?\d{1,18}")


def parse_instance(text: str, file: str, name: str, set_name: str) -> Instance:
    """The instance in a text, whichever format it has.

    Args:
        text: the whole file.
        file: what errors call it.
        name, set_name: as in Instance.

    Raises:
        InstanceError: it is none of the formats, or something in it is wrong.
    """
    lines = [(at, line.strip()) for at, line in enumerate(text.splitlines(), start=1)]
    lines = [(at, line) for at, line in lines if line]
    if any(_key(line) in _LISTS for _, line in lines):
        return _Streets(file).read(lines, name, set_name)
    if any(line.startswith("Stop_ID") for _, line in lines):
        return parse_stops(lines, file, name, set_name)
    raise InstanceError(
        f"{file}: no benchmark instance that is known here",
        "expected a CARP file (LISTA_ARISTAS_REQ), a mixed CARP file (LIST_REQ_EDGES or "
        "LIST_REQ_ARCS) or a waste-collection file (a line Stop_ID ...)",
    )


def _key(line: str) -> str:
    return "" if line.startswith("(") else line.partition(":")[0].strip()


@dataclass(slots=True)
class _Streets:
    """Reads the formats of streets line by line, and remembers where things stood for errors."""

    file: str
    found: dict[str, list[int]] = field(default_factory=dict)
    where: dict[str, int] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    rows: list[tuple[int, bool, Street]] = field(default_factory=list)  # with node numbers

    def wrong(self, at: int, text: str, hint: str) -> NoReturn:
        raise InstanceError(f"{self.file}:{at}: {text}", hint)

    def read(self, lines: list[tuple[int, str]], name: str, set_name: str) -> Instance:
        heading = ""
        for at, line in lines:
            if line.startswith("("):
                self.street(at, line, heading)
            elif ":" not in line:
                self.wrong(
                    at, f"neither a header nor a street: {line[:40]!r}",
                    "a header is KEY : value, a street begins with ( a, b)",
                )  # fmt: skip
            else:
                key = _key(line)
                heading = key if key in _LISTS else ""
                self.header(at, key, line.partition(":")[2].strip())
        return self.instance(name, set_name)

    def header(self, at: int, key: str, value: str) -> None:
        self.keys.append(key)
        what = _HEADERS.get(key)
        if what is None:
            return
        if what in self.found:
            self.wrong(at, f"{key} is given a second time", "keep one of the two lines")
        parts = value.split(",") if what == "facilities" else [value]
        numbers = [self.number(at, key, part.strip()) for part in parts]
        if what not in ("depot", "facilities") and numbers[0] < (what != "dump_cost"):
            self.wrong(at, f"{key} is {numbers[0]}", "give a positive whole number")
        self.found[what], self.where[what] = numbers, at

    def number(self, at: int, what: str, text: str) -> int:
        if not _INTEGER.fullmatch(text) or abs(int(text)) > LARGEST:
            self.wrong(
                at, f"{what} is {text[:40]!r}", f"give a whole number up to {LARGEST} in size"
            )
        return int(text)

    def street(self, at: int, line: str, heading: str) -> None:
        if not heading:
            lists = ", ".join(_LISTS)
            self.wrong(at, "a street outside of a list", f"begin its list with one of {lists}")
        required, oneway, words = _LISTS[heading]
        shape = "( a, b) " + " ".join(f"{word} n" for word in words)
        match = _STREET.fullmatch(line)
        tokens = match[3].split() if match else []
        given = ["trav_cost" if token == "trave_cost" else token for token in tokens[::2]]
        if match is None or given != list(words) or len(tokens) != 2 * len(words):
            self.wrong(at, f"a street that cannot be read: {line[:60]!r}", f"write {shape}")
        a, b = (self.number(at, "a node", match[k]) for k in (1, 2))
        values = [
            self.number(at, word, text) for word, text in zip(words, tokens[1::2], strict=True)
        ]
        for word, value in zip(words, values, strict=True):
            if value < 0:
                self.wrong(at, f"{word} is {value}", "give a number that is not negative")
        # service, then travel where it differs, then demand where there is one
        travel = values[1] if len(values) == 3 else values[0]
        street = Street(a, b, values[0], travel, values[-1] if required else 0, oneway)
        self.rows.append((at, required, street))

    def instance(self, name: str, set_name: str) -> Instance:
        spanish = any(key.startswith("LISTA_") for key in self.keys)
        for what, key in (
            ("capacity", "CAPACIDAD" if spanish else "CAPACITY"),
            ("depot", "DEPOSITO" if spanish else "DEPOT"),
        ):
            if what not in self.found:
                near = difflib.get_close_matches(key, self.keys, n=1)
                seen = f"; did you mean it by {near[0]}?" if near else "; is the file complete?"
                raise InstanceError(f"{self.file}: no line {key}", f"add {key} : number{seen}")
        numbers = {row.a for *_, row in self.rows} | {row.b for *_, row in self.rows}
        for what in ("depot", "facilities"):
            for number in self.found.get(what, []):
                if number not in numbers:
                    word = "depot" if what == "depot" else "dumping site"
                    self.wrong(
                        self.where[what], f"the {word} {number} is on no street",
                        "give the number of a node that a street leads to",
                    )  # fmt: skip
        nodes = tuple(sorted(numbers))
        index = {number: at for at, number in enumerate(nodes)}
        rows = [
            (at, needed, Street(index[s.a], index[s.b], s.service, s.travel, s.demand, s.oneway))
            for at, needed, s in self.rows
        ]
        # edges before arcs, whatever the order of the lists; sorting keeps the order in each
        required = sorted(((at, s) for at, needed, s in rows if needed), key=lambda r: r[1].oneway)
        if not required:
            raise InstanceError(f"{self.file}: no street to serve", "list at least one")
        instance = Instance(
            name=name,
            set_name=set_name,
            nodes=nodes,
            depot=index[self.found["depot"][0]],
            capacity=self.found["capacity"][0],
            required=tuple(s for _, s in required),
            links=tuple(s for _, needed, s in rows if not needed),
            facilities=tuple(index[number] for number in self.found.get("facilities", [])),
            dump_cost=self.found.get("dump_cost", [0])[0],
            max_trip=self.found["max_trip"][0] if "max_trip" in self.found else None,
        )
        self.check(instance, [at for at, _ in required])
        return instance

    def check(self, instance: Instance, lines: list[int]) -> None:
        """No answer exists where a street cannot be reached or does not fit into a vehicle."""
        streets = (*instance.required, *instance.links)
        if sum(s.service + s.travel for s in streets) > LARGEST:
            raise InstanceError(
                f"{self.file}: all costs together are above {LARGEST}", "use a larger unit"
            )
        onward: list[list[int]] = [[] for _ in instance.nodes]
        back: list[list[int]] = [[] for _ in instance.nodes]
        for s in streets:
            for a, b in ((s.a, s.b),) if s.oneway else ((s.a, s.b), (s.b, s.a)):
                onward[a].append(b)
                back[b].append(a)
        reached, returns = (_closure(instance.depot, ways) for ways in (onward, back))
        for at, s in zip(lines, instance.required, strict=True):
            a, b = instance.nodes[s.a], instance.nodes[s.b]
            if s.demand > instance.capacity:
                self.wrong(
                    at, f"the demand {s.demand} is above the capacity {instance.capacity}",
                    "cut the street into parts or give a larger capacity",
                )  # fmt: skip
            if s.a not in reached or s.b not in returns:
                self.wrong(
                    at, f"the depot has no way to and back from street ({a}, {b})",
                    "add the missing streets, or correct the depot",
                )  # fmt: skip
        for f in instance.facilities:
            if f not in reached or f not in returns:
                self.wrong(
                    self.where["facilities"],
                    f"the depot has no way to and back from dumping site {instance.nodes[f]}",
                    "add the missing streets, or correct the site",
                )


def _closure(start: int, ways: list[list[int]]) -> set[int]:
    seen, todo = {start}, [start]
    while todo:
        for node in ways[todo.pop()]:
            if node not in seen:
                seen.add(node)
                todo.append(node)
    return seen
