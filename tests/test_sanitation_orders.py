"""The dispatcher's orders: reading them, and carrying them out on the duties."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from minidistrict import mini_sections, write_minidistrict

from sanitation.conditions import conditions_of
from sanitation.district import read_district
from sanitation.duties import duties_of
from sanitation.errors import TableError
from sanitation.model import District, Duty, Suspended, Window
from sanitation.orders import Order, Outcome, apply_to_duties, read_orders

Read = Callable[..., tuple[Order, ...]]
SECTIONS = mini_sections()
HEADER = "order,target,vehicle,shift,minutes,note"


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return read_district(write_minidistrict(tmp_path_factory.mktemp("orders") / "mini"))


@pytest.fixture
def read(district: District, tmp_path: Path) -> Read:
    """Reads orders from lines of CSV."""

    def from_lines(*lines: str, header: str = HEADER) -> tuple[Order, ...]:
        file = tmp_path / "orders.csv"
        file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return read_orders(file, district, SECTIONS)

    return from_lines


def carry_out(
    district: District, orders: tuple[Order, ...], date: str = "2026-07-15", **weather: object
) -> tuple[dict[str, Duty], dict[str, Suspended], tuple[Outcome, ...]]:
    conditions = conditions_of(date, district, **weather)  # type: ignore[arg-type]
    due, suspended = duties_of(district, conditions, SECTIONS)
    due, suspended, outcomes = apply_to_duties(
        orders, due, suspended, SECTIONS, district, conditions
    )
    return {d.id: d for d in due}, {e.duty.id: e for e in suspended}, outcomes


def test_every_kind_is_read(read: Read) -> None:
    """Names are resolved: plates to vehicles, road names to roads, roads and pairs to sections."""
    orders = read(
        "truck_off,样A0002,,,,in the workshop",
        "driver_off,P3,,,,",
        "road_closed,中央大道,,,,works",
        "pin,R1-01F,W3,night,,",
        "extra_wash,R6,,,,",
        "leave_out,R5-02,,,,",
        "first,R3,,night,,",
        "overtime,,W1,night,60,",
        "overtime,,,day,30,",
    )
    assert orders[0] == Order(2, "truck_off", "样A0002", ("W2",), note="in the workshop")
    assert orders[1].ids == ("P3",)
    assert orders[2].ids == ("R2",)
    assert (orders[3].ids, orders[3].vehicle, orders[3].shift) == (("R1-01F",), "W3", "night")
    assert (orders[4].ids, orders[4].shift) == (("R6-01F", "R6-02F"), "day")
    assert orders[5].ids == ("R5-02B", "R5-02F")
    assert orders[6].ids == ("R3-01B", "R3-01F", "R3-02B", "R3-02F")
    assert (orders[7].vehicle, orders[7].minutes) == ("W1", 60)
    assert (orders[8].vehicle, orders[8].shift) == ("", "day")


def test_chinese_kinds_and_headers(read: Read) -> None:
    """What a dispatcher types in Chinese means the same, full-width letters and all."""
    orders = read(
        "车辆停驶,Ｗ２,,,,",
        "人员请假,驾驶员3,,,,",
        "道路封闭,南街,,,,",
        "固定路段,R1-01,W1,夜班,,",
        "延时,,,白班,４５,",
        header="指令,对象,车辆,班次,分钟,备注",
    )
    assert [order.kind for order in orders] == [
        "truck_off",
        "driver_off",
        "road_closed",
        "pin",
        "overtime",
    ]
    assert [order.ids for order in orders[:3]] == [("W2",), ("P3",), ("R3",)]
    assert (orders[3].ids, orders[3].shift) == (("R1-01B", "R1-01F"), "night")
    assert (orders[4].shift, orders[4].minutes) == ("day", 45)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("truck_of,W1,,,,", "orders.csv:2: order: is no kind of order (value 'truck_of'); did you"),
        (",W1,,,,", "orders.csv:2: order: is empty"),
        ("truck_off,W11,,,,", "target: is no vehicle of the district (value 'W11'); did you mean"),
        ("truck_off,,,,,", "orders.csv:2: target: is empty (value ''); truck_off needs a vehicle"),
        ("driver_off,W1,,,,", "orders.csv:2: target: is no driver of the district (value 'W1')"),
        ("road_closed,中央道,,,,", "(value '中央道'); did you mean '中央大道'?"),
        ("road_closed,R1-01F,,,,", "orders.csv:2: target: is no road of the district"),
        ("pin,R1-01F,,,,", "orders.csv:2: vehicle: is empty (value ''); pin needs the truck"),
        ("pin,R1,W1,,,", "orders.csv:2: target: is no section or pair of the district"),
        ("pin,R1-01F,W9,,,", "orders.csv:2: vehicle: is no vehicle of the district (value 'W9')"),
        ("first,R9,,,,", "is no section or pair or road of the district (value 'R9'); did"),
        ("extra_wash,R1,,dya,,", "orders.csv:2: shift: is no shift of the district (value 'dya')"),
        ("overtime,,,,60,", "orders.csv:2: shift: is empty (value ''); overtime needs the shift"),
        ("overtime,,,day,,", "orders.csv:2: minutes: is empty (value '')"),
        ("overtime,,,day,1.5,", "orders.csv:2: minutes: is not a whole number (value '1.5')"),
        ("overtime,,,day,600,", "minutes: is outside 1 to 180 min (value '600')"),
        ("truck_off,W1,,,,,W2", "orders.csv:2: has 7 cells, the header has 6"),
    ],
)
def test_faulty_orders(read: Read, line: str, told: str) -> None:
    """Every fault says file, line, column, value and the way out."""
    with pytest.raises(TableError) as caught:
        read(line)
    assert told in caught.value.message
    assert len(caught.value.problems) == 1


def test_all_faults_at_once(read: Read) -> None:
    """Three faulty orders of four are told together; a wrong header on its own."""
    with pytest.raises(TableError) as caught:
        read("truck_off,W9,,,,", "truck_off,W1,,,,", "pin,R9-09,,x,,", "fly,R1,,,,")
    found = [(p.row, p.column) for p in caught.value.problems]
    assert found == [(2, "target"), (4, "target"), (4, "shift"), (4, "vehicle"), (5, "order")]
    with pytest.raises(TableError, match="order: the column is missing; did you mean 'orders'"):
        read("truck_off,W1", header="orders,target")


def test_commas_at_the_end_may_be_left_out(read: Read) -> None:
    """Orders are typed by hand: a line that stops early has empty cells."""
    assert read("truck_off,W1") == read("truck_off,W1,,,,")


def test_no_orders(read: Read) -> None:
    """A file with a header only is a day without orders."""
    assert read() == ()


def test_road_closed(district: District, read: Read) -> None:
    """All of the arterial's 36 passes are suspended by the order, nothing else changes."""
    before, _, _ = carry_out(district, ())
    due, suspended, outcomes = carry_out(district, read("road_closed,R2,,,,"))
    gone = {key for key, duty in before.items() if duty.road_id == "R2"}
    assert set(suspended) == gone
    assert set(due) == set(before) - gone
    # Wash: 8 at night, 16 by day; sprinkling: 3 rounds of 4 sections.
    assert len(gone) == 8 + 16 + 12
    assert {entry.rule for entry in suspended.values()} == {"order"}
    assert "道路封闭 R2" in suspended["wash/night/R2-01F/r1p1"].text
    assert [(o.result, o.reason) for o in outcomes] == [("obeyed", "36 passes suspended")]


