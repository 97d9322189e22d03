"""Tries to work small numbers of the vault out of everything that is published of it, on invented histories.

    .venv/bin/python -m bench.disclosure --series 5000 [--seed 7] [--rounding 1] [--worlds]

Each series is a plan of nine quarters whose cells (survivors who accepted, and were referred; sealed cases; cases of
other lanes referred to the services of survivors) and public ordinary counts are drawn, some of them corrected between
two closings; the product's own rules say what is published. The attacker knows the rules, every release, every period
held back, and the ordinary counts. From sums of periods, and
from what a held-back quarter can hold at most, it works out all values that each quarter, half-year and year can have.
A number below the threshold that can have but one is recovered. `--worlds` tries, beside that, every history of a year
for a smaller threshold: whatever the published tables have in common is then known, however it was worked out.
Exit code 1 if anything was recovered.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any

from bench.disclosed_sets import MOST, Cell, Node, at_most, exactly, narrowed, only_one

if TYPE_CHECKING:
    from core.periods import Quarter
    from psea.disclosure import Fraction, Window
    from psea.models import Release

QUARTERS = 9
# Measures of cases beside a public count: reading B, and another that might come and would share its cells.
CONTEXTS = ("psea_over_referred_cases", "psea_over_another_count")
CELLS = ("referred", "waiting", "cases", "others")
# How many fall into one quarter, at most, from the quietest country to the busiest.
SIZES = (2, 4, 8, 12, 20, 35)
OUTSIDE = ((0, 12), (5, 40), (30, 200))
# The threshold, how much a quarter holds at most, which cells, and how many quarters of a year.
WORLDS = (
    (10, 13, "cases", 4),
    (4, 9, "cases", 4),
    (4, 9, "others", 4),
    (10, 22, "survivors", 2),
    (4, 12, "survivors", 2),
    (2, 4, "survivors", 4),
)


@dataclass
class Series:
    """One invented history, by quarter: survivors referred and not, cases, those of other lanes referred to the same
    services, and what the ordinary lanes count."""

    referred: list[int]
    waiting: list[int]
    cases: list[int]
    others: list[int]
    outside: dict[str, list[int]]
    # At which closing, of which quarter, in which list, by how much.
    corrections: list[tuple[int, int, str, int]]
    at_closing: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def drawn(rng: Random) -> Series:
    """One series; the sizes of its cells are drawn first, so that every mixture of small and large comes."""

    def cells() -> list[int]:
        most = rng.choice(SIZES)
        return [rng.randint(0, rng.choice((most, most, most // 2, 0))) for _quarter in range(QUARTERS)]

    outside = {}
    for name in CONTEXTS:
        least, most = rng.choice(OUTSIDE)
        outside[name] = [rng.randint(least, most) for _quarter in range(QUARTERS)]
    corrections = [
        (closing, rng.randrange(closing), rng.choice(CELLS), rng.choice((-2, -1, 1, 2, 5)))
        for closing in range(1, QUARTERS)
        if rng.random() < 0.3
    ]
    return Series(cells(), cells(), cells(), cells(), outside, corrections if rng.random() < 0.5 else [])


def plan_of() -> list[Quarter]:
    """The quarters of the plan: from the last one of a year, as the plan we know does."""
    from core.periods import Quarter, quarters  # noqa: PLC0415

    return list(quarters(Quarter(2020, 4), Quarter(2022, 4)))


def published(series: Series) -> list[Release]:
    """The ledger as the product's rules fill it, closing by closing."""
    from psea.disclosure import OF_SURVIVORS, OVER_SERVICE_REFERRALS, lines_of_closing  # noqa: PLC0415

    every = plan_of()
    whole = (every[0].first_day, every[-1].last_day)
    places = {quarter.first_day: number for number, quarter in enumerate(every)}
    measures = {OF_SURVIVORS: lambda window: _survivors(series, places, window)}
    measures |= {name: _context(series, places, name) for name in CONTEXTS}
    measures[OVER_SERVICE_REFERRALS] = lambda window: _others(series, places, window)
    ledger: list[Release] = []
    for number, quarter in enumerate(every):
        for closing, which, cells, change in series.corrections:
            if closing == number:
                changed = getattr(series, cells)
                changed[which] = max(0, changed[which] + change)
        for cells in CELLS:
            series.at_closing[cells].append(getattr(series, cells)[number])
        ledger += [row for row, _figure in lines_of_closing(quarter, whole, measures, ledger)]
    return ledger


