"""Why visits are uncovered, in words that fit crews and toilets."""

from __future__ import annotations

from pathlib import Path

import pytest
from rounddistrict import write_rounddistrict
from shuffled import edit_table, plan_folder


@pytest.fixture(autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANITATION_CACHE", str(tmp_path_factory.mktemp("cache")))


def test_too_few_walkers(tmp_path: Path) -> None:
    """Two toilets of class 2 on foot, two blocks (640 s) apart, with visits of 2,700 s.

    The windows of the first begin at 21,600, 31,200 and 40,800 s, those of the other at most half a
    window's room later, and last 3,840 s: one walker cannot do both in turn. Two can.
    """
    folder = write_rounddistrict(tmp_path / "town")

    def longer(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return [row | {"clean_s": "2400"} if row["type_id"] == "foot" else row for row in rows]

    def one_more(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        fourth = next(row for row in rows if row["toilet_id"] == "WC4")
        fifth = next(row for row in rows if row["toilet_id"] == "WC5")
        place = {"lon": fifth["lon"], "lat": fifth["lat"]}
        return [*rows, fourth | place | {"toilet_id": "WC6", "name": "公厕6"}]

    edit_table(folder, "toilet_standards", longer)
    edit_table(folder, "toilets", one_more)
    plan = plan_folder(folder, iterations=300, services=("toilet",), fleet=(("foot", 1),))
    assert plan.violations == ()
    left = [one for one in plan.uncovered if one.duty.shift_id == "foot_am"]
    assert {one.cause for one in left} == {"vehicles"}
    assert f"toilet/foot_am, 1 out, {len(left)} 次 visits" in left[0].text
    assert {one.fix["text"] for one in left} == {"步行保洁员增至 2 名（+1） · foots=2 (+1)"}
    both = plan_folder(folder, iterations=300, services=("toilet",), fleet=(("foot", 2),))
    assert (both.violations, both.uncovered) == ((), ())