def test_leave_out_a_shift_only(district: District, read: Read) -> None:
    """A pair left out at night keeps its day wash."""
    due, suspended, _ = carry_out(district, read("leave_out,R5-01,,night,,"))
    assert set(suspended) == {"wash/night/R5-01F/r1p1", "wash/night/R5-01B/r1p1"}
    assert "wash/day/R5-01F/r1p1" in due


def test_extra_wash(district: District, read: Read) -> None:
    """A branch road without a day wash gets round 1; a secondary road with one gets round 2."""
    due, _, outcomes = carry_out(district, read("extra_wash,R1,,,,", "extra_wash,R5-01F,,,,"))
    extra = [due[f"wash/day/R1-{section}/r1p1"] for section in ("01F", "01B", "02F", "02B")]
    assert {duty.windows for duty in extra} == {(Window(32_400, 59_400),)}
    assert due["wash/day/R5-01F/r2p1"].length_m == 400
    assert "wash/day/R5-01B/r2p1" not in due
    assert [(o.result, o.reason) for o in outcomes] == [
        ("obeyed", "4 passes added in shift day"),
        ("obeyed", "1 pass added in shift day"),
    ]


@pytest.mark.parametrize(
    ("date", "weather", "reason"),
    [
        ("2026-07-15", {"weather": "rain"}, "in rain"),
        ("2026-01-15", {}, "outside the washing season"),
        ("2026-03-20", {"tmin_c": -5, "tmax_c": 3}, "too cold for wet work"),
    ],
)
def test_extra_wash_refused_by_the_weather(
    district: District, read: Read, date: str, weather: dict[str, object], reason: str
) -> None:
    """An order does not stand above the frost: refused, and said why."""
    due, _, outcomes = carry_out(district, read("extra_wash,R1,,,,"), date, **weather)
    assert not [key for key in due if key.startswith("wash/day/R1")]
    assert outcomes[0].result == "refused"
    assert reason in outcomes[0].reason


def test_a_closed_road_is_not_washed_extra(district: District, read: Read) -> None:
    """The closure wins wherever it stands in the file, and is named."""
    orders = read("extra_wash,R1,,,,", "first,R1,,,,", "road_closed,R1,,,,")
    due, _, outcomes = carry_out(district, orders)
    assert not [duty for duty in due.values() if duty.road_id == "R1"]
    assert [(o.order.kind, o.result) for o in outcomes] == [
        ("extra_wash", "refused"),
        ("first", "refused"),
        ("road_closed", "obeyed"),
    ]
    assert outcomes[0].reason == "road_closed (line 4)"
    assert "道路封闭" in outcomes[1].reason


def test_first(district: District, read: Read) -> None:
    """A grade 4 road ordered first stands above every other duty, the arterial's included."""
    due, _, outcomes = carry_out(district, read("first,南街,,,,"))
    ordered = [duty.priority for duty in due.values() if duty.road_id == "R3"]
    others = [duty.priority for duty in due.values() if duty.road_id != "R3"]
    assert min(ordered) > max(others)
    assert outcomes[0].reason == "4 passes put first"


def test_orders_for_the_planner_leave_the_duties(district: District, read: Read) -> None:
    """Trucks, drivers, pins and overtime change no duty here and have no outcome yet."""
    orders = read("truck_off,W1,,,,", "driver_off,P1,,,,", "pin,R1-01,W2,,,", "overtime,,,day,30,")
    assert carry_out(district, orders) == carry_out(district, ())
