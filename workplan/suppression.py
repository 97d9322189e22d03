"""Small numbers in published tables: hidden, with enough others that no total gives them back (facts.md §4).

A cell from 1 to SMALL_CELL - 1 is hidden. Then others are hidden until no hidden cell follows from the totals:
with rows and columns as points and hidden cells as lines between them, a cell follows exactly when it lies on no
circle. And no line of hidden cells may sum to less than SMALL_CELL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
    hidden = {place for place, count in full.items() if is_small(count)}
    while (companion := _against_algebra(full, hidden) or _against_sums(full, hidden)) is not None:
        hidden.add(companion)
    return Table(rows, columns, {place: None if place in hidden else count for place, count in full.items()})


def publishable_list(counts: Mapping[Key, int]) -> dict[Key, int | None]:
    """In: counts that add up to a total. Out: the same and the total (under TOTAL), small ones withheld."""
    keys = list(counts)
    table = publishable({(key, "n"): count for key, count in counts.items()}, keys, ["n"])
    return {key: table.values[key, "n"] for key in (*keys, TOTAL)}


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


def _against_sums(full: Counts, hidden: set[Place]) -> Place | None:
    """One more cell to hide because a total that is shown tells that what is hidden in its line is little."""
    for axis, index in (("row", 0), ("column", 1)):
        for name in sorted({place[index] for place in hidden}):
            total = (name, TOTAL) if axis == "row" else (TOTAL, name)
            line = [place for place in full if place[index] == name]
            inside = sum(full[place] for place in line if place in hidden)
            if total not in hidden and inside < settings.SMALL_CELL:
                return _cheapest(full, [place for place in line if place not in hidden])
    return None


def _cheapest(full: Counts, places: Sequence[Place]) -> Place | None:
    """The smallest that is not zero and no total, else a zero, else a total."""
    return min(places, key=lambda place: (TOTAL in place, full[place] == 0, full[place], place), default=None)
