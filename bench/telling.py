"""Whether two kinds of answers can be told apart by the time they took: simple classifiers, and how sure one can be.

Chance is 0.5 everywhere: an area under the curve of 0.5, half of the guesses right.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from statistics import mean, median

from bench.intervals import wilson

FOLDS = 5
NEIGHBOURS = 15
ROUNDS = 1000
Labelled = list[tuple[float, bool]]
Guess = Callable[[float], bool]


@dataclass(frozen=True)
class Told:
    """What can be told from two samples. `gap`: the second's median less the first's; `near`: no usable difference."""

    count: int
    gap: float
    auc: float
    auc_interval: tuple[float, float]
    threshold: tuple[float, float, float]
    nearest: tuple[float, float, float]

    @property
    def near_chance(self) -> bool:
        """No interval lies wholly on one side of chance."""
        low, high = self.auc_interval
        return low <= 0.5 <= high and self.threshold[1] <= 0.5 and self.nearest[1] <= 0.5


def told(one: Sequence[float], other: Sequence[float], rng: Random) -> Told:
    """In: times of each kind. Out: area under the curve with a bootstrap interval, and cross-validated guesses."""
    return Told(
        count=min(len(one), len(other)),
        gap=median(other) - median(one),
        auc=auc(one, other),
        auc_interval=auc_interval(one, other, rng),
        threshold=accuracy(one, other, best_threshold, rng),
        nearest=accuracy(one, other, nearest, rng),
    )


def auc(one: Sequence[float], other: Sequence[float]) -> float:
    """How likely a time of the second kind is longer than one of the first; a tie is half."""
    ordered = sorted(one)
    below = sum(bisect_left(ordered, value) + bisect_right(ordered, value) for value in other)
    return below / (2 * len(one) * len(other))


def auc_interval(
    one: Sequence[float], other: Sequence[float], rng: Random, rounds: int = ROUNDS
) -> tuple[float, float]:
    """95 % of what it is when both samples are drawn again from themselves."""
    found = sorted(auc(rng.choices(one, k=len(one)), rng.choices(other, k=len(other))) for _round in range(rounds))
    return found[int(0.025 * rounds)], found[int(0.975 * rounds)]


def accuracy(
    one: Sequence[float], other: Sequence[float], learn: Callable[[Labelled], Guess], rng: Random
) -> tuple[float, float, float]:
    """The share guessed right of what was not learned from, in FOLDS parts, and its 95 % interval."""
    size = min(len(one), len(other))
    sample: Labelled = [(value, False) for value in one[:size]] + [(value, True) for value in other[:size]]
    rng.shuffle(sample)
    right = 0
    for learned, tried in _folds(sample):
        guess = learn(learned)
        right += sum(guess(value) is label for value, label in tried)
    return right / len(sample), *wilson(right, len(sample))


def best_threshold(learned: Labelled) -> Guess:
    """The one time, and the side of it, that would have guessed most of these right."""
    ordered = sorted(learned)
    # Right so far if all up to here are of the first kind and all beyond of the second.
    right = sum(label for _value, label in ordered)
    most, at, longer_is_second = max(right, len(ordered) - right), float("-inf"), right * 2 >= len(ordered)
    for value, label in ordered:
        right += -1 if label else 1
        if max(right, len(ordered) - right) > most:
            most, at, longer_is_second = max(right, len(ordered) - right), value, right * 2 >= len(ordered)
    return lambda value: (value > at) is longer_is_second


def nearest(learned: Labelled) -> Guess:
    """What most of the NEIGHBOURS nearest times were."""
    ordered = sorted(learned)
    values = [value for value, _label in ordered]

    def guess(value: float) -> bool:
        low = high = bisect_left(values, value)
        seconds = 0
        for _neighbour in range(min(NEIGHBOURS, len(values))):
            take_low = low > 0 and (high == len(values) or value - values[low - 1] <= values[high] - value)
            low, high = (low - 1, high) if take_low else (low, high + 1)
            seconds += ordered[low if take_low else high - 1][1]
        return 2 * seconds > NEIGHBOURS

    return guess


def averaged(values: Sequence[float], each: int) -> list[float]:
    """Means of so many one after another: what somebody sees who asks again and again."""
    return [mean(values[at : at + each]) for at in range(0, len(values) - each + 1, each)]


def _folds(sample: Labelled) -> Iterator[tuple[Labelled, Labelled]]:
    for number in range(FOLDS):
        tried = sample[number::FOLDS]
        yield [one for place, one in enumerate(sample) if place % FOLDS != number], tried
