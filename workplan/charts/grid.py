"""Quarters as cells: what was planned, reported, verified, late. Each status has a letter, not only a colour."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from django.utils.translation import gettext as _

from workplan.charts.bars import nothing
from workplan.charts.data import Cell, Chart, Row, Status
from workplan.charts.svg import drawing, hint, tag, text

CELL = 26
LABEL = 200
_HEAD = 40
_SIGNS: dict[Status, str] = {"planned": "○", "reported": "◐", "verified": "●", "late": "!", "not_planned": "·"}


def strip(name: str, title: str, description: str, cells: Sequence[Cell]) -> Chart:
    """One row of quarters."""
    parts = [_cell(cell, i * CELL, 0) for i, cell in enumerate(cells)] or [nothing(LABEL)]
    width = len(cells) * CELL or LABEL
    svg = drawing(name, title, description, width=width, height=CELL if cells else 40, parts=parts, kind="strip")
    rows = tuple((cell.label, cell.shown) for cell in cells)
    return Chart(title, svg, (_("Trimestre"), _("État")), rows)


def gantt(name: str, title: str, description: str, rows: Sequence[Row]) -> Chart:
    """Several rows of the same quarters, headed by their labels. Raises ValueError when the rows differ in quarters."""
    heads = [cell.label for cell in rows[0].cells] if rows else []
    if any([cell.label for cell in row.cells] != heads for row in rows):
        raise ValueError("the rows have not the same quarters")
    parts = [*_heads(heads), *chain.from_iterable(_line(row, i) for i, row in enumerate(rows))] or [nothing(LABEL)]
    width = LABEL + len(heads) * CELL
    svg = drawing(
        name, title, description, width=width, height=_HEAD + max(1, len(rows)) * CELL, parts=parts, kind="gantt"
    )
    table = tuple((row.label, *(cell.shown for cell in row.cells)) for row in rows)
    return Chart(title, svg, (_("Libellé"), *heads), table)


def _heads(labels: Sequence[str]) -> list[str]:
    """The quarter above its column, and the year above the first quarter that bears it ("T2 2021")."""
    parts: list[str] = []
    for i, (quarter, _space, year) in enumerate(label.partition(" ") for label in labels):
        x = LABEL + i * CELL
        if year and (i == 0 or labels[i - 1].partition(" ")[2] != year):
            parts.append(text(year, x + 3, 14, size=12, class_="chart-tick"))
        parts.append(text(quarter, x + CELL / 2, 32, size=11, anchor="middle", class_="chart-tick"))
    return parts


def _line(row: Row, order: int) -> list[str]:
    y = _HEAD + order * CELL
    name = tag("g", hint(row.label), text(_short(row.label), 0, y + 17, class_="chart-label"))
    return [name, *(_cell(cell, LABEL + i * CELL, y) for i, cell in enumerate(row.cells))]


def _short(label: str) -> str:
    return label if len(label) <= 30 else label[:29] + "…"


def _cell(cell: Cell, x: float, y: float) -> str:
    return tag(
        "g",
        hint(f"{cell.label} : {cell.shown}"),
        tag("rect", x=x + 1, y=y + 1, width=CELL - 2, height=CELL - 2, rx=3, class_=f"chart-cell chart-{cell.status}"),
        text(_SIGNS[cell.status], x + CELL / 2, y + 18, anchor="middle", class_="chart-sign"),
    )
