"""Routes, solutions, and their evaluation in plain Python that every kernel is held against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Serve:
    """Serve a task in one of its modes (an index into the problem's modes)."""

    task: int
    mode: int


@dataclass(frozen=True, slots=True)
class Restore:
    """Visit a facility: an index into the problem's restores."""

    option: int


@dataclass(frozen=True, slots=True)
class Rest:
    """Rest here, where the step before ended."""


Step = Serve | Restore | Rest


@dataclass(frozen=True, slots=True)
class Route:
    """One vehicle's steps in order. It departs from its depot at start_s."""

    vehicle: int
    start_s: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Solution:
    """Routes sorted by vehicle, and the tasks that are in none of them, ascending."""

    routes: tuple[Route, ...]
    dropped: tuple[int, ...] = ()
