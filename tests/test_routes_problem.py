"""RoutingProblem refuses arrays that contradict each other, naming array, index and value."""

from dataclasses import replace

import numpy as np
import pytest
from routing_problems import random_problem

from routes.problem import RoutingProblem, Weights

GOOD = random_problem(0, tasks=4)


def test_counts() -> None:
    """Tasks are one less than the entries of mode_first, vehicles those of vehicle_type."""
    assert (GOOD.tasks, GOOD.vehicles) == (4, 4)


def changed(name: str, index: tuple[int, ...], value: int) -> RoutingProblem:
    array = getattr(GOOD, name).copy()
    array[index] = value
    return replace(GOOD, **{name: array})


@pytest.mark.parametrize(
    ("name", "index", "value"),
    [
        ("time_s", (2, 3), -1),
        ("mode_entry", (1,), 14),
        ("mode_exit", (0,), -1),
        ("service_s", (1, 0), -5),
        ("demand", (3, 0), -2),
        ("drop_cost", (2,), -1),
        ("pinned", (1,), 4),
        ("preferred", (1,), -2),
        ("vehicle_type", (3,), 9),
        ("start_place", (0,), 99),
        ("max_s", (0,), -1),
        ("restore_in", (1,), 77),
    ],
)
def test_value_out_of_range(name: str, index: tuple[int, ...], value: int) -> None:
    """The message has the array's name, the index and the value."""
    with pytest.raises(ValueError, match=rf"{name}\[.*{index[-1]}\] is {value}\b"):
        changed(name, index, value)


def test_shape() -> None:
    """An array that is too short is named with both shapes."""
    with pytest.raises(ValueError, match=r"drop_cost has shape \(3,\), expected \(4,\)"):
        replace(GOOD, drop_cost=GOOD.drop_cost[:3])


def test_dtype() -> None:
    """Floats are not integers."""
    with pytest.raises(ValueError, match="time_s has dtype float64"):
        replace(GOOD, time_s=GOOD.time_s.astype(float))


def test_task_without_mode() -> None:
    """Each task has at least one mode."""
    first = GOOD.mode_first.copy()
    first[1] = 0
    with pytest.raises(ValueError, match=r"mode_first\[1\] is 0"):
        replace(GOOD, mode_first=first)


def test_mode_first_ends_with_modes() -> None:
    """mode_first covers all modes."""
    with pytest.raises(ValueError, match="mode_first runs from 0 to"):
        replace(GOOD, mode_first=np.append(GOOD.mode_first[:-1], np.int32(99)))


def test_windows() -> None:
    """A window that ends before it begins, and windows out of order."""
    window = GOOD.window_s.copy()
    window[1, 0] = (9, 3)
    with pytest.raises(ValueError, match=r"window_s\[1, 0, 0\]|window_s\[1, 0\]"):
        replace(GOOD, window_s=window)
    two = np.repeat(GOOD.window_s, 2, axis=1)
    two[2, 0] = (50, 60)
    two[2, 1] = (10, 20)
    with pytest.raises(ValueError, match=r"window_s\[2, 1\] comes before"):
        replace(GOOD, window_s=two)


def test_rules_of_the_day() -> None:
    """Shapes and ranges of the limits of a day, opening hours in order, one rule for rests."""
    with pytest.raises(ValueError, match=r"most has shape \(1, 4\), expected \(4, 1\)"):
        replace(GOOD, most=np.full((1, 4), 9, np.int64))
    with pytest.raises(ValueError, match=r"most\[2, 0\] is -1"):
        replace(GOOD, most=np.array([[9], [9], [-1], [9]]))
    with pytest.raises(ValueError, match=r"restore_window_s has shape \(2,\)"):
        replace(GOOD, restore_window_s=np.array([5, 9]))
    with pytest.raises(ValueError, match=r"restore_window_s\[1\] is \[9, 5\]: ends first"):
        replace(GOOD, restore_window_s=np.array([[5, 9], [9, 5]]))
    with pytest.raises(ValueError, match=r"rest_within_s is \(9, 8\): ends first"):
        replace(GOOD, rest_within_s=(9, 8))
    with pytest.raises(ValueError, match="rest_after_s is 300 beside rest_within_s"):
        replace(GOOD, rest_within_s=(8, 9), rest_after_s=300)


def test_weights_and_rest() -> None:
    """Weights are not negative, rests not shorter than nothing."""
    with pytest.raises(ValueError, match=r"weights\.moved is -1"):
        replace(GOOD, weights=Weights(moved=-1))
    with pytest.raises(ValueError, match="rest_after_s is 0"):
        replace(GOOD, rest_after_s=0)
