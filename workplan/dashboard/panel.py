"""One panel of the dashboard: a picture, and its table with small numbers withheld."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

from core.formats import alphabetical, format_number
from workplan.charts import Bar, Chart, bars
from workplan.suppression import TOTAL, publishable_list

# What stands where a number is withheld.
WITHHELD = pgettext_lazy("non publié", "n. p.")
# Bars that one takes in at a glance; the table has the rest.
DRAWN = 8


class Beside(Protocol):
    """Columns beside the counts of a list: their cells by its keys, TOTAL included."""

    @property
    def headings(self) -> Sequence[StrOrPromise]: ...

    def cells(self, row: str, /) -> Sequence[str]: ...


@dataclass(frozen=True)
class Panel:
    """`rows` have one text per heading; the first names the row. `in_table_only`: rows the picture leaves out.

    `figure`: the one of `workplan.dashboard.figures` whose definition it is counted by, "" where it is none. `codes`:
    P-codes of the first rows, where they are places.
    """

    name: str
    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    chart: Chart | None = None
    is_wide: bool = False
    note: str = ""
    in_table_only: int = 0
    figure: str = ""
    codes: Sequence[str] = ()

    @property
    def has_withheld(self) -> bool:
        return any(cell == str(WITHHELD) for row in self.rows for cell in row)

    def lines(self) -> Iterator[tuple[str, str, Sequence[int | str]]]:
        """Each row: its P-code where it is a place, its name, and its cells: a count as a number, the rest in words."""
        codes = [*self.codes, *[""] * (len(self.rows) - len(self.codes))]
        for code, (name, *cells) in zip(codes, self.rows, strict=True):
            yield code, name, [_plain(cell) for cell in cells]


def words(count: int | None) -> str:
    """A count, or the mark of one that is withheld."""
    return str(WITHHELD) if count is None else format_number(count)


def list_panel(
    name: str,
    title: str,
    counts: Mapping[str, int],
    labels: Mapping[str, str],
    note: str = "",
    *,
    shown: Mapping[str, int | None] | None = None,
    beside: Beside | None = None,
    figure: str = "",
) -> Panel:
    """Counts that add up, longest first, withheld ones last in the order of their labels.

    `shown`: what is published of them and of their total, where more than this list decides. `beside`: columns more.
    """
    shown = publishable_list(counts) if shown is None else shown
    names = {key: str(labels.get(key, key)) for key in counts}
    ordered = sorted(counts, key=lambda key: (shown[key] is None, -(shown[key] or 0), alphabetical(names[key])))
    # A bar has room for a short label: what stands in brackets is in the table.
    items = [Bar(names[key].partition(" (")[0], shown[key], words(shown[key])) for key in ordered[:DRAWN]]
    names[TOTAL] = _("Ensemble")
    rows = [(names[key], words(shown[key]), *(beside.cells(key) if beside else ())) for key in (*ordered, TOTAL)]
    chart = bars(name, title, _("Du plus fréquent au moins fréquent."), items)
    left = len(ordered[DRAWN:])
    headings = (_("Libellé"), _("Nombre"), *(map(str, beside.headings) if beside else ()))
    return Panel(name, title, headings, rows, chart, note=note, in_table_only=left, figure=figure)


def _plain(cell: str) -> int | str:
    digits = cell.replace("\u202f", "").replace(",", "")
    return int(digits) if digits.isdecimal() else cell
