"""Fewest crews that can do the visits of a shift: a proven bound from seconds alone.

A crew that is out for s seconds works and goes in all of them but its rests; with k rests no
stretch between them is longer than a, so that it does no more than min(s - k · r, (k + 1) · a).
Every visit takes its work, and the way to it from wherever the crew was before, which is no shorter
than the shortest one there is. Windows and ways home are counted as nothing.
"""

from __future__ import annotations

from collections.abc import Iterable


def usable_s(span_s: int, rest_after_s: int, rest_s: int) -> int:
    """The most seconds of work and ways in a span, with as few rests as that takes.

    Raises:
        ValueError: no stretch without rest, or a span or rest below zero.
    """
    if rest_after_s <= 0 or span_s < 0 or rest_s < 0:
        raise ValueError(f"a span of {span_s} s with rests of {rest_s} s after {rest_after_s} s")
    most = 0
    for rests in range(span_s // rest_after_s + 1):
        most = max(most, min(span_s - rests * rest_s, (rests + 1) * rest_after_s))
    return most


def fewest_crews(visits_s: Iterable[int], span_s: int, rest_after_s: int, rest_s: int) -> int:
    """Smallest n with Σ visits ≤ n · usable.

    Args:
        visits_s: seconds of each visit, the shortest way to it counted.
        span_s: from the first departure to the last return.
        rest_after_s, rest_s: see the module.

    Raises:
        ValueError: there are visits and no time, or see usable_s.
    """
    total_s, most_s = sum(visits_s), usable_s(span_s, rest_after_s, rest_s)
    if total_s <= 0:
        return 0
    if most_s <= 0:
        raise ValueError("there are visits and there is no time for them")
    return -(-total_s // most_s)