def _in(cells: Sequence[int], places: Mapping[date, int], window: Window) -> int:
    """The sum of a period; quarters before the plan hold nothing."""
    return sum(cells[places[one.first_day]] for one in window.quarters if one.first_day in places)


def _survivors(series: Series, places: Mapping[date, int], window: Window) -> Fraction:
    from psea.disclosure import Fraction  # noqa: PLC0415

    referred = _in(series.referred, places, window)
    return Fraction(referred, referred + _in(series.waiting, places, window))


def _others(series: Series, places: Mapping[date, int], window: Window) -> Fraction:
    from psea.disclosure import Fraction  # noqa: PLC0415

    others = _in(series.others, places, window)
    return Fraction(others, others)


def _context(series: Series, places: Mapping[date, int], name: str) -> Any:
    from psea.disclosure import Fraction  # noqa: PLC0415

    def figure(window: Window) -> Fraction:
        cases, outside = _in(series.cases, places, window), _in(series.outside[name], places, window)
        return Fraction(cases, cases + outside, outside=outside)

    return figure


# -- the attacker ------------------------------------------------------------------------------------------------------


def attack(series: Series, ledger: Sequence[Release]) -> Iterator[tuple[str, str, int]]:
    """What was recovered: which cells, of which period, and the number below the threshold that it must be."""
    from psea.disclosure import OF_SURVIVORS, OVER_SERVICE_REFERRALS  # noqa: PLC0415

    survivors = [row for row in ledger if row.measure == OF_SURVIVORS]
    others = [row for row in ledger if row.measure == OVER_SERVICE_REFERRALS]
    cases = [row for row in ledger if row.measure in CONTEXTS]
    # Of a share among services both sides are looked at: it must tell nothing new of survivors either.
    yield from _recovered(series, [*survivors, *others], _held_back(survivors), ("referred", "waiting"))
    yield from _recovered(series, cases, _few_cases(series, cases), ("cases",))
    few_others = _held_back(others) - _held_back(survivors)
    yield from _recovered(series, others, few_others, ("others",))


def _held_back(rows: Sequence[Release]) -> set[date]:
    """The first days of the quarters that were held back."""
    return {row.first_day for row in rows if row.width == "quarter" and not row.is_published}


def _few_cases(series: Series, rows: Sequence[Release]) -> set[date]:
    """Held back although everybody can see that the ordinary lanes counted enough: the cases are few."""
    from django.conf import settings  # noqa: PLC0415

    places = {quarter.first_day: number for number, quarter in enumerate(plan_of())}
    held_back = [row for row in rows if row.first_day in _held_back([row])]
    enough = settings.RELEASE_THRESHOLD
    return {row.first_day for row in held_back if series.outside[row.measure][places[row.first_day]] >= enough}


def _recovered(
    series: Series, rows: Sequence[Release], small: set[date], cells: tuple[str, ...]
) -> Iterator[tuple[str, str, int]]:
    """In: what is read of these cells, and the quarters of which it is known that one side at least is small."""
    from django.conf import settings  # noqa: PLC0415

    for node in narrowed(_tree(rows, small, flat=len(cells) == 1)):
        for axis, name in enumerate(cells):
            value = only_one(node.possible, axis)
            true = {sum(values[one] for one in node.quarters) for values in _truths(series, name)}
            if value is not None and value < settings.RELEASE_THRESHOLD and value in true:
                yield name, node.name, value


def _truths(series: Series, cells: str) -> list[list[int]]:
    """The cells as they were when each was closed, and as they are in the end."""
    return [series.at_closing[cells], getattr(series, cells)]


