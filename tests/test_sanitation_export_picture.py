"""`sanitation show --plot`: a plan, a shift or a run as one picture."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from export_town import COORDS, SECTIONS, WAY_NAMES, long_run, make_district, make_plan, short_run
from fontTools.ttLib import TTFont
from goodplan import good_plan
from minidistrict import write_minidistrict
from typer.testing import CliRunner
from waste_town import haul_run, waste_district, waste_plan

import cli
from sanitation.archive import plan_of, plan_text
from sanitation.balance import station_balance
from sanitation.errors import SanitationError, UsageError
from sanitation.export import fonts
from sanitation.export.handout import Handout, Street
from sanitation.export.picture import check_suffix, chosen, picture
from sanitation.export.picture_look import MOST_NAMED, Shown, hour_ticks
from sanitation.export.picture_map import _colours
from sanitation.export.picture_stock import (
    draw_containers,
    draw_tonnes,
    fills_of,
    in_use,
    stocks_of,
    stream_colours,
)
from sanitation.export.picture_time import groups_of, rows_of
from sanitation.model import DayPlan, District

HOUR = 3600
SVG = "{http://www.w3.org/2000/svg}"


def town(plan: DayPlan, district: District | None = None) -> Handout:
    streets = (Street(100, "芥园道", 0, tuple(sorted(COORDS)[:5])),)
    return Handout(plan, district or make_district(), SECTIONS, WAY_NAMES, COORDS, {}, streets)


@pytest.fixture
def waste() -> Handout:
    plan = waste_plan()
    rows = station_balance(waste_district(), plan.runs)
    return town(replace(plan, indicators={"stations": rows}), waste_district())


@pytest.mark.parametrize(
    ("suffix", "begins"),
    [(".png", b"\x89PNG\r\n"), (".svg", b"<?xml"), (".pdf", b"%PDF-")],
)
def test_kinds_of_files_and_same_bytes_twice(suffix: str, begins: bytes) -> None:
    """Right: the kind that the name says, twice the same, with no date of the day in it."""
    handout = town(make_plan())
    first, second = (picture(handout, handout.plan.runs, "zh", suffix) for _ in range(2))
    assert first.startswith(begins)
    assert first == second
    for stamp in (b"CreationDate", b"<dc:date>", b"tIME"):
        assert stamp not in first


def test_other_suffixes_are_refused() -> None:
    assert check_suffix(Path("a/PLAN.PNG")) == ".png"
    for name in ("plan.jpg", "plan", ".png"):
        with pytest.raises(UsageError) as refused:
            check_suffix(Path(name))
        assert ".png, .svg, .pdf" in refused.value.hint


def test_size_follows_what_there_is(waste: Handout) -> None:
    """Right: 18 inches wide at 110 a inch; with waste there is a panel more, so never lower."""
    data = picture(waste, waste.plan.runs, "zh", ".png")
    width, height = struct.unpack(">II", data[16:24])
    assert width == 1980
    assert height > 700


def test_chinese_is_drawn_without_a_system_font() -> None:
    """Right: every sign of the picture has its shape in the file: the SVG has glyphs of the font
    that is carried, and none is the box of a missing one."""
    handout = town(make_plan())
    root = ElementTree.fromstring(picture(handout, handout.plan.runs, "zh", ".svg"))
    glyphs = {element.attrib["id"] for element in root.iter(f"{SVG}path") if "id" in element.attrib}
    font = TTFont(fonts.font_file(), lazy=True)
    for sign in "模型数据洗路班次加水":
        number = font.getGlyphID(font.getBestCmap()[ord(sign)])
        assert number
        assert f"NotoSansCJKsc-Regular-{number:x}" in glyphs, sign
    assert "NotoSansCJKsc-Regular-0" not in glyphs


def test_missing_font_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Right: a sentence and what to install, not boxes."""
    monkeypatch.setattr(fonts, "find_spec", lambda _: None)
    with pytest.raises(SanitationError, match="is not installed") as missing:
        fonts.font_folder()
    assert "mpl-font" in missing.value.hint


