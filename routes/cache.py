"""Parsed networks and matrices on disk, by digest.

A cache may always be thrown away: what cannot be read is made again, what cannot be written is
only slower next time. Files are npz without pickle, written beside and renamed, so a kill at any
moment leaves the old file or none. SANITATION_CACHE names another folder.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from routes.network import StreetNetwork
from routes.osm import read_network
from routes.paths import Router

FORMAT = 1  # raise it when the meaning of a cached array changes
MAX_TOTAL_BYTES = 1_000_000_000

Arrays = dict[str, NDArray[np.generic]]

# What numpy raises on truncated, altered or foreign files
_DAMAGED = (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile, zlib.error)


def cache_folder() -> Path | None:
    """SANITATION_CACHE, else XDG_CACHE_HOME/sanitation, else ~/.cache/sanitation; None: no home."""
    if chosen := os.environ.get("SANITATION_CACHE"):
        return Path(chosen)
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "sanitation"
    try:
        return Path.home() / ".cache" / "sanitation"
    except RuntimeError:  # no home directory to be found
        return None


def cached_network(
    path: Path,
    digest_extra: str = "",
    folder: Path | None = None,
    *,
    roads: Mapping[int, int] | None = None,
) -> StreetNetwork:
    """``read_network(path, roads=roads)``, kept on disk by the file's bytes and the arguments.

    Args:
        path: an OpenStreetMap XML file.
        digest_extra: anything else the network depends on.
        folder: where to keep it; default cache_folder().
        roads: as in read_network.

    Raises:
        ValueError, OSError: as read_network.
    """
    sha = hashlib.sha256(f"network {FORMAT} {digest_extra} ".encode())
    sha.update(repr(sorted((roads or {}).items())).encode())
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            sha.update(block)
    folder = folder or cache_folder()
    key = f"network-{sha.hexdigest()}"
    arrays = _load(folder, key)
    if arrays is not None:
        try:
            return _network_of(arrays)
        except _DAMAGED:
            pass  # made again below
    network = read_network(path, roads=roads)
    _store(folder, key, _arrays_of(network))
    return network


def cached_matrix(
    router: Router, exits: ArrayLike, entries: ArrayLike, folder: Path | None = None
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """``router.matrix(exits, entries)``, kept on disk by everything it depends on.

    Raises:
        ValueError: as Router.matrix.
    """
    rows, columns = np.asarray(exits, np.int64), np.asarray(entries, np.int64)
    sha = hashlib.sha256(f"matrix {FORMAT} {router.digest()} {rows.shape} ".encode())
    sha.update(rows.tobytes())
    sha.update(columns.tobytes())
    folder = folder or cache_folder()
    key = f"matrix-{sha.hexdigest()}"
    shape = (rows.size, columns.size)
    arrays = _load(folder, key)
    if arrays is not None:
        time_s, dist_m = arrays.get("time_s"), arrays.get("dist_m")
        if (
            time_s is not None
            and dist_m is not None
            and time_s.shape == dist_m.shape == shape
            and time_s.dtype == dist_m.dtype == np.int32
        ):
            return time_s.astype(np.int32), dist_m.astype(np.int32)
    made_s, made_m = router.matrix(rows, columns)
    _store(folder, key, {"time_s": made_s, "dist_m": made_m})
    return made_s, made_m


def _arrays_of(network: StreetNetwork) -> Arrays:
    arrays: Arrays = {}
    for entry in fields(network):
        value = getattr(network, entry.name)
        if entry.name == "names":
            # Text as bytes: numpy's own text arrays drop trailing NULs and pad to the longest.
            value = np.frombuffer("\n".join(value).encode(), dtype=np.uint8)
        arrays[entry.name] = np.asarray(value)
    return arrays


def _network_of(arrays: Arrays) -> StreetNetwork:
    """Raises KeyError, TypeError or ValueError where the arrays are no network."""
    values: dict[str, object] = {entry.name: arrays[entry.name] for entry in fields(StreetNetwork)}
    values["names"] = tuple(arrays["names"].tobytes().decode().split("\n"))
    for key in ("dropped_nodes", "skipped_restrictions"):
        values[key] = int(arrays[key].item())
    return StreetNetwork(**values)  # type: ignore[arg-type]


def _load(folder: Path | None, key: str) -> Arrays | None:
    """The arrays kept under a key, or None where there are none that can be read."""
    if folder is None:
        return None
    try:
        with np.load(folder / f"{key}.npz", allow_pickle=False) as kept:
            return {name: kept[name] for name in kept.files}
    except _DAMAGED:
        return None


def _store(folder: Path | None, key: str, arrays: Arrays) -> None:
    """Keep arrays under a key, if the disk lets us, and make room by dropping the oldest."""
    if folder is None or sum(array.nbytes for array in arrays.values()) > MAX_TOTAL_BYTES // 2:
        return
    aside = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".tmp", delete=False) as file:
            aside = Path(file.name)
            np.savez(file, **arrays)  # type: ignore[arg-type]
        os.replace(aside, folder / f"{key}.npz")
        _trim(folder)
    except OSError:
        # A full or read-only disk: the answer is already made, only the next start is slower.
        if aside is not None:
            aside.unlink(missing_ok=True)


def _trim(folder: Path) -> None:
    """Delete the oldest files of ours until the folder holds less than MAX_TOTAL_BYTES."""
    kept = []
    for pattern in ("network-*.npz", "matrix-*.npz", "*.tmp"):
        for file in folder.glob(pattern):
            state = file.stat()
            kept.append((state.st_mtime_ns, file.name, state.st_size, file))
    total = sum(size for _, _, size, _ in kept)
    for _, _, size, file in sorted(kept)[:-1]:
        if total < MAX_TOTAL_BYTES:
            break
        file.unlink(missing_ok=True)
        total -= size
