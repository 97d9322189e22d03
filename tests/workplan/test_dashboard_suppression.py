"""Small numbers: what is published must not give back what is withheld."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from workplan.lineage import listed
from workplan.suppression import TOTAL, Table, publishable, publishable_list

ROWS, COLUMNS = ["a", "b", "c", "d"], ["x", "y", "z"]


def determined(table: Table) -> set[tuple[str, str]]:
    """The attack: every withheld cell that the published totals give back, by linear algebra."""
    rows, columns = [*table.rows, TOTAL], [*table.columns, TOTAL]
    unknown = [place for place in product(rows, columns) if table.values[place] is None]
    equations = [
        [Fraction(_weight(place, line)) for place in unknown]
        for line in [("row", r) for r in rows] + [("column", c) for c in columns]
    ]
    return {place for position, place in enumerate(unknown) if _is_pinned(equations, position, len(unknown))}


def _weight(place: tuple[str, str], line: tuple[str, str]) -> int:
    """What a cell counts for in "the cells of this line, less its total, are nothing"."""
    row, column = place
    kind, name = line
    if (row if kind == "row" else column) != name:
        return 0
    return -1 if (column if kind == "row" else row) == TOTAL else 1


def _is_pinned(equations: list[list[Fraction]], position: int, width: int) -> bool:
    target = [Fraction(int(i == position)) for i in range(width)]
    return _rank(equations) == _rank([*equations, target])


def _rank(matrix: list[list[Fraction]]) -> int:
    rows, rank = [list(row) for row in matrix], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((r for r in range(rank, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for r in range(len(rows)):
            if r != rank and rows[r][column]:
                factor = rows[r][column] / rows[rank][column]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[rank], strict=True)]
        rank += 1
    return rank


def test_the_attack_finds_what_hiding_one_cell_alone_leaves_open() -> None:
    counts = {("a", "x"): 2, ("a", "y"): 30, ("b", "x"): 40, ("b", "y"): 50}
    full = publishable(dict.fromkeys(counts, 100), ["a", "b"], ["x", "y"]).values
    naive = Table(["a", "b"], ["x", "y"], {**full, ("a", "x"): None})
    assert determined(naive) == {("a", "x")}


def test_one_small_cell_takes_three_others_with_it() -> None:
    counts = {("a", "x"): 2, ("a", "y"): 30, ("b", "x"): 40, ("b", "y"): 50}
    table = publishable(counts, ["a", "b"], ["x", "y"])
    assert {place for place, value in table.values.items() if value is None} == set(counts)
    assert table.values[TOTAL, TOTAL] == 122
    assert determined(table) == set()


def test_a_table_without_small_numbers_is_published_whole_zeros_included() -> None:
    counts = {("a", "x"): 12, ("b", "y"): 30}
    table = publishable(counts, ["a", "b"], ["x", "y"])
    assert not table.has_withheld
    assert table.row("a") == [12, 0, 12]
    assert table.total_row == [12, 30, 42]


def test_a_small_number_in_a_list_hides_the_next_smallest_too() -> None:
    assert publishable_list({"INFO": 40, "MERCI": 3, "SUGG": 8}) == {"INFO": 40, "MERCI": None, "SUGG": None, TOTAL: 51}


def test_a_list_of_one_small_number_hides_its_total() -> None:
    assert publishable_list({"INFO": 3}) == {"INFO": None, TOTAL: None}


def test_two_ones_are_not_given_away_by_a_total_of_two() -> None:
    shown = publishable_list({"INFO": 1, "MERCI": 1, "SUGG": 90})
    assert shown == {"INFO": None, "MERCI": None, "SUGG": None, TOTAL: 92}


@override_settings(SMALL_CELL=10)
def test_the_threshold_is_a_setting() -> None:
    assert publishable_list({"INFO": 40, "MERCI": 9, "SUGG": 12}) == {
        "INFO": 40,
        "MERCI": None,
        "SUGG": None,
        TOTAL: 61,
    }


@given(st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 20, 70]), min_size=12, max_size=12))
@settings(max_examples=150, deadline=None)
def test_no_published_total_gives_a_withheld_cell_back(numbers: list[int]) -> None:
    counts = dict(zip(product(ROWS, COLUMNS), numbers, strict=True))
    table = publishable(counts, ROWS, COLUMNS)
    assert determined(table) == set()
    assert all(value is None for place, value in table.values.items() if 0 < counts.get(place, 0) < 5)


@pytest.mark.parametrize(("visible", "counted", "shown"), [(20, 20, 20), (18, 20, 15), (12, 20, 12), (2, 4, 0)])
def test_a_few_hidden_cases_do_not_show_by_subtraction(visible: int, counted: int, shown: int) -> None:
    assert listed(counted, visible) == shown
