"""The plan as bars over its quarters: when each activity is expected, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from core.periods import Quarter
from workplan.progress import Cell
from workplan.tables import ActivityRows, AxisRows, Row

# Of the indicators that say something of a quarter, the one that counts: what is missing before what is done.
PRESSING = ("late", "planned", "reported", "verified")
NOTHING = "not_planned"
SHAPES = {"late": "triangle", "planned": "circle", "reported": "circle-half", "verified": "check"}


@dataclass(frozen=True)
class Run:
    """Quarters that follow each other in one state. `label`: "T3 2020 – T4 2021". `shape`: the icon that stands for the
    state where one quarter alone has no room for its word; "" for others.
    """

    status: str
    length: int
    label: str
    is_now: bool

    @property
    def shape(self) -> str:
        return SHAPES.get(self.status, "") if self.length == 1 else ""


@dataclass(frozen=True)
class Bar:
    activity: ActivityRows
    runs: list[Run]


@dataclass(frozen=True)
class BarAxis:
    axis: AxisRows
    bars: list[Bar]


def bars(axes: Iterable[AxisRows]) -> list[BarAxis]:
    """In: the rows of the plan's table. Out: a bar for each activity, in order."""
    return [
        BarAxis(axis, [Bar(each, runs_of(each.rows)) for objective in axis.objectives for each in objective.activities])
        for axis in axes
    ]


def runs_of(rows: Sequence[Row]) -> list[Run]:
    """The quarters of an activity, from those of its indicators."""
    by_quarter = zip(*(row.cells for row in rows), strict=True)
    told = [(cells[0], _status(cells)) for cells in by_quarter]
    return [_run(status, [cell for cell, _status_of in run]) for status, run in groupby(told, key=lambda one: one[1])]


def _run(status: str, cells: list[Cell]) -> Run:
    first, last = cells[0].label, cells[-1].label
    now = Quarter.current()
    return Run(
        status, len(cells), first if first == last else f"{first} – {last}", any(cell.quarter == now for cell in cells)
    )


def _status(cells: Iterable[Cell]) -> str:
    said = {cell.status for cell in cells}
    return next((status for status in PRESSING if status in said), NOTHING)
