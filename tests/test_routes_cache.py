"""routes/cache.py: what is kept, what is thrown away, and that damage does no harm."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from town import Town, draw

from routes import cache
from routes.cache import cache_folder, cached_matrix, cached_network
from routes.network import ARTERIAL
from routes.paths import Router, Travel


@pytest.fixture
def town() -> Town:
    return draw("A---B---C\n|   |   |\nD---E---F", streets={"长江道": "ABC"}, no_turn=["A B E"])


@pytest.fixture
def osm(town: Town, tmp_path: Path) -> Path:
    path = tmp_path / "town.osm"
    path.write_text(town.xml(), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def no_reading(*_: object, **__: object) -> None:
    raise AssertionError("the file was parsed although the cache has it")


def test_the_second_reading_is_from_the_cache_and_the_same(
    osm: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal in every array and name, and the file is not parsed again."""
    first = cached_network(osm, folder=folder)
    monkeypatch.setattr(cache, "read_network", no_reading)
    second = cached_network(osm, folder=folder)
    assert second.digest() == first.digest()
    assert second.names == ("", "长江道")
    assert second.tail.dtype == np.int32


def test_another_file_or_class_is_another_entry(osm: Path, folder: Path) -> None:
    """Road classes, the extra digest and the bytes of the file each make a network of their own."""
    plain = cached_network(osm, folder=folder)
    other = cached_network(osm, folder=folder, roads={1: ARTERIAL})
    assert plain.digest() != other.digest()
    cached_network(osm, "extra", folder)
    osm.write_text(osm.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    cached_network(osm, folder=folder)
    assert len(list(folder.iterdir())) == 4


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "text", "foreign"])
def test_a_damaged_file_is_made_again(osm: Path, folder: Path, damage: str) -> None:
    """Whatever happened to the file: the same network, and a good file afterwards."""
    digest = cached_network(osm, folder=folder).digest()
    (kept,) = folder.iterdir()
    good = kept.read_bytes()
    middle = len(good) // 2
    bad = {
        "empty": b"",
        "cut": good[:middle],
        "flipped": good[:200] + bytes([good[200] ^ 255]) + good[201:],
        "text": b"this is no archive",
    }
    if damage == "foreign":
        with kept.open("wb") as file:
            np.savez(file, time_s=np.zeros(3))
    else:
        kept.write_bytes(bad[damage])
    assert cached_network(osm, folder=folder).digest() == digest
    assert kept.read_bytes() == good


def test_matrices_are_kept_by_everything_they_depend_on(
    town: Town, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Same question: same arrays without computing. Another speed, closure or place: anew."""
    router = Router(town.network, Travel())
    time_s, dist_m = cached_matrix(router, [0, 1], [2, ~0], folder)
    closed = np.arange(town.network.arcs) == 5
    cached_matrix(Router(town.network, Travel(arterial_kmh=36)), [0, 1], [2, ~0], folder)
    cached_matrix(Router(town.network, Travel(), closed), [0, 1], [2, ~0], folder)
    cached_matrix(router, [0, 1, 2], [~0], folder)
    assert len(list(folder.iterdir())) == 4
    monkeypatch.setattr(Router, "matrix", no_reading)
    again_s, again_m = cached_matrix(router, [0, 1], [2, ~0], folder)
    assert np.array_equal(again_s, time_s)
    assert np.array_equal(again_m, dist_m)
    assert again_s.dtype == np.int32


def test_a_matrix_of_the_wrong_shape_is_made_again(town: Town, folder: Path) -> None:
    """A file under the right name with other arrays in it is not believed."""
    router = Router(town.network, Travel())
    time_s, _ = cached_matrix(router, [0, 1], [2], folder)
    (kept,) = folder.iterdir()
    with kept.open("wb") as file:
        np.savez(file, time_s=np.zeros((5, 5), np.int32), dist_m=np.zeros((5, 5), np.int32))
    assert np.array_equal(cached_matrix(router, [0, 1], [2], folder)[0], time_s)


def test_the_folder_stays_below_its_bound(
    town: Town, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With room for two files the oldest go; files that are not ours stay."""
    router = Router(town.network, Travel())
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    for age, places in ((300, [0]), (200, [1]), (100, [2])):
        cached_matrix(router, places, [3], folder)
        for file in folder.glob("matrix-*.npz"):
            state = file.stat()
            if state.st_mtime_ns > 10**18:  # not yet aged
                os.utime(file, ns=(10**17 - age, 10**17 - age))
                newest = file.name
    size = (folder / newest).stat().st_size
    monkeypatch.setattr(cache, "MAX_TOTAL_BYTES", 2 * size + size // 2)
    cached_matrix(router, [4], [3], folder)
    kept = {file.name for file in folder.iterdir()}
    assert newest in kept
    assert "notes.txt" in kept
    assert len(kept) == 3


def test_no_cache_is_no_error(osm: Path, tmp_path: Path) -> None:
    """Where a folder cannot be made (a file is in the way) the network is read all the same."""
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert cached_network(osm, folder=blocked / "cache").nodes == 6


def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """SANITATION_CACHE wins over XDG_CACHE_HOME, which wins over ~/.cache."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SANITATION_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert cache_folder() == tmp_path / ".cache" / "sanitation"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "sanitation"
    monkeypatch.setenv("SANITATION_CACHE", str(tmp_path / "own"))
    assert cache_folder() == tmp_path / "own"
