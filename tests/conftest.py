"""What several test modules share: the waste district, read once."""

from __future__ import annotations

import pytest
from wastedistrict import write_wastedistrict

from sanitation.district import read_district
from sanitation.ground import Ground, read_ground
from sanitation.model import District


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[District, Ground]:
    """The waste district and its streets, as frozen as all data; a module may have its own town."""
    folder = tmp_path_factory.mktemp("waste")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANITATION_CACHE", str(folder / "cache"))
        district = read_district(write_wastedistrict(folder / "district"))
        return district, read_ground(district)
