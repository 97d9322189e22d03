"""Small numbers: what is published must not give back what is withheld."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from core.periods import Quarter
from directory.models import Place
from feedback import statistics as voices
from feedback.enums import Channel
from feedback.models import Category
from feedback.statistics import About
from referrals import statistics as referrals
from referrals.statistics import Cohort
from tests.workplan.conftest import Tracker
from workplan.dashboard import figures, panels
from workplan.dashboard.answers import by_month
from workplan.dashboard.asked import Asked, DashboardFilters
from workplan.dashboard.months import month_name
from workplan.dashboard.panel import WITHHELD
from workplan.dashboard.places import by_place, category_by_region
from workplan.dashboard.referred import HEADINGS
from workplan.lineage import listed
from workplan.suppression import TOTAL, Table, is_small, publishable, publishable_list

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
@settings(max_examples=150)
def test_no_published_total_gives_a_withheld_cell_back(numbers: list[int]) -> None:
    counts = dict(zip(product(ROWS, COLUMNS), numbers, strict=True))
    table = publishable(counts, ROWS, COLUMNS)
    assert determined(table) == set()
    assert all(value is None for place, value in table.values.items() if 0 < counts.get(place, 0) < 5)


@pytest.mark.parametrize(("visible", "counted", "shown"), [(20, 20, 20), (18, 20, 15), (12, 20, 12), (2, 4, 0)])
def test_a_few_hidden_cases_do_not_show_by_subtraction(visible: int, counted: int, shown: int) -> None:
    assert listed(counted, visible) == shown


# -- the attack on whole pages ---------------------------------------------------------------------------------------

SEXES, CHANNELS, CATEGORIES = ("female", "male", "not_said"), ("sms", "web"), ("INFO", "SUGG")
CERCLES, MONTHS = ("ML0703", "ML0501"), ("2021-01", "2021-02", "2021-04", "2021-05")
STEPS = ("said", "triaged", "referred", "answered", "told", "settled")
QUARTERS = (Quarter(2021, 1), Quarter(2021, 2))
PAGES = [(quarter, sex) for quarter in QUARTERS for sex in ("", *SEXES)]
Vector = frozenset[Any]


@dataclass
class Said:
    """What was said, cell by cell, and what became of it; in the place of the database."""

    cells: dict[tuple[str, ...], dict[str, int]]
    rest: dict[Quarter, tuple[int, int]]

    @classmethod
    def drawn(cls, seed: int) -> Said:
        dice = random.Random(seed)
        cells: dict[tuple[str, ...], dict[str, int]] = {}
        for key in product(MONTHS, CHANNELS, CATEGORIES, CERCLES, SEXES):
            rare = (key[1] == "web") + (key[2] == "SUGG") + (key[4] == "not_said")
            left = dice.choice([[14, 20, 30], [0, 2, 6, 9], [0, 0, 0, 1], [0, 0, 0, 0, 0, 1]][rare])
            cells[key] = {}
            for step in STEPS:
                cells[key][step] = left = max(0, left - dice.choice([0, 0, 1, 3]))
            cells[key]["spoke"] = left
        return cls(cells, {quarter: (dice.choice([0, 2, 7]), dice.choice([0, 1, 8])) for quarter in QUARTERS})

    def count_of(self, cell: tuple[Any, Any, int]) -> int:
        """Of one cell, or of the rest of a quarter: with an answer (0), or without one (1)."""
        name, what, one = cell
        if name == "rest":
            return self.rest[what][one]
        counts = self.cells[(name, *what)]
        return counts["answered"] if one == 0 else counts["referred"] - counts["answered"]

    def count(self, step: str, within: Callable[[tuple[str, ...]], bool]) -> int:
        return sum(counts[step] for key, counts in self.cells.items() if within(key))

    def steps_by(self, *fields: str, counts: Any, period: Any, scope: Any, about: Any, cutoff: Any) -> Any:
        names = ("month", "channel", "category", "place", "sex")
        found: dict[tuple[str, ...], list[int]] = {}
        for key, known in self.cells.items():
            said = dict(zip(names, key, strict=True))
            begins = datetime(int(key[0][:4]), int(key[0][5:]), 1, tzinfo=UTC)
            if begins in period and all(said[name] == value for name, value in about.asked.items()):
                sums = found.setdefault(tuple(said[field] for field in fields), [0] * len(counts))
                sums[:] = [a + known[name] for a, name in zip(sums, counts, strict=True)]
        return found

    def cohorts_of(self, *fields: str, **within: Any) -> Any:
        found = self.steps_by(*fields, counts=["referred", "answered"], **within)
        at = fields.index("month") if "month" in fields else -1
        return {
            tuple(f"{part}-01" if place == at else part for place, part in enumerate(key)): Cohort(*counts)
            for key, counts in found.items()
        }

    def referred_cohort(self, period: Any, cutoff: Any = None) -> Cohort:
        of_period: dict[str, Any] = {"period": period, "scope": None, "about": About(), "cutoff": None}
        found = self.steps_by(counts=["referred", "answered"], **of_period)
        referred, answered = found.get((), (0, 0))
        more = next((rest for quarter, rest in self.rest.items() if quarter.period == period), (0, 0))
        return Cohort(referred + sum(more), answered + more[0])


@pytest.fixture(params=range(8))
def drawn(request: Any, tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> Said:
    made = Said.drawn(request.param)
    monkeypatch.setattr(voices, "steps_by", made.steps_by)
    monkeypatch.setattr(referrals, "cohorts_of", made.cohorts_of)
    monkeypatch.setattr(referrals, "referred_cohort", made.referred_cohort)
    return made


def given_back(shown: set[Vector], small: set[Vector]) -> set[Vector]:
    """The attack: which small cells are a sum, or a difference, of what is shown. A vector is what a cell adds up."""
    prime = 2**31 - 1
    basis: dict[int, dict[int, int]] = {}

    order = {cell: place for place, cell in enumerate({cell for cells in (*shown, *small) for cell in cells})}

    def reduced(cells: Vector) -> dict[int, int]:
        row = {order[cell]: 1 for cell in cells}
        while row:
            head = min(row)
            if head not in basis:
                return row
            factor = row[head]
            for cell, count in basis[head].items():
                row[cell] = (row.get(cell, 0) - factor * count) % prime
                if not row[cell]:
                    del row[cell]
        return row

    for cells in shown:
        row = reduced(cells)
        if row:
            head = min(row)
            inverse = pow(row[head], -1, prime)
            basis[head] = {cell: count * inverse % prime for cell, count in row.items()}
    return {cells for cells in small if not reduced(cells)}


def asked_for(quarter: Quarter, sex: str) -> Asked:
    return DashboardFilters({"period": quarter.code, **({"sex": sex} if sex else {})}).asked()


def test_no_small_cell_of_the_tables_follows_from_all_the_pages_of_a_filter(drawn: Said) -> None:
    labels = dict(Category.objects.values_list("label", "code"))
    places = {name: pcode for pcode, name in Place.objects.cercles().values_list("pcode", "name")}
    regions = {name: pcode for pcode, name in Place.objects.regions().values_list("pcode", "name")}
    months = {month_name(f"{year}-{n:02}"): f"{year}-{n:02}" for year in (2020, 2021) for n in range(1, 13)}
    channels = {str(Channel(each).label): each for each in CHANNELS}
    read: dict[str, Callable[[str, str], dict[int, str]]] = {
        "volume": lambda row, column: {0: months.get(row, ""), 1: channels.get(column, "")},
        "category": lambda row, _column: {2: labels.get(row, "")},
        "regions": lambda row, _column: {3: regions.get(row, "")},
        "cercles": lambda row, _column: {3: places.get(row, "")},
        "channel": lambda row, _column: {1: channels.get(row, "")},
        "crossed": lambda row, column: {2: labels.get(row, ""), 3: regions.get(column, "")},
    }
    shown, small, seen = set(), set(), 0
    for quarter, sex in PAGES:
        asked, last = asked_for(quarter, sex), quarter.last_day.month
        made = [panels.volume(asked), panels.by_category(asked), panels.by_channel(asked)]
        made += [category_by_region(asked), *by_place(asked)]
        cells = [
            (panel.name, read[panel.name](row, heading), text)
            for panel in made
            for row, *texts in panel.rows
            for heading, text in zip(panel.headings[1:], texts, strict=True)
            if heading not in map(str, HEADINGS)
        ]
        cells.append(("top", {}, str(WITHHELD) if "said" in figures.withheld(asked) else "1"))
        for name, where, text in cells:
            vector = frozenset(
                key
                for key in drawn.cells
                if (not sex or key[4] == sex)
                and (name == "volume" or last - 3 < int(key[0][5:]) <= last)
                and int(key[0][5:]) <= last
                and all(not code or key[at].startswith(code) for at, code in where.items())
            )
            seen += 1
            if text != str(WITHHELD):
                shown.add(vector)
            if is_small(drawn.count("said", vector.__contains__)):
                small.add(vector)
    assert len(small) > 3
    assert len(shown) > seen / 40
    assert given_back(shown, small) == set()


def test_no_small_step_nor_what_was_lost_between_two_follows_from_all_the_pages_of_a_filter(drawn: Said) -> None:
    shown, small = set(), set()
    for quarter, sex in PAGES:
        asked, last = asked_for(quarter, sex), quarter.last_day.month
        keys = [k for k in drawn.cells if (not sex or k[4] == sex) and last - 3 < int(k[0][5:]) <= last]
        steps = [frozenset((key, step) for key in keys) for step in STEPS]
        counts = [drawn.count(step, keys.__contains__) for step in STEPS]
        texts = [text for _name, text in panels.to_settled(asked).rows]
        shown |= {vector for vector, text in zip(steps, texts, strict=True) if text != str(WITHHELD)}
        if "said" not in figures.withheld(asked):
            shown.add(steps[0])
        small |= {vector for vector, count in zip(steps, counts, strict=True) if is_small(count)}
        told = [at for at, text in enumerate(texts) if text != str(WITHHELD)]
        assert not [at for at in told for other in told if is_small(abs(counts[at] - counts[other]))]
    assert given_back(shown, small) == set()


def test_no_small_number_of_answers_follows_from_all_tables_filters_and_the_top_line(drawn: Said) -> None:
    """Of months, categories, channels, regions and cercles together: their totals are one."""
    places = Place.objects.values_list("name", "pcode")
    read: dict[str, tuple[int, dict[str, str]]] = {
        "answers": (0, {month_name(month): month for month in MONTHS}),
        "channel": (1, {str(Channel(each).label): each for each in CHANNELS}),
        "category": (2, dict(Category.objects.values_list("label", "code"))),
        "regions": (3, dict(places.filter(level=1))),
        "cercles": (3, dict(places.filter(level=2))),
    }
    shown, small, told = set(), set(), Counter[str]()

    def add(cells: set[Any], texts: Sequence[str]) -> None:
        """The cells of a row, those with an answer, and those that wait; and what is shown of the first two."""
        answered = frozenset(cell for cell in cells if cell[2] == 0)
        for vector, text in zip((frozenset(cells), answered, frozenset(cells - answered)), (*texts, ""), strict=True):
            if text and text != str(WITHHELD):
                shown.add(vector)
            if is_small(sum(drawn.count_of(cell) for cell in vector)):
                small.add(vector)

    for quarter, sex in PAGES:
        asked, last = asked_for(quarter, sex), quarter.last_day.month
        mine = [key for key in drawn.cells if (not sex or key[4] == sex) and int(key[0][5:]) <= last]
        rest = set() if sex else {("rest", quarter, one) for one in (0, 1)}
        for cell in rest:
            add({cell}, ["", ""])
        of_quarter = {(key[0], key[1:], one) for key in mine if int(key[0][5:]) > last - 3 for one in (0, 1)}
        top = [str(WITHHELD) if key in figures.withheld(asked) else "shown" for key in ("referred", "answered")]
        add(of_quarter | rest, top)
        made = [by_month(asked), panels.by_channel(asked), panels.by_category(asked), *by_place(asked)]
        for table, (name, *texts) in [(panel.name, row) for panel in made for row in panel.rows]:
            at, codes = read[table]
            if name == "Ensemble":
                add(of_quarter | rest, texts[-2:])
            elif name in codes:
                row = {(key[0], key[1:], one) for key in mine if key[at].startswith(codes[name]) for one in (0, 1)}
                add(row if table == "answers" else row & of_quarter, texts[-2:])
                told[table] += texts[-2] not in (str(WITHHELD), "0")
    assert small
    assert set(told) == set(read)
    assert all(told[name] for name in read if name != "cercles"), told  # only where nothing of a region is withheld
    assert given_back(shown, small) == set()