def test_fonts_are_there() -> None:
    assert fonts.font_file().is_file()
    assert fonts.font_file(bold=True).name == fonts.BOLD


def test_hostile_names_are_drawn_as_they_are() -> None:
    """Right: dollars are no formula, signs that no font has are no fault, and mark-up and control
    characters do not break the XML of a SVG."""
    district = make_district()
    shift = replace(district.shifts[0], name="$x^{$ --> <b> 🚛\x0b\n=cmd " + "长" * 140)
    handout = town(make_plan(), replace(district, shifts=(shift,)))
    assert picture(handout, handout.plan.runs, "zh", ".png").startswith(b"\x89PNG")
    assert ElementTree.fromstring(picture(handout, handout.plan.runs, "zh", ".svg"))


def test_empty_plan_is_an_empty_map() -> None:
    handout = town(replace(make_plan(), runs=()))
    assert picture(handout, (), "en", ".png").startswith(b"\x89PNG")


def test_bays_in_use() -> None:
    """Right: 22:00-22:10 and 22:05-22:15 at one point: one, two, one, none."""
    assert in_use([(0, 600, 1), (300, 900, 1)]) == [(0, 1), (300, 2), (600, 1), (900, 0)]


def test_litres_of_fills() -> None:
    """Right: the three refills of the hand-made night: 8 blocks of 800 L are used before the
    first; each takes 660 s, and what they fill is what was gone."""
    handout = town(make_plan(long_run(), short_run()))
    fills = fills_of(handout.plan, -6 * HOUR, 30 * HOUR)
    assert list(fills) == ["F1"]
    assert [end_s - start_s for start_s, end_s, _ in fills["F1"]] == [660] * 3
    assert fills["F1"][0][2] == 8 * 800
    assert fills_of(handout.plan, 20 * HOUR, 30 * HOUR) == {}


def test_stock_of_the_stations(waste: Handout) -> None:
    """Right: Z1's residual waste: 14,000 kg at 00:00, 12,000 hauled at 05:15 (18,900 s), 2,030
    come at 19,480 s, 350 at 20,900 s, 3,000 hauled at 25,140 s."""
    stocks = {(row["station"], row["stream"]): steps for row, steps in stocks_of(waste.plan)}
    assert stocks["Z1", "residual"] == [
        (18_900, 2000), (19_480, 4030), (20_900, 4380), (25_140, 1380),
    ]  # fmt: skip
    # Nothing moves there, but there is some.
    assert stocks["Z1", "recyclable"] == []


def test_rows_of_the_timetable() -> None:
    """Right: groups by service, in the order of time; where bars are unnamed a small group has
    room for its own name: 61 washers, then one run of haulage."""
    washers = [replace(short_run(), id=f"W-{number}") for number in range(MOST_NAMED + 1)]
    groups = groups_of([haul_run(), *washers])
    assert [(begin, len(own)) for begin, own in groups] == [(0, 61), (61, 1)]
    assert groups[1][1][0].service == "haul"
    few = groups_of([haul_run(), haul_run(60)])
    assert [(begin, len(own)) for begin, own in few] == [(0, 2)]
    assert rows_of(few) == 2


def test_neighbours_have_different_colours() -> None:
    """Right: twenty runs in a row of places have twenty colours; the twenty-first has that of the
    farthest."""
    places = [(100.0 * number, 0.0) for number in range(21)]
    colours = _colours(places)
    assert len(set(colours[:20])) == 20
    assert colours[20] == colours[0]


def test_hours_on_the_axis() -> None:
    """Right: at most fourteen marks, at whole steps of the clock."""
    ticks, names = hour_ticks(-2 * HOUR, 24 * HOUR)
    assert names[:2] == ["22:00", "00:00"]
    assert len(ticks) == 14
    assert hour_ticks(0, HOUR)[1] == ["00:00", "01:00"]


