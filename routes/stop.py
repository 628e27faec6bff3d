"""When a search ends. The only module of the package that looks at a clock.

A rule is called with the progress so far and answers which fraction of the search is done, in
[0, 1]; at 1 the search stops. The temperature of the search follows the fraction.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search has come: iterations done, cost and shape of the best solution."""

    iterations: int
    cost: int
    vehicles: int
    dropped: int
    fraction: float = 0.0


class Stop(Protocol):
    """A stop rule. `reason` names what stops the search once the fraction is 1."""

    @property
    def reason(self) -> str: ...

    def __call__(self, progress: Progress) -> float: ...


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._start = monotonic()

    @property
    def seconds(self) -> float:
        return monotonic() - self._start


@dataclass(frozen=True, slots=True)
class MaxIterations:
    """Stop after a number of iterations: same seed, same result, on any machine."""

    iterations: int

    def __post_init__(self) -> None:
        if self.iterations < 0:
            raise ValueError(f"iterations is {self.iterations}, below 0")

    @property
    def reason(self) -> str:
        return "iterations"

    def __call__(self, progress: Progress) -> float:
        return min(1.0, progress.iterations / self.iterations) if self.iterations else 1.0


class TimeLimit:
    """Stop after some seconds of search.

    The clock starts when the rule is first asked with no iterations done, that is when the
    kernels are compiled and a first solution stands; so one rule can serve several searches in
    turn, but not two at a time.
    """

    def __init__(self, seconds: float) -> None:
        if not seconds >= 0:
            raise ValueError(f"seconds is {seconds}, below 0")
        self._limit = seconds
        self._watch: Stopwatch | None = None

    @property
    def reason(self) -> str:
        return "time"

    def __call__(self, progress: Progress) -> float:
        if self._watch is None or progress.iterations == 0:
            self._watch = Stopwatch()
        return min(1.0, self._watch.seconds / self._limit) if self._limit else 1.0


class Interrupted:
    """Stop when somebody says so: a signal handler, or another thread, calls set()."""

    def __init__(self) -> None:
        self._set = False

    @property
    def reason(self) -> str:
        return "interrupted"

    @property
    def is_set(self) -> bool:
        return self._set

    def set(self) -> None:
        self._set = True

    def __call__(self, progress: Progress) -> float:
        return 1.0 if self._set else 0.0


class FirstOf:
    """Stop as soon as one of several rules does."""

    def __init__(self, *rules: Stop) -> None:
        if not rules:
            raise ValueError("FirstOf needs at least one rule")
        self._rules = rules
        self._reason = rules[0].reason

    @property
    def reason(self) -> str:
        return self._reason

    def __call__(self, progress: Progress) -> float:
        fractions = [rule(progress) for rule in self._rules]
        highest = max(fractions)
        self._reason = self._rules[fractions.index(highest)].reason
        return highest