def _tree(rows: Sequence[Release], small: set[date], *, flat: bool) -> list[Node]:
    """Every period as a node with what is known of it; the widest that hold the others come last."""
    every = plan_of()
    nodes: dict[tuple[int, ...], Node] = {
        (number,): Node(f"{quarter.code}", (number,), _of_quarter(quarter.first_day in small, flat=flat))
        for number, quarter in enumerate(every)
    }
    for size in (2, 4, QUARTERS):
        for first in range(0 if size == QUARTERS else 1, QUARTERS, size):
            span = tuple(range(first, first + size))
            if span[-1] < QUARTERS:
                nodes[span] = Node(f"{every[span[0]].code}–{every[span[-1]].code}", span, None)
    for row in rows:
        span = tuple(n for n, quarter in enumerate(every) if row.first_day <= quarter.first_day <= row.last_day)
        if row.is_published:
            said = _said_by(row, flat=flat)
            node = nodes[span]
            node.possible = said if node.possible is None else node.possible & said
    return sorted(nodes.values(), key=lambda node: len(node.quarters))


def _said_by(row: Release, *, flat: bool) -> int:
    """All that a published row can stand for: itself, or all that is rounded to it."""
    from django.conf import settings  # noqa: PLC0415

    from psea.disclosure import OVER_SERVICE_REFERRALS, Fraction, guarded, rounded  # noqa: PLC0415
    from psea.disclosure import Window as Span  # noqa: PLC0415
    from psea.enums import Width  # noqa: PLC0415

    said = guarded(row)
    if not flat and row.measure == OVER_SERVICE_REFERRALS:
        return exactly(Cell(said.difference, waiting) for waiting in range(QUARTERS * MOST))
    if not flat:
        return exactly([Cell(said.numerator, said.difference)])
    window, step = Span(Width(row.width), row.first_day, row.last_day), settings.RELEASE_ROUNDING
    near = range(max(0, said.numerator - step), said.numerator + step + 1)
    return exactly(
        Cell(number, 0)
        for number in near
        if rounded(Fraction(number, number, outside=0), window).numerator == said.numerator
    )


def _of_quarter(is_small: bool, *, flat: bool) -> int:
    """What a quarter can hold before any sum is looked at; one that is small, on one side at least."""
    from django.conf import settings  # noqa: PLC0415

    below = settings.RELEASE_THRESHOLD - 1
    if flat:
        return at_most(below if is_small else None, 0)
    return at_most(below, None) | at_most(None, below) if is_small else at_most(None, None)


# -- every history of a year -----------------------------------------------------------------------------------------


def worlds(threshold: int, most: int, unknown: str, length: int = 4) -> tuple[int, Counter[str]]:
    """In: a threshold, how much a quarter holds at most, which cells are not known ("survivors": two sides; "cases":
    those beside a public count; "others": those beside published survivors), how many quarters of a year.

    Out: how many histories; of each kind of cell, how many small numbers are the same in all histories whose releases
    are the same.
    """
    from django.test import override_settings  # noqa: PLC0415

    both = unknown == "survivors"
    values = [(one, other) for one in range(most + 1) for other in range(most + 1 if both else 1)]
    alike: dict[tuple[Any, ...], list[tuple[tuple[int, int], ...]]] = defaultdict(list)
    with override_settings(RELEASE_THRESHOLD=threshold, RELEASE_ROUNDING=1):
        for history in itertools.product(values, repeat=length):
            alike[_year_of(history, unknown)].append(history)
    found: Counter[str] = Counter()
    for said, histories in alike.items():
        if both and any(max(numerator, denominator - numerator) > most for *_days, numerator, denominator in said):
            continue  # a quarter could hold more than is tried here: what it cannot hold would be told by that alone
        for number, axis in itertools.product(range(length), range(2 if both else 1)):
            seen = {history[number][axis] for history in histories}
            if len(seen) == 1 and min(seen) < threshold:
                found[f"quarter {number + 1}, side {axis + 1}"] += 1
    return len(values) ** length, found


