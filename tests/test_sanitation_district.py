"""Reading a district: the good one, and every way a folder can be broken."""

from __future__ import annotations

import dataclasses
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from brokendistricts import BROKEN, DTD, R1, add, header_only, put, recode, remove, swap
from minidistrict import write_minidistrict

from routes.osm import CLASS_OF_HIGHWAY
from sanitation.counts import counts
from sanitation.district import embedded_folder, read_district
from sanitation.errors import MAX_SHOWN, DistrictError, UsageError
from sanitation.streets import DRIVEN


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    return write_minidistrict(tmp_path / "mini")


@pytest.mark.parametrize(("mutate", "told"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_broken_district(mini: Path, mutate: Callable[[Path], None], told: list[str]) -> None:
    """A folder broken in one way is refused with file, line, column, value and hint."""
    read_district(mini)
    mutate(mini)
    with pytest.raises(DistrictError) as caught:
        read_district(mini)
    assert caught.value.exit_code == 2
    for text in told:
        assert text in caught.value.message


def test_one_fault_is_one_problem(mini: Path) -> None:
    """A wrong cell is told once, not again by every check that would have used it."""
    swap("roads.csv", R1, R1.replace(",800,", ",NaN,"))(mini)
    swap("depots.csv", "117.160150,39.096553", "116.4,39.9")(mini)
    with pytest.raises(DistrictError) as caught:
        read_district(mini)
    assert [(p.file, p.row, p.column) for p in caught.value.problems] == [
        ("roads.csv", 2, "length_m"),
        ("depots.csv", 2, "lon, lat"),
    ]


def test_all_faults_of_all_files_at_once(mini: Path) -> None:
    """Ten faults in eight files come in one message."""
    remove("flood_spots.csv")(mini)
    recode("toilets.csv", "gbk")(mini)
    swap("roads.csv", R1, R1.replace(",800,8,", ",0.8,-8,"))(mini)
    add("roads.csv", R1.replace("101", "999"))(mini)
    swap("vehicles.csv", "washer,D1", "washer,D9")(mini)
    header_only("dump_points.csv")(mini)
    swap("shifts.csv", "-1d 22:30", "25:61")(mini)
    put("network.osm", DTD.encode())(mini)
    swap("district.toml", "model = true", 'model = "yes"')(mini)
    with pytest.raises(DistrictError) as caught:
        read_district(mini)
    found = {(p.file, p.row, p.column) for p in caught.value.problems}
    assert found == {
        ("flood_spots.csv", None, None),
        ("toilets.csv", 2, None),
        ("roads.csv", 2, "length_m"),
        ("roads.csv", 2, "width_m"),
        ("roads.csv", 8, "road_id"),
        ("vehicles.csv", 2, "depot_id"),
        ("dump_points.csv", 1, None),
        ("shifts.csv", 2, "start"),
        ("network.osm", 2, None),
        ("district.toml", None, "model"),
    }
    assert f"{mini}: 10 problems" in caught.value.message


def test_a_file_wrong_everywhere_is_cut_in_the_message_only(mini: Path) -> None:
    """The problems are all kept; the message shows the first 200 and says how many follow."""
    for number in range(300):
        add("flood_spots.csv", f"L{number + 10},桥,x,39.1,model")(mini)
    with pytest.raises(DistrictError) as caught:
        read_district(mini)
    assert len(caught.value.problems) == 300
    assert caught.value.message.count("\n") == MAX_SHOWN + 1
    assert "... and 100 more" in caught.value.message


def test_ten_million_rows_are_refused_early(mini: Path) -> None:
    """The reading stops at the limit: a file of 10 million rows costs well under a second."""
    put("roads.csv", b"road_id\n" + b"x\n" * 10_000_000)(mini)
    before = time.perf_counter()
    with pytest.raises(DistrictError):
        read_district(mini)
    assert time.perf_counter() - before < 1.0


def test_no_folder(tmp_path: Path) -> None:
    """A folder that is not there is a wrong usage, not nineteen missing files."""
    with pytest.raises(UsageError, match="there is no such folder"):
        read_district(tmp_path / "nowhere")


def test_reading(mini: Path) -> None:
    """Cells become typed fields; defaults stand where rules.csv says nothing."""
    district = read_district(mini)
    road = district.roads[1]
    assert (road.id, road.grade, road.key_area, road.way_ids) == ("R2", 1, True, (102,))
    night = next(shift for shift in district.shifts if shift.id == "night")
    assert (night.start_s, night.end_s, night.min_window_s) == (-5_400, 23_400, 14_400)
    washer = next(kind for kind in district.vehicle_types if kind.id == "washer")
    assert washer.services == ("wash", "sweep")
    assert washer.speed_kmh("wash", "night") == 5
    assert washer.speed_kmh("wash", "day") == 8
    assert district.rules["heat_c"] == 35
    assert district.rules["rest_s"] == 1200
    assert [c.month for c in district.climate] == list(range(1, 13))


def test_counts(mini: Path) -> None:
    """Six roads of 800 m: 4.8 km, 60,800 m² of carriageway (76 m of width together)."""
    found = counts(read_district(mini))
    assert found["roads"]["by_class"] == {"arterial": 1, "branch": 3, "secondary": 2}
    assert found["roads"]["length_m"] == 4_800
    assert found["roads"]["carriageway_m2"] == 60_800
    assert found["roads"]["footway_m2_by_subdistrict"] == {"中心街道": 18_400}
    assert found["roads"]["area_m2"] == 79_200
    assert found["communities"]["waste_t_day"] == 1.983
    assert found["fill_points"]["bays"] == 3
    assert found["vehicles"]["by_type_and_status"]["washer"] == {"in_service": 3}
    assert (found["drivers"], found["helpers"]) == (6, 0)


def test_order_of_rows_and_columns_does_not_matter(mini: Path, tmp_path: Path) -> None:
    """Shuffled rows and columns give the same district and digest; one figure changes it."""
    plain = read_district(mini)
    draw = random.Random(4)
    for file in sorted(mini.glob("*.csv")):
        rows = [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()]
        order = draw.sample(range(len(rows[0])), len(rows[0]))
        body = draw.sample(rows[1:], len(rows) - 1)
        lines = [",".join(row[i] for i in order) for row in (rows[0], *body)]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert read_district(mini) == plain
    other = write_minidistrict(tmp_path / "other")
    assert read_district(other).digest == plain.digest
    swap("drivers.csv", "D1,0,", "D1,2,")(other)
    assert read_district(other).digest != plain.digest


def test_foreign_column_names(mini: Path) -> None:
    """A city's own headers are mapped in district.toml; extra columns do no harm."""
    plain = read_district(mini)
    swap("roads.csv", "road_id,name", "编号,路名")(mini)
    swap("depots.csv", "provenance", "provenance,remark")(mini)
    for row in ("model", "model"):
        swap("depots.csv", f"{row}\n", "sample,yes\n")(mini)
    add("district.toml", '[columns.roads]\n"编号" = "road_id"\n"路名" = "name"')(mini)
    assert read_district(mini).roads == plain.roads


def test_what_a_spreadsheet_does_is_accepted(mini: Path) -> None:
    """A byte order mark, CRLF, blank lines, 4.0 for 4 and full-width digits are read as meant."""
    plain = read_district(mini)
    text = (mini / "roads.csv").read_text(encoding="utf-8")
    text = text.replace(R1, R1.replace(",800,8,2,", ",８００,8.00,2.0,") + "\n,,,,,,,,,,,,,,,\n")
    (mini / "roads.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert read_district(mini).roads == plain.roads


def test_lines_are_those_of_the_file(mini: Path) -> None:
    """A cell over two lines and a blank line still leave the line number of the editor."""
    swap("roads.csv", "R1,北街", '\nR1,"北\n街"')(mini)
    swap("roads.csv", "R2,", "R2,,")(mini)
    with pytest.raises(DistrictError) as caught:
        read_district(mini)
    assert [problem.row for problem in caught.value.problems] == [5]


def test_the_same_ways_are_streets_here_and_in_the_network() -> None:
    """What the light check takes for a street is what routes/osm.py loads."""
    assert set(CLASS_OF_HIGHWAY) == DRIVEN


def test_a_wrong_network_is_told_fast(mini: Path) -> None:
    """A network of another city makes every way unknown: all are told, without a long search."""
    rows = [R1.replace("R1,", f"Q{n},").replace(",101,", f",{7_000_000 + n},") for n in range(3000)]
    for row in rows:
        add("roads.csv", row)(mini)
    before = time.perf_counter()
    with pytest.raises(DistrictError) as caught:
        read_district(mini)
    assert len(caught.value.problems) == 3000
    assert time.perf_counter() - before < 2.0


def test_embedded_district_is_read_fast() -> None:
    """The embedded district is sound, counts as the issue says, and is read within 1.5 s."""
    folder = embedded_folder()
    if not (folder / "network.osm").exists():
        pytest.skip("data/nankai is not built")
    before = time.perf_counter()
    district = read_district(folder)
    assert time.perf_counter() - before < 1.5
    found = counts(district)
    assert found["roads"]["by_class"] == {"arterial": 70, "branch": 231, "secondary": 150}
    assert found["toilets"]["count"] == 158
    assert found["stations"]["count"] == 14
    assert found["communities"]["count"] == 675
    assert found["fill_points"]["bays"] == 14
    assert found["roads"]["area_m2"] == pytest.approx(9.06e6, rel=0.005)
    assert dataclasses.replace(district, roads=()).digest == district.digest