def test_chosen_runs() -> None:
    handout = town(make_plan(long_run(), replace(short_run(), shift_id="day")))
    assert [run.id for run in chosen(handout, "", "")] == ["W-N-01", "W-N-02"]
    assert [run.id for run in chosen(handout, "", "day")] == ["W-N-02"]
    assert [run.id for run in chosen(handout, "W-N-01", "")] == ["W-N-01"]
    for run_id, shift_id, told in (("W-N-03", "", "run"), ("", "dya", "shift")):
        with pytest.raises(UsageError, match=f"no {told}"):
            chosen(handout, run_id, shift_id)


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    return write_minidistrict(tmp_path / "mini")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "plan.json"
    file.write_text(plan_text(plan_of(good_plan())), encoding="utf-8")
    return file


def show(*arguments: object) -> Any:
    return CliRunner().invoke(cli.app, ["show", *(str(argument) for argument in arguments)])


def test_command_draws_and_tells_where(plan: Path, mini: Path, tmp_path: Path) -> None:
    """Right: the file is there, its name alone on stdout; a run is another picture than a day."""
    day, one = tmp_path / "out" / "day.png", tmp_path / "one.svg"
    result = show(plan, "--plot", day, "--data", mini)
    assert (result.exit_code, result.stdout) == (0, f"{day}\n"), result.stderr
    assert day.read_bytes().startswith(b"\x89PNG")
    assert show(plan, "--plot", one, "--run", "N1", "--data", mini).exit_code == 0
    assert one.read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--plot", "x.jpg"), "no kind of picture"),
        (("--plot", "x.png", "--run", "N11"), "there is no run 'N11'"),
        (("--plot", "x.png", "--shift", "nihgt"), "did you mean"),
        (("--shift", "night"), "--shift: only a picture"),
    ],
)
def test_command_refuses(plan: Path, mini: Path, arguments: tuple[str, ...], told: str) -> None:
    """Right: exit 2, a sentence, no file."""
    result = show(plan, "--data", mini, *arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert not Path("x.png").exists()


def test_tonnes_of_a_station_by_stream(waste: Handout) -> None:
    """Right: bars stand on each other by stream, and the top of a station is what came in there;
    a stream that the glossary lacks has a colour of its own."""
    from matplotlib.figure import Figure

    plan = waste.plan
    rows = plan.indicators["stations"]
    rows = [*rows, {**rows[0], "stream": "glass", "in_kg": 3000}]
    shown = Shown(
        replace(waste, plan=replace(plan, indicators={"stations": rows})), plan.runs, "zh", 0, 86400
    )
    axes = Figure().subplots()
    draw_tonnes(axes, shown)
    tops: dict[int, float] = {}
    for bar in axes.patches:
        column = round(bar.get_x() + bar.get_width() / 2)
        tops[column] = max(tops.get(column, 0.0), bar.get_y() + bar.get_height())
    stations = sorted({row["station"] for row in rows})
    came = [sum(row["in_kg"] for row in rows if row["station"] == name) for name in stations]
    assert [tops[k] for k in range(len(stations))] == pytest.approx([kg / 1000 for kg in came])
    colours = stream_colours(shown.handout.plan)
    assert len(set(colours.values())) == len(colours) == len({row["stream"] for row in rows})


def test_stock_over_the_room_is_red(waste: Handout) -> None:
    """Right: with room for 1 kg nearly all of the stock is drawn above the band, in red."""
    from matplotlib.collections import PolyCollection
    from matplotlib.colors import to_hex
    from matplotlib.figure import Figure

    rows = [{**row, "room_kg": 1} for row in waste.plan.indicators["stations"]]
    plan = replace(waste.plan, indicators={"stations": rows})
    axes = Figure().subplots()
    draw_containers(axes, Shown(replace(waste, plan=plan), plan.runs, "zh", 0, 86400))
    areas = [area for area in axes.collections if isinstance(area, PolyCollection)]
    red = [area for area in areas if to_hex(area.get_facecolor()[0]) == "#c00000"]
    assert any(area.get_datalim(axes.transData).height > 1 for area in red)
