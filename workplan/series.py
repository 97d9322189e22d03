"""An indicator quarter by quarter: as reported, as of now, and every version of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Prefetch

from core.formats import format_number, format_percent, percent
from core.periods import Quarter
from directory.models import User
from workplan.bindings import binding_of
from workplan.models import Indicator, Plan, Reading, ReadingFile
from workplan.plans import quarters_of
from workplan.progress import Cell, standing
from workplan.registers.counting import Counting
from workplan.trend import Move, move
from workplan.values import Value


@dataclass(frozen=True)
class Point:
    """One quarter: what was reported of it that the reader may see, what the platform counts today, how far it got,
    and which way it went since what was reported before.
    """

    quarter: Quarter
    is_planned: bool
    reading: Reading | None
    now: Value | None
    status: str = "not_planned"
    move: Move | None = None

    @property
    def has_moved(self) -> bool:
        """Whether today's count differs from the verified one."""
        return self.reading is not None and self.now is not None and not _same(self.reading.value, self.now)


def visible_readings(indicator: Indicator, user: User) -> list[Reading]:
    """Every version that the reader may see, of the country and of places, newest first, with its files."""
    readings = Reading.objects.visible_to(user).filter(indicator=indicator)
    return list(
        readings.select_related("submitted_by", "verified_by", "drafted_by", "indicator", "place", "reporter")
        .prefetch_related(Prefetch("files", ReadingFile.objects.for_a_list()))
        .order_by("-year", "-quarter", F("place__pcode").asc(nulls_first=True), "reporter", "-version")
    )


def series(
    indicator: Indicator,
    plan: Plan,
    readings: Iterable[Reading],
    cells: Iterable[Cell] = (),
    counting: Counting | None = None,
) -> list[Point]:
    """A point for each quarter of the plan that was planned, reported, or can be counted. `readings`: of the country.

    `counting`: the registers, where the indicator is counted from one that the reader may read.
    """
    stands = standing(indicator, readings)
    planned = set(indicator.planned_quarters)
    status = {cell.quarter: cell.status for cell in cells}
    before = dict(zip(sorted(stands)[1:], sorted(stands), strict=False))

    def moved(quarter: Quarter) -> Move | None:
        return move(indicator, stands[before[quarter]].value, stands[quarter].value) if quarter in before else None

    points = (
        Point(q, q in planned, stands.get(q), value_now(indicator, q, counting), status.get(q, "not_planned"), moved(q))
        for q in quarters_of(plan)
    )
    return [point for point in points if point.is_planned or point.reading or point.now]


def value_now(indicator: Indicator, quarter: Quarter, counting: Counting | None = None) -> Value | None:
    """What the platform counts of this quarter today; None for a manual indicator, the vault, or the future."""
    if counting is not None and quarter <= Quarter.current():
        counted = counting.counted(indicator, quarter)
        return counted.value if counted else None
    binding = binding_of(indicator)
    if binding is None or binding.measure.in_vault or quarter > Quarter.current():
        return None
    measured = binding.measured(indicator.kind, quarter.period)
    return measured.value if measured and not measured.is_withheld else None


def brief(value: Value) -> str:
    """What stands beside a point: the count or the percentage alone; the table has the fraction."""
    if value.number is not None:
        return format_number(value.number)
    if value.numerator is not None and value.denominator:
        return format_percent(percent(value.numerator, value.denominator))
    return value.text


def _same(first: Value, second: Value) -> bool:
    return (first.number, first.numerator, first.denominator) == (second.number, second.numerator, second.denominator)
