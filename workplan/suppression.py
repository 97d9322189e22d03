"""Small numbers in published tables: hidden, with enough others that no total gives them back (facts.md §4).

A cell from 1 to SMALL_CELL - 1 is hidden. Then others are hidden until no hidden cell follows from the totals:
with rows and columns as points and hidden cells as lines between them, a cell follows exactly when it lies on no
circle. And no line of hidden cells may sum to less than SMALL_CELL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings

TOTAL = "__total__"
Key = str
Place = tuple[Key, Key]
Line = tuple[str, Key]
Counts = Mapping[Place, int]


@dataclass(frozen=True)
class Table:
    """A table ready to be shown: None where a number is withheld. Totals are under TOTAL."""

    rows: Sequence[Key]
    columns: Sequence[Key]
    values: Mapping[Place, int | None]

    def row(self, row: Key) -> list[int | None]:
        """The cells of a row in the order of the columns, its total last."""
        return [self.values[row, column] for column in (*self.columns, TOTAL)]

    @property
    def total_row(self) -> list[int | None]:
        return self.row(TOTAL)

    @property
    def has_withheld(self) -> bool:
        return any(value is None for value in self.values.values())


def is_small(count: int) -> bool:
    """Whether a count could give someone away; zero does not."""
    return bool(0 < count < settings.SMALL_CELL)


def publishable(counts: Counts, rows: Sequence[Key], columns: Sequence[Key]) -> Table:
    """In: counts by (row, column); missing is 0. Out: the table with totals, small numbers withheld."""
    full = _with_totals(counts, rows, columns)
    return _shown(rows, columns, full, _hidden([full]))


def publishable_slice(
    slices: Mapping[Key, Counts],
    key: Key,
    rows: Sequence[Key],
    columns: Sequence[Key],
    known: Iterable[Place] = (),
    hidden: Iterable[Place] = (),
) -> Table:
    """In: tables that add up to one that is published too, as those of women, of men and of who did not say add up to
    everyone's. Out: the one of `key`, with what is withheld in it, so that all of them together give nothing back.

    What is withheld of one is withheld of each, in the same places: then what is hidden can move from one to another
    without any total showing it. Slices that are withheld altogether stand together as one. `known`: totals that stand
    elsewhere, so that nothing hides behind them; the total of all is one, unless it is small. `hidden`: what is
    withheld in any case.
    """
    shown = told_parts({name: sum(counts.values()) for name, counts in slices.items()})
    named = {name: _with_totals(counts, rows, columns) for name, counts in slices.items()}
    full = {place: sum(each[place] for each in named.values()) for place in _with_totals({}, rows, columns)}
    if key not in shown:
        return _shown(rows, columns, full, set(full))
    told = [each for name, each in named.items() if name in shown]
    left = {place: full[place] - sum(each[place] for each in told) for place in full}
    fixed = {*known, *([] if is_small(full[TOTAL, TOTAL]) else [(TOTAL, TOTAL)])}
    return _shown(rows, columns, named[key], _hidden([full, *told, left], _hidden([full], hidden, fixed), fixed))


def _hidden(
    tables: Sequence[Counts], already: Iterable[Place] = (), fixed: Collection[Place] = frozenset()
) -> set[Place]:
    """What must be withheld in the same places of tables of one shape; the first says which companions are cheapest.

    `fixed`: places that cannot be withheld.
    """
    first = tables[0]
    may = {place: count for place, count in first.items() if place not in fixed}
    hidden = {*already, *(place for each in tables for place in may if is_small(each[place]))}
    while (companion := _against_algebra(may, hidden) or _against_all_sums(tables, hidden, may)) is not None:
        hidden.add(companion)
    return hidden


def _shown(rows: Sequence[Key], columns: Sequence[Key], full: Counts, hidden: set[Place]) -> Table:
    return Table(rows, columns, {place: None if place in hidden else count for place, count in full.items()})


def publishable_list(counts: Mapping[Key, int]) -> dict[Key, int | None]:
    """In: counts that add up to a total. Out: the same and the total (under TOTAL), small ones withheld."""
    keys = list(counts)
    table = publishable({(key, "n"): count for key, count in counts.items()}, keys, ["n"])
    return {key: table.values[key, "n"] for key in (*keys, TOTAL)}


def told_parts(counts: Mapping[Key, int]) -> set[Key]:
    """Which parts of a total may be shown; the part without a name ("") may be known from elsewhere, and hides none."""
    named = {key: count for key, count in counts.items() if key}
    shown = [{key for key, count in publishable_list(each).items() if count is not None} for each in (counts, named)]
    return {key for key in counts if key in shown[0] and (not key or key in shown[1])}


def _with_totals(counts: Counts, rows: Sequence[Key], columns: Sequence[Key]) -> dict[Place, int]:
    full = {(row, column): counts.get((row, column), 0) for row in rows for column in columns}
    for row in rows:
        full[row, TOTAL] = sum(full[row, column] for column in columns)
    for column in (*columns, TOTAL):
        full[TOTAL, column] = sum(full[row, column] for row in rows)
    return full


def _against_algebra(full: Counts, hidden: set[Place]) -> Place | None:
    """One more cell to hide because another follows from the totals; None when none does."""
    crossing: dict[Line, set[Line]] = defaultdict(set)
    for row, column in hidden:
        crossing["row", row].add(("column", column))
        crossing["column", column].add(("row", row))
    for row, column in sorted(hidden):
        ends = ("row", row), ("column", column)
        from_row = _reached(*ends, crossing)
        if ends[1] not in from_row:
            from_column = _reached(ends[1], ends[0], crossing)
            return _closing(full, from_row, from_column) or _extending(full, hidden, row, column)
    return None


def _reached(start: Line, other: Line, crossing: Mapping[Line, set[Line]]) -> set[Line]:
    """The rows and columns that hidden cells lead to from `start`, but for the cell where it crosses `other`."""
    reached, left = {start}, [start]
    while left:
        here = left.pop()
        for line in crossing[here] - reached:
            if (here, line) not in ((start, other), (other, start)):
                reached.add(line)
                left.append(line)
    return reached


def _closing(full: Counts, from_row: set[Line], from_column: set[Line]) -> Place | None:
    """The cheapest cell that closes a circle: between what the row leads to and what the column leads to."""
    between = [
        (row, column) for row, column in full if (("row", row) in from_column and ("column", column) in from_row)
    ]
    return _cheapest(full, between)


def _extending(full: Counts, hidden: set[Place], row: Key, column: Key) -> Place | None:
    """The cheapest cell of a line in which this hidden one stands alone: a circle needs it to lead further."""
    alone_in_row = sum(place[0] == row for place in hidden) == 1
    alone_in_column = sum(place[1] == column for place in hidden) == 1
    beside = [
        place
        for place in full
        if place not in hidden and ((place[0] == row and alone_in_row) or (place[1] == column and alone_in_column))
    ]
    return _cheapest(full, beside)


def _against_all_sums(tables: Sequence[Counts], hidden: set[Place], may: Counts) -> Place | None:
    found = (_against_sums(each, hidden, may, at_least=int(number > 0)) for number, each in enumerate(tables))
    return next((place for place in found if place is not None), None)


def _against_sums(full: Counts, hidden: set[Place], may: Counts, at_least: int) -> Place | None:
    """One more cell to hide because a total that is shown tells that what is hidden in its line is little.

    `at_least`: what little begins with: that nothing is hidden tells of nobody where another table has the same line.
    """
    for index in (0, 1):
        inside: dict[Key, int] = defaultdict(int)
        for place in hidden:
            inside[place[index]] += full[place]
        for name in sorted(inside):
            total = (name, TOTAL) if index == 0 else (TOTAL, name)
            if total not in hidden and at_least <= inside[name] < settings.SMALL_CELL:
                left = [place for place in may if place[index] == name and place not in hidden]
                if left:
                    return _cheapest(may, left)
    return None


def _cheapest(full: Counts, places: Sequence[Place]) -> Place | None:
    """The smallest that is not zero and no total, else a zero, else a total."""
    return min(places, key=lambda place: (TOTAL in place, full[place] == 0, full[place], place), default=None)
