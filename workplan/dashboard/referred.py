"""Cases first referred in a quarter, and those of them that have an answer, row by row: months, weeks, categories,
places and channels.

Tables of one quarter share their totals and what the country's figure counts beyond them (decision 22): neither stands
as a companion in one table while another gives it away.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from core.periods import Period
from core.reading_once import read_once
from workplan.dashboard.asked import Asked
from workplan.dashboard.figures import withheld
from workplan.dashboard.panel import words
from workplan.dashboard.slices import ROW_OF_REST, Slices, cohorts, rest_of, table_of, with_rest
from workplan.suppression import TOTAL, Place, Table, is_small

COLUMNS = ("answered", "waiting")
HEADINGS = (_("Référés"), _("Répondus"))
NOTE = _("Référés dans le trimestre, circuit ordinaire ; l’ensemble est celui du haut de la page.")
_TOTALS = (*COLUMNS, TOTAL)


@dataclass(frozen=True)
class Referred:
    """What is published of the rows; `own`: those that the asked cases have something in."""

    table: Table
    own: Collection[str]
    withheld: Collection[str]
    headings: Sequence[StrOrPromise] = HEADINGS

    def cells(self, row: str) -> tuple[str, str]:
        """How many were referred, and how many of these have an answer, in words; of the total too. Of a row whose
        number is withheld, nothing is said.
        """
        hidden = self.withheld if row == TOTAL else ()
        whole, part = (None if key in hidden else self._count(row, of) for key, of in _OF_TOP_LINE)
        return words(whole), words(None if whole is None else part)

    def is_whole(self, row: str) -> bool:
        """Whether nothing of a row is withheld."""
        return all(self._count(row, column) is not None for column in _TOTALS)

    def _count(self, row: str, column: str) -> int | None:
        return self.table.values.get((row, column), 0)


# The figures that a total is.
_OF_TOP_LINE = (("referred", TOTAL), ("answered", "answered"))


@read_once
def referred_by(asked: Asked, field: str, row_of: Callable[[str], str] = str) -> Referred:
    """By "category", "channel" or "place"; `row_of`: the row in which such a code is counted, if not its own."""
    found = cohorts(asked, asked.quarter.period, field)
    names = sorted({row_of(key[0]) for each in found for of in each.found.values() for key in of})
    table = referred_table(asked, found, asked.quarter.period, names, row_of)
    own = {row_of(key[0]) for key, counts in found[0].found[found[0].own].items() if any(counts)}
    return Referred(table, own, withheld(asked))


def referred_within(asked: Asked, parts: Collection[str]) -> Referred:
    """By place, of these alone, whose total is a row of another table that is shown whole."""
    found = [
        Slices(
            each.own, {name: {key: n for key, n in of.items() if key[0] in parts} for name, of in each.found.items()}
        )
        for each in cohorts(asked, asked.quarter.period, "place")
    ]
    tables = [(each.own, each.tables(lambda key, n: cells(key[0], n))) for each in found]
    known = [(TOTAL, name) for name in _TOTALS]
    return Referred(table_of(tables, sorted(parts), COLUMNS, known), parts, ())


def referred_table(
    asked: Asked, found: Sequence[Slices], period: Period, names: Sequence[str], row_of: Callable[[str], str]
) -> Table:
    """In: what was found in a period, and the row of each key. Out: how many of each row have an answer, and have none.

    What the country's figure counts beyond them is a row too, and not shown: withheld altogether, or by nothing.
    """
    tables, rest = [], (0, 0)
    for each in found:
        whole = with_rest(asked, each, period)
        rest = rest_of(asked, each, period) if whole is not each else rest
        tables.append((each.own, whole.tables(lambda key, n: cells(_row(key[0], row_of), n))))
    known, of_rest = [(TOTAL, name) for name in _TOTALS], [(ROW_OF_REST, name) for name in _TOTALS]
    hidden = of_rest if any(map(is_small, (*rest, sum(rest)))) else []
    return table_of(tables, [*names, ROW_OF_REST], COLUMNS, [*known, *([] if hidden else of_rest)], hidden)


def _row(key: str, row_of: Callable[[str], str]) -> str:
    return key if key == ROW_OF_REST else row_of(key)


def cells(row: str, counts: Sequence[int]) -> list[tuple[Place, int]]:
    return [((row, name), count) for name, count in zip(COLUMNS, counts, strict=True)]