def _year_of(history: Sequence[tuple[int, int]], unknown: str) -> tuple[Any, ...]:
    """What is published of a year, held back or not."""
    from core.periods import Quarter  # noqa: PLC0415
    from psea.disclosure import OF_SURVIVORS, OVER_SERVICE_REFERRALS, Fraction, lines_of_closing  # noqa: PLC0415

    def cells(window: Window) -> tuple[int, int]:
        inside = [history[Quarter.of(one.first_day).number - 1] for one in window.quarters]
        return sum(cell[0] for cell in inside), sum(cell[1] for cell in inside)

    def survivors(window: Window) -> Fraction:
        one, other = cells(window)
        return Fraction(one, one + other)

    def cases(window: Window) -> Fraction:
        return Fraction(cells(window)[0], cells(window)[0] + 1000, outside=1000)

    def others(window: Window) -> Fraction:
        return Fraction(cells(window)[0], cells(window)[0])

    measures: dict[str, dict[str, Callable[[Window], Fraction]]] = {
        "survivors": {OF_SURVIVORS: survivors},
        "cases": {CONTEXTS[0]: cases},
        "others": {OF_SURVIVORS: lambda _window: Fraction(1000, 2000), OVER_SERVICE_REFERRALS: others},
    }
    ledger: list[Release] = []
    for number in range(1, len(history) + 1):
        ledger += [row for row, _figure in lines_of_closing(Quarter(2021, number), None, measures[unknown], ledger)]
    shown = [row for row in ledger if row.is_published]
    return tuple((row.measure, row.first_day, row.last_day, row.numerator, row.denominator) for row in shown)


def run(count: int, seed: int, *, to_the_first: bool = False) -> tuple[Counter[str], list[str], int]:
    """Out: how much was published and held back, what was recovered, and how many small cells there were to find.

    `to_the_first`: ends with the first series of which something was recovered.
    """
    from django.conf import settings  # noqa: PLC0415

    rng, seen, found, small = Random(seed), Counter[str](), [], 0
    for number in range(count):
        series = drawn(rng)
        ledger = published(series)
        seen.update(f"{row.width} {'published' if row.is_published else 'held back'}" for row in ledger)
        for cells in CELLS:
            small += sum(value < settings.RELEASE_THRESHOLD for value in series.at_closing[cells])
        found += [f"series {number}: {cells} of {name} is {value}" for cells, name, value in attack(series, ledger)]
        if found and to_the_first:
            break
    return seen, found, small


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name, default in (("series", 500), ("seed", 1), ("rounding", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--worlds", action="store_true", help="every history of a year, for smaller thresholds")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jaabi-disclosure-") as folder:
        set_up(folder, asked.rounding)
        began = time.monotonic()
        seen, found, small = run(asked.series, asked.seed)
        print("| period | published | held back |\n|---|---:|---:|")
        for width in ("quarter", "half_year", "year", "plan"):
            print(f"| {width} | {seen[f'{width} published']} | {seen[f'{width} held back']} |")
        print(
            f"\n{asked.series} series, {small} quarters' numbers below the threshold: {len(found)} recovered;", end=" "
        )
        print(f"rounding {asked.rounding}, seed {asked.seed}, {time.monotonic() - began:.0f} s")
        print("\n".join(found[:40]))
        recovered = len(found) + (_every_world() if asked.worlds else 0)
    return 1 if recovered else 0


def _every_world() -> int:
    print("\n| threshold | quarters | each holds | unknown | histories | small numbers recovered |")
    print("|---:|---:|---:|---|---:|---:|")
    recovered = 0
    for threshold, most, unknown, length in WORLDS:
        histories, found = worlds(threshold, most, unknown, length)
        recovered += sum(found.values())
        print(f"| {threshold} | {length} | 0–{most} | {unknown} | {histories} | {sum(found.values())} |", flush=True)
    return recovered


def set_up(folder: str, rounding: int) -> None:
    """The product's settings and code, without a database."""
    told = {"DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1", "VAR_DIR": folder, "LOG_LEVEL": "CRITICAL"}
    os.environ.update(told | {"RELEASE_ROUNDING": str(rounding)})
    import django  # noqa: PLC0415

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
