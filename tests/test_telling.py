"""The measurements' own mathematics, on numbers whose answer is known."""

from __future__ import annotations

from random import Random

import pytest

from bench.intervals import wilson
from bench.telling import accuracy, auc, averaged, best_threshold, nearest, told


def drawn(shift: float, seed: int, count: int = 400) -> list[float]:
    rng = Random(seed)
    return [rng.gauss(10 + shift, 1) for _value in range(count)]


def test_the_interval_of_wilson_is_that_of_the_books() -> None:
    low, high = wilson(81, 263)
    assert (round(low, 3), round(high, 3)) == (0.255, 0.366)
    assert wilson(0, 10)[0] == 0.0
    assert round(wilson(0, 10)[1], 3) == 0.278
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("one", "other", "area"),
    [
        ([1, 2], [3, 4], 1.0),
        ([3, 4], [1, 2], 0.0),
        ([1, 2], [1, 2], 0.5),
        ([1, 1], [1, 1], 0.5),
        ([1, 3], [2, 4], 0.75),
    ],
)
def test_the_area_under_the_curve_counts_pairs_and_halves_ties(
    one: list[float], other: list[float], area: float
) -> None:
    assert auc(one, other) == area


def test_two_samples_of_one_kind_cannot_be_told_apart() -> None:
    found = told(drawn(0, 1), drawn(0, 2), Random(3))
    assert found.near_chance
    assert abs(found.auc - 0.5) < 0.06
    assert abs(found.gap) < 0.3


@pytest.mark.parametrize("shift", [0.8, -0.8, 3])
def test_a_shift_is_found_by_every_classifier(shift: float) -> None:
    found = told(drawn(0, 1), drawn(shift, 2), Random(3))
    assert not found.near_chance
    assert found.threshold[1] > 0.5
    assert found.nearest[1] > 0.5


def test_what_one_threshold_cannot_see_the_neighbours_do() -> None:
    """Of one kind in the middle, of the other on both sides of it."""
    one, other = drawn(0, 1), drawn(-6, 2, 200) + drawn(6, 3, 200)
    rng = Random(4)
    rng.shuffle(other)
    assert accuracy(one, other, nearest, rng)[0] > 0.95
    assert accuracy(one, other, best_threshold, rng)[0] < 0.85
    assert not told(one, other, rng).near_chance


def test_asking_again_and_again_sharpens_what_one_time_hides() -> None:
    one, other = drawn(0, 1, 4000), drawn(0.2, 2, 4000)
    assert auc(one, other) < 0.6
    assert auc(averaged(one, 20), averaged(other, 20)) > 0.7
