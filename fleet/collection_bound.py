"""Fewest trucks that can collect a stream: a proven bound from bins, tonnes and hours.

Every stop at a community lies in the hours of some shift, so n trucks have n · Σ hours for the
time at the kerb. A truck ends each shift empty; its last unloading of a shift may come after the
hours, but every other one lies between two stops of the same shift and takes its time in the bay
out of them. Ways are counted as nothing, and the waste of a community may be split, so that no
plan needs fewer trucks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waste:
    """What is to be taken in a day: seconds at the kerb and kilograms."""

    work_s: int
    kg: int


def fewest_trucks(waste: Waste, payload_kg: int, windows_s: Sequence[int], unload_s: int) -> int:
    """Smallest n with work + max(0, loads − n · shifts) · unload ≤ n · Σ windows.

    Args:
        waste: of trucks of one payload.
        windows_s: the length of the hours of each shift, which must not overlap.
        unload_s: the least time of an unloading.

    Raises:
        ValueError: a payload that is not positive, or work and no hours.
    """
    if payload_kg <= 0:
        raise ValueError(f"the payload must be positive, not {payload_kg} kg")
    return _fewest(waste.work_s, -(-waste.kg // payload_kg), windows_s, unload_s)


def fewest_of_two(
    narrow: Waste,
    wide: Waste,
    small_kg: int,
    large_kg: int,
    windows_s: Sequence[int],
    unload_s: int,
) -> tuple[int, int]:
    """Fewest small trucks, and fewest trucks of both kinds together.

    Only small trucks come into ``narrow`` lanes; they may help elsewhere. All loads are fewest
    with as few small ones as the narrow lanes fill and large ones for all that these cannot take.

    Raises:
        ValueError: payloads that are not 0 < small ≤ large, or work and no hours.
    """
    if not 0 < small_kg <= large_kg:
        raise ValueError(f"payloads of {small_kg} and {large_kg} kg are no small and large ones")
    small = fewest_trucks(narrow, small_kg, windows_s, unload_s)
    loads = -(-narrow.kg // small_kg)
    loads += max(0, -(-(narrow.kg + wide.kg - loads * small_kg) // large_kg))
    return small, max(small, _fewest(narrow.work_s + wide.work_s, loads, windows_s, unload_s))


def _fewest(work_s: int, loads: int, windows_s: Sequence[int], unload_s: int) -> int:
    """Both must hold: n · Σ hours ≥ work and n · (Σ hours + shifts · u) ≥ work + loads · u."""
    if work_s <= 0 and loads <= 0:
        return 0
    hours_s = sum(windows_s)
    if hours_s <= 0:
        raise ValueError("there is work and there are no hours to do it in")
    by_work = -(-work_s // hours_s)
    by_loads = -(-(work_s + loads * unload_s) // (hours_s + len(windows_s) * unload_s))
    return max(1, by_work, by_loads)
