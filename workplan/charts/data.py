"""What goes into a chart and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString

Status = Literal["planned", "reported", "verified", "late", "not_planned"]


@dataclass(frozen=True)
class Chart:
    """A drawing and the same figures as a table; `rows` has one text per heading, in the order of the drawing."""

    title: str
    svg: SafeString
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Bar:
    """One bar or step. `shown` is the value in words ("62 % (31/50)"); `value` None draws nothing but says `shown`."""

    label: str
    value: float | None
    shown: str
    strong: bool = False


@dataclass(frozen=True)
class Series:
    """One line: as many values and shown texts as there are periods. None is a gap, not zero."""

    label: str
    values: tuple[float | None, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True)
class PlaceValue:
    """What a place's figure is. `value` None means unknown or not published."""

    name: str
    value: float | None
    shown: str


@dataclass(frozen=True)
class Shape:
    """A region's outline: rings of (longitude, latitude), the outer one first; `covers` the P-codes drawn as one."""

    pcode: str
    name: str
    covers: tuple[str, ...]
    rings: tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True)
class Tile:
    """A cercle's square in the grid, counted from the top left."""

    pcode: str
    column: int
    row: int


@dataclass(frozen=True)
class Cell:
    """One quarter of a strip: its label ("T2 2021"), its status, and the words for that status."""

    label: str
    status: Status
    shown: str


@dataclass(frozen=True)
class Row:
    """One line of a table of quarters."""

    label: str
    cells: tuple[Cell, ...]
