"""Ways to break the mini district: each with what the reader must say about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def swap(file: str, old: str, new: str) -> Callable[[Path], None]:
    """Replace the first occurrence of a text in a file; the text must be there."""

    def mutate(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return mutate


def put(file: str, data: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / file).write_bytes(data) and None


def remove(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


def recode(file: str, encoding: str) -> Callable[[Path], None]:
    def mutate(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_bytes(text.encode(encoding))

    return mutate


def header_only(file: str) -> Callable[[Path], None]:
    def mutate(folder: Path) -> None:
        first = (folder / file).read_text(encoding="utf-8").split("\n")[0]
        (folder / file).write_text(first + "\n", encoding="utf-8")

    return mutate


def add(file: str, line: str) -> Callable[[Path], None]:
    def mutate(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8") as out:
            out.write(line + "\n")

    return mutate


def far_depot(folder: Path) -> None:
    """A one-way spur that a truck can enter but not leave, with depot D2 at its end."""
    spur = (
        '<node id="50" version="1" lat="39.0850000" lon="117.1692708"/>'
        '<way id="150" version="1"><nd ref="9"/><nd ref="50"/>'
        '<tag k="highway" v="residential"/><tag k="oneway" v="yes"/></way></osm>'
    )
    swap("network.osm", "</osm>", spur)(folder)
    text = (folder / "depots.csv").read_text(encoding="utf-8").splitlines()
    text[2] = "D2,东停车场,117.1692708,39.0851,model"
    (folder / "depots.csv").write_text("\n".join(text) + "\n", encoding="utf-8")


R1 = "R1,北街,,,,branch,3,0,120104001,800,8,2,1600,8000,101,model"
DTD = '<?xml version="1.0"?>\n<!DOCTYPE osm [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>\n<osm>&b;</osm>'
D1 = "D1,西停车场,117.160150,39.096553,model"

# what is broken, how, and what each reported line must hold
BROKEN: list[tuple[str, Callable[[Path], None], list[str]]] = [
    ("missing file", remove("depots.csv"), ["depots.csv: the file is missing"]),
    ("no network", remove("network.osm"), ["network.osm: the file is missing"]),
    ("no settings", remove("district.toml"), ["district.toml: the file is missing"]),
    (
        "misnamed file",
        lambda f: (f / "vehicles.csv").rename(f / "vehicle.csv") and None,
        ["vehicles.csv: the file is missing; did you mean 'vehicle.csv'?"],
    ),
    (
        "missing column",
        swap("roads.csv", "width_m", "width"),
        ["roads.csv:1: width_m: the column is missing; did you mean 'width'?"],
    ),
    (
        "column twice",
        swap("depots.csv", "depot_id,name,lon", "depot_id,lon,lon"),
        ["depots.csv:1: lon: the column appears twice", "depots.csv:1: name: the column is mis"],
    ),
    ("empty table", header_only("depots.csv"), ["depots.csv:1: the table has no rows"]),
    ("empty file", put("depots.csv", b""), ["depots.csv: the file is empty"]),
    (
        "GBK file",
        recode("roads.csv", "gbk"),
        ["roads.csv:2: is not UTF-8 (bytes b1 b1 bd d6); looks like GBK; save it as UTF-8"],
    ),
    (
        "damaged character",
        lambda f: put("roads.csv", (f / "roads.csv").read_bytes().replace(b"\xe5", b"\xe5 ", 1))(f),
        ["roads.csv:2: is not UTF-8 (bytes e5 20 8c 97); the character is damaged; write it anew"],
    ),
    (
        "UTF-16 file",
        recode("roads.csv", "utf-16"),
        ["roads.csv: is not UTF-8; looks like UTF-16; save it as UTF-8"],
    ),
    ("NUL byte", swap("roads.csv", "南街", "南\0街"), ["roads.csv:4: holds a NUL byte"]),
    (
        "ragged row",
        swap("roads.csv", "R1,北街,", "R1,北街"),
        ["roads.csv:2: has 15 cells, the header has 16; a comma inside a cell needs quotes"],
    ),
    (
        "broken quotes",
        swap("roads.csv", "R1,北街,", 'R1,"北"街,'),
        ["roads.csv:2: not CSV:"],
    ),
    (
        "semicolons",
        swap("depots.csv", "depot_id,name,lon,lat,provenance", "depot_id;name;lon;lat;provenance"),
        ["depots.csv:1: columns are separated by ';'; save it with commas"],
    ),
    (
        "NaN",
        swap("roads.csv", R1, R1.replace(",800,", ",NaN,")),
        ["roads.csv:2: length_m: is not a finite number (value 'NaN'); centre-line length in m"],
    ),
    (
        "infinity",
        swap("roads.csv", R1, R1.replace(",800,", ",inf,")),
        ["roads.csv:2: length_m: is not a finite number (value 'inf')"],
    ),
    (
        "empty number",
        swap("roads.csv", R1, R1.replace(",800,", ",,")),
        ["roads.csv:2: length_m: is empty (value ''); centre-line length in m"],
    ),
    (
        "words for a number",
        swap("roads.csv", R1, R1.replace(",800,", ",long,")),
        ["roads.csv:2: length_m: is not a number (value 'long')"],
    ),
    (
        "thousands separator",
        swap("roads.csv", R1, R1.replace(",8000,", ',"8,000",')),
        ["roads.csv:2: area_m2: has a thousands separator (value '8,000'); write 8000"],
    ),
    (
        "decimal comma",
        swap("roads.csv", R1, R1.replace(",8,2,", ',"8,5",2,')),
        ["roads.csv:2: width_m: has a decimal comma (value '8,5'); write 8.5"],
    ),
    (
        "unit in the cell",
        swap("roads.csv", R1, R1.replace(",800,", ",800m,")),
        ["roads.csv:2: length_m: has text after the number (value '800m'); write 800, the unit"],
    ),
    (
        "negative width",
        swap("roads.csv", R1, R1.replace(",8,2,", ",-8,2,")),
        ["roads.csv:2: width_m: is outside 2 to 80 m (value '-8')"],
    ),
    (
        "kilometres",
        swap("roads.csv", R1, R1.replace(",800,", ",0.8,")),
        ["roads.csv:2: length_m: is outside 20 to 20000 m (value '0.8'); is this in kilometres?"],
    ),
    (
        "centimetres",
        swap("roads.csv", R1, R1.replace(",8,2,", ",800,2,")),
        ["roads.csv:2: width_m: is outside 2 to 80 m (value '800'); is this in centimetres?"],
    ),
    (
        "wan square metres",
        swap("roads.csv", R1, R1.replace(",8000,", ",0.8,")),
        ["roads.csv:2: area_m2: is outside 40 to 4e+06 m2 (value '0.8'); is this in 万m²"],
    ),
    (
        "metres a second",
        swap("vehicle_types.csv", "sweep=8,wash=3", "sweep=2.2,wash=3"),
        ["vehicle_types.csv:2: work_kmh: sweep is outside 2.5 to 40 km/h", "is this in m/s?"],
    ),
    (
        "cubic metres",
        swap("vehicle_types.csv", ",9000,", ",9,"),
        ["vehicle_types.csv:2: clean_l: is too small for a tank (value '9'); is this in cubic met"],
    ),
    (
        "tonnes of waste",
        swap("communities.csv", ",800,400,", ",0.8,400,"),
        ["communities.csv:2: residual_kg: is too little for 800 households (value '0.8'); is this"],
    ),
    (
        "area that does not fit",
        swap("roads.csv", R1, R1.replace(",8000,", ",9000,")),
        ["roads.csv:2: area_m2: length x width + footway is 8,000 m², more than 5 % off"],
    ),
    (
        "half a lane",
        swap("roads.csv", R1, R1.replace(",8,2,", ",8,2.5,")),
        ["roads.csv:2: lanes: is not a whole number (value '2.5')"],
    ),
    (
        "swapped coordinates",
        swap("depots.csv", "117.160150,39.096553", "39.096553,117.160150"),
        ["depots.csv:2: lon, lat: lon and lat look swapped (value '39.096553, 117.160150')"],
    ),
    (
        "another city",
        swap("depots.csv", "117.160150,39.096553", "116.4,39.9"),
        ["depots.csv:2: lon, lat: is more than 5 km from the streets of network.osm"],
    ),
    (
        "off the globe",
        swap("depots.csv", "117.160150", "1171.6"),
        ["depots.csv:2: lon, lat: is no place on earth (value '1171.6, 39.096553')"],
    ),
    (
        "duplicate id",
        add("roads.csv", R1.replace("101", "104")),
        ["roads.csv:8: road_id: is already on line 2 (value 'R1')"],
    ),
    (
        "way in two roads",
        swap("roads.csv", ",8000,101,", ",8000,104,"),
        ["roads.csv:5: way_ids: way 104 is already in road R1 (line 2) (value '104')"],
    ),
    (
        "unknown way",
        swap("roads.csv", ",8000,101,", ",8000,1001,"),
        ["roads.csv:2: way_ids: way 1001 is not in network.osm (value '1001'); did you mean '101'"],
    ),
    (
        "way twice",
        swap("roads.csv", ",8000,101,", ",8000,101;101,"),
        ["roads.csv:2: way_ids: way 101 is listed twice"],
    ),
    (
        "length unlike the map",
        swap("roads.csv", "800,8,2,1600,8000,101", "8000,8,2,1600,65600,101"),
        ["roads.csv:2: length_m: the road's ways are 800 m long together (value '8000')"],
    ),
    (
        "unknown subdistrict",
        swap("roads.csv", R1, R1.replace("120104001", "120104O01")),
        ["roads.csv:2: subdistrict: is not in subdistricts.csv (value '120104O01'); did you mean"],
    ),
    (
        "unknown depot",
        swap("vehicles.csv", "washer,D1", "washer,D11"),
        ["vehicles.csv:2: depot_id: is not in depots.csv (value 'D11'); did you mean 'D1'?"],
    ),
    (
        "unknown vehicle type",
        swap("vehicles.csv", "washer,D1", "wascher,D1"),
        ["vehicles.csv:2: type_id: is not in vehicle_types.csv (value 'wascher'); did you mean"],
    ),
    (
        "plate twice",
        swap("vehicles.csv", "样A0002", "样A0001"),
        ["vehicles.csv:3: plate: is already on line 2 (value '样A0001')"],
    ),
    (
        "one id for two places",
        swap("fill_points.csv", "F1,", "D1,"),
        ["fill_points.csv:2: fill_point_id: is already used in depots.csv:2 (value 'D1')"],
    ),
    (
        "no such choice",
        swap("roads.csv", R1, R1.replace("branch", "brunch")),
        ["roads.csv:2: road_class: is not one of the choices (value 'brunch'); did you mean 'bra"],
    ),
    (
        "no provenance",
        swap("roads.csv", R1, R1.replace("model", "guess")),
        ["roads.csv:2: provenance: does not begin with a known source (value 'guess'); one of: "],
    ),
    (
        "unknown shift",
        swap("standards.csv", "all,night,1,4", "all,nite,1,4"),
        ["standards.csv:2: shift_id: is not in shifts.csv (value 'nite'); did you mean 'night'?"],
    ),
    (
        "shift ends before it starts",
        swap("shifts.csv", "-1d 22:30", "22:30"),
        ["shifts.csv:2: end: the shift ends before it starts (value '06:30'); a shift over"],
    ),
    (
        "no clock time",
        swap("shifts.csv", "-1d 22:30", "half past ten"),
        ["shifts.csv:2: start: is not a clock time (value 'half past ten'); write HH:MM, or -1d"],
    ),
    (
        "nobody can do it",
        swap("vehicle_types.csv", "洒水车,sprinkler,sprinkle,", "洒水车,sprinkler,wash,"),
        ["standards.csv:13: service: no vehicle type can do sprinkle in shift sprinkle_dawn"],
    ),
    (
        "unknown rule",
        swap("rules.csv", "heat_c", "heat_degrees"),
        ["rules.csv:3: key: is not a rule (value 'heat_degrees'); did you mean 'heat_c'?"],
    ),
    (
        "rule in another unit",
        swap("rules.csv", "heat_c,35,degC", "heat_c,95,F"),
        ["rules.csv:3: unit: heat_c is in degC (value 'F'); convert it"],
    ),
    (
        "rules that cross",
        swap("rules.csv", "wet_min_c,4", "wet_min_c,7"),
        ["rules.csv:2: value: wet_min_c (7) is above wet_midday_c (6) (value '7')"],
    ),
    (
        "month missing",
        swap("climate.csv", "\n12,-4,4,default", ""),
        ["climate.csv: month: months without a row: 12"],
    ),
    (
        "unreachable depot",
        far_depot,
        ["depots.csv:3: lon, lat: its street (node 50) cannot be both reached and left again"],
    ),
    (
        "depot off the streets",
        swap("depots.csv", "117.160150,39.096553", "117.150,39.096553"),
        ["depots.csv:2: lon, lat: no street within 500 m (value '117.150, 39.096553')"],
    ),
    (
        "ten million rows",
        lambda f: put("roads.csv", b"road_id\n" + b"x\n" * 10_000_000)(f),
        ["roads.csv: has more than 100,000 rows, the limit of this table; is this the right file?"],
    ),
    (
        "entity bomb",
        put("network.osm", DTD.encode()),
        ["network.osm:2: declares a document type or entity, which no OpenStreetMap file does"],
    ),
    (
        "entity bomb in UTF-16",
        put("network.osm", DTD.replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16")),
        ["network.osm:2: declares a document type or entity"],
    ),
    (
        "XML cut short",
        lambda f: put("network.osm", (f / "network.osm").read_bytes()[:1500])(f),
        ["network.osm:48: character 5: is not well-formed XML:"],
    ),
    ("no streets", put("network.osm", b"<osm/>"), ["network.osm: has no nodes"]),
    (
        "ways without streets",
        lambda f: put(
            "network.osm", (f / "network.osm").read_bytes().replace(b"highway", b"waterway")
        )(f),
        ["network.osm: has no ways that trucks may drive (with a highway tag)"],
    ),
    (
        "node missing",
        swap("network.osm", '<nd ref="2"/>', '<nd ref="22"/>'),
        ["network.osm:12: way 101 uses a node that is not there (value '22'); export complete"],
    ),
    (
        "node without coordinates",
        swap("network.osm", 'lat="39.1000000" ', ""),
        ["network.osm:3: lat: a node without coordinates"],
    ),
    ("TOML broken", swap("district.toml", '"mini"', "mini"), ["district.toml: is not TOML:"]),
    (
        "TOML key missing",
        swap("district.toml", "utc_offset", "utc_ofset"),
        ["district.toml: utc_offset: the key is missing; did you mean 'utc_ofset'?"],
    ),
    (
        "no offset",
        swap("district.toml", "+08:00", "Beijing"),
        ["district.toml: utc_offset: is no offset from UTC (value 'Beijing'); as in \"+08:00\""],
    ),
    (
        "mapping to a column that is not ours",
        add("district.toml", '[columns.roads]\n"宽度" = "widht_m"'),
        ["district.toml: columns.roads: roads.csv has no such column (value 'widht_m'); did you"],
    ),
]
