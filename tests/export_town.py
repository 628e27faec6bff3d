"""A small hand-made town for the tests of sheets and tables: five streets each way, 400 m apart."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from fleet.model import Depot, Driver, Shift, Vehicle, VehicleType
from sanitation.export import sheets
from sanitation.model import DayPlan, District, Road, Run, Section, Stop
from sanitation.places import DumpPoint, FillPoint

ACROSS = ("芥园道", "长江道", "黄河道", "鞍山西道", "复康路")  # west to east, from north to south
DOWN = ("密云路", "红旗路", "南丰路", "白堤路", "卫津路")  # north to south, from west to east
STREETS = ACROSS + DOWN
ONE_WAY = "R004"  # 鞍山西道 is driven west to east only
BLOCK_M = 400
WIDTH_M = 3.0
LITRES_PER_M = 2


def node(row: int, column: int) -> int:
    return 1000 + 10 * row + column


COORDS = {
    node(r, c): (117.14 + 0.00463 * c, 39.12 - 0.0036 * r) for r in range(5) for c in range(5)
}
WAY_NAMES = {100 + i: name for i, name in enumerate(STREETS)}


def way_of(a: int, b: int) -> int:
    """The way of a step: streets across are 100-104, streets down 105-109."""
    return 100 + (a - 1000) // 10 if a // 10 == b // 10 else 105 + a % 10


def make_sections() -> dict[str, Section]:
    """Four sections a street and direction, R001-01F ... R010-04B."""
    found = {}
    for street in range(10):
        road = f"R{street + 1:03d}"
        for block in range(4):
            ends = (STREETS[5 + block], STREETS[6 + block])
            if street >= 5:
                ends = (STREETS[block], STREETS[block + 1])
            for letter, direction in (("F", "forward"), ("B", "backward")):
                if letter == "B" and road == ONE_WAY:
                    continue
                pair = f"{road}-{block + 1:02d}"
                a, b = ends if letter == "F" else ends[::-1]
                found[pair + letter] = Section(
                    pair + letter, road, pair, direction, (), BLOCK_M, 9.0, 3, a, b
                )
    return found


SECTIONS = make_sections()


def make_district(first_road: str = "芥园道（密云路–卫津路）") -> District:
    names = (first_road, *STREETS[1:])
    return District(
        id="town",
        name="南开区",
        name_en="Nankai",
        utc_offset="+08:00",
        model=True,
        folder=Path(),
        digest="",
        roads=tuple(
            Road(f"R{i + 1:03d}", name, f"Street {i + 1}", "", "", "arterial", 1 + i % 4, False,
                 "x", 1600.0, 18.0, 6, 0.0, 1.0, (100 + i,), "model")
            for i, name in enumerate(names)
        ),
        subdistricts=(), toilets=(), stations=(), communities=(),
        depots=(Depot("D1", "西站停车场", *COORDS[node(0, 0)]),),
        fill_points=(FillPoint("F1", "长江道水鹤", "water_crane", *COORDS[node(2, 2)], 2, 15, 60,
                               "model"),),
        dump_points=(DumpPoint("P1", "黄河道排污点", *COORDS[node(2, 2)], 2, 600, "model"),),
        brine_stations=(), flood_spots=(),
        vehicle_types=(
            VehicleType("washer", "洗扫车", "washer-sweeper", ("wash",), {"wash": 5.0},
                        {"wash": WIDTH_M}, {"wash": 2.0}, 9000, 7500, 0.75, 1, 38, 12, 60),
        ),
        vehicles=(Vehicle("W01", "津A·样01", "washer", "D1", "in_service"),
                  Vehicle("W02", "津A·样02", "washer", "D1", "in_service")),
        drivers=(Driver("P01", "样例王", "driver", "D1", 0),
                 Driver("P02", "样例李", "driver", "D1", 1),
                 Driver("H01", "样例赵", "helper", "D1", 2)),
        shifts=(Shift("night", "夜班", "night", -5400, 23400, 7200),),
        standards=(), climate=(), rules={},
    )  # fmt: skip


class Drive:
    """Writes a run's stops: 1.4 m/s at work, 8 m/s between; the tanks are kept."""

    def __init__(self, start_s: int = -5400) -> None:
        self.time_s, self.clean, self.dirty = start_s, 9000, 0
        self.at = node(0, 0)
        self.stops: list[Stop] = []
        self.add("depart", 0, nodes=(self.at,), facility="D1")

    def add(self, kind: str, takes_s: int, **fields: object) -> None:
        start_s, self.time_s = self.time_s, self.time_s + takes_s
        self.stops.append(
            Stop(kind, start_s, self.time_s, water_l=self.clean, dirty_l=self.dirty, **fields)  # type: ignore[arg-type]
        )

    def go(self, *corners: tuple[int, int], kind: str = "travel", facility: str = "") -> None:
        """Drive by the corners, straight between them."""
        nodes = self._straight(corners)
        ways = tuple(way_of(a, b) for a, b in pairwise(nodes))
        metres = BLOCK_M * len(ways)
        self.at = nodes[-1]
        self.add(kind, metres // 8, nodes=nodes, ways=ways, length_m=metres, facility=facility)

    def serve(self, row: int, column: int, pass_no: int = 1, lane: int = 1) -> None:
        """Serve block by block in a straight line from where we are."""
        nodes = self._straight(((row, column),))
        for a, b in pairwise(nodes):
            street = way_of(a, b) - 100
            low = min(a, b)
            block = (low % 10 if street < 5 else (low - 1000) // 10) + 1
            section = f"R{street + 1:03d}-{block:02d}{'F' if a < b else 'B'}"
            self.clean -= LITRES_PER_M * BLOCK_M
            self.dirty += LITRES_PER_M * BLOCK_M * 3 // 4
            self.add("service", 288, nodes=(a, b), ways=(street + 100,), length_m=BLOCK_M,
                     duty_id=f"wash/night/{section}/r1p{pass_no}", section_id=section,
                     road_id=section[:4], pass_no=pass_no, round_no=1, lane=lane)  # fmt: skip
        self.at = nodes[-1]

    def water(self) -> None:
        self.dirty = 0
        self.add("dump", 600, nodes=(self.at,), facility="P1")
        self.clean = 9000
        self.add("fill", 660, nodes=(self.at,), facility="F1")

    def _straight(self, corners: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
        nodes = [self.at]
        for row, column in corners:
            goal = node(row, column)
            step = 10 if nodes[-1] % 10 == goal % 10 else 1
            while nodes[-1] != goal:
                nodes.append(nodes[-1] + (step if goal > nodes[-1] else -step))
        return tuple(nodes)

    def run(self, run_id: str, vehicle: str, driver: str) -> Run:
        return Run(run_id, "wash", "night", vehicle, driver, ("H01",), "D1",
                   self.stops[0].start_s, self.time_s, tuple(self.stops))  # fmt: skip


def long_run() -> Run:
    """A night's work: 32 blocks, three refills, a rest."""
    drive = Drive()
    drive.serve(0, 4)
    drive.serve(4, 4)
    drive.go((4, 2), (2, 2))
    drive.water()
    drive.go((2, 0))
    drive.serve(2, 4)
    drive.serve(2, 0, lane=1)
    drive.add("rest", 1200)
    drive.go((2, 2))
    drive.water()
    drive.go((4, 2), (4, 0))
    for column in (2, 0):
        drive.serve(4, column)
    drive.serve(4, 2, pass_no=2, lane=2)
    drive.go((2, 2))
    drive.water()
    drive.go((3, 2))
    drive.serve(3, 4)
    drive.go((2, 4), (2, 3), (0, 3))
    drive.serve(2, 3)
    for _ in range(3):
        drive.serve(2, 2)
        drive.serve(2, 3)
    drive.go((1, 3), (1, 4), (0, 4))
    drive.go((0, 0), kind="return", facility="D1")
    return drive.run("W-N-01", "W01", "P01")


def short_run() -> Run:
    """4 + 2 + 1 blocks, a way to them and one back: 7 blocks of work, 7 without."""
    drive = Drive()
    drive.go((1, 0))
    drive.serve(1, 4)
    drive.serve(3, 4)
    drive.serve(2, 4)
    drive.go((2, 0))
    drive.go((0, 0), kind="return", facility="D1")
    return drive.run("W-N-02", "W02", "P02")


def make_plan(*runs: Run) -> DayPlan:
    return DayPlan(
        date="2026-07-15",
        district_id="nankai",
        district_name="南开区",
        model=True,
        utc_offset="+08:00",
        seed=1,
        conditions={
            "weather": "clear",
            "tmin_c": 24.0,
            "tmax_c": 33.0,
            "alerts": [["pollution", "orange"]],
            "peak_bans": [
                ["2026-07-15T07:00:00+08:00", "2026-07-15T09:00:00+08:00"],
                ["2026-07-15T17:00:00+08:00", "2026-07-15T19:00:00+08:00"],
            ],
        },
        indicators={},
        runs=runs or (long_run(), short_run()),
        uncovered=(),
        suspended=(),
        violations=(),
    )


def make_sheets(plan: DayPlan, lang: str = "zh", **kwargs: object) -> tuple[sheets.Sheet, ...]:
    return sheets.build_sheets(
        plan, make_district(), SECTIONS, lang, way_names=WAY_NAMES, coords=COORDS,
        fuel_l={"W-N-01": 61.5}, **kwargs,  # type: ignore[arg-type]
    )  # fmt: skip
