"""What is looked at before a quarter is closed: what is missing, not verified, does not add up, has changed since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.periods import Quarter
from workplan.enums import Check, ReadingState
from workplan.models import Indicator, Plan, QuarterClosing, Reading
from workplan.progress import Reported, expected_by, reported_by_indicator, standing
from workplan.registers.counting import Counting


@dataclass(frozen=True)
class Found:
    """One thing to look at, of one indicator."""

    check: Check
    number: str
    indicator_id: int

    def kept(self) -> dict[str, Any]:
        """As a closing keeps it."""
        return {"check": self.check.value, "number": self.number}


@dataclass(frozen=True)
class Checked:
    """`values`: by indicator, what stands of the quarter, as it will be frozen in the minutes."""

    found: Sequence[Found]
    values: Sequence[dict[str, str]]

    @property
    def by_check(self) -> list[tuple[Check, list[Found]]]:
        """The kinds of things found, in order, with what was found."""
        groups = [(check, [one for one in self.found if one.check == check]) for check in Check]
        return [(check, found) for check, found in groups if found]


def checked(plan: Plan, quarter: Quarter) -> Checked:
    """Everything that a closing looks at, of one quarter; a constant number of queries."""
    indicators = list(
        Indicator.objects.of_plan(plan.pk)
        .select_related("activity")
        .prefetch_related("windows", "activity__windows", "activity__reporters")
        .order_by("number")
    )
    known = reported_by_indicator(indicator.pk for indicator in indicators)
    readings: dict[int, list[Reading]] = {}
    for row in _readings(plan, quarter):
        readings.setdefault(row.indicator_id, []).append(row)
    counting = Counting(plan)
    found: list[Found] = []
    values = []
    for indicator in indicators:
        rows = readings.get(indicator.pk, [])
        country = [row for row in rows if row.place_id is None and row.state != ReadingState.RETURNED]
        reading = standing(indicator, country).get(quarter)
        if reading is not None and reading.state != ReadingState.DRAFT:
            # What is not verified is its reporters' and verifiers' to read: the minutes are everybody's.
            text = reading.value.text if reading.is_verified else ""
            values.append({"number": indicator.number, "text": text, "state": str(reading.state)})
        progress = known.get(indicator.pk, Reported())
        found += [
            Found(check, indicator.number, indicator.pk)
            for check in _of(indicator, quarter, progress, rows, reading, counting)
        ]
    return Checked(found, values)


def closing_of(plan_id: int, quarter: Quarter) -> QuarterClosing | None:
    """The closing that holds; None while the quarter is open."""
    rows = QuarterClosing.objects.filter(plan=plan_id, year=quarter.year, quarter=quarter.number)
    return rows.filter(reopened_at=None).first()


def _of(
    indicator: Indicator,
    quarter: Quarter,
    progress: Reported,
    rows: Iterable[Reading],
    reading: Reading | None,
    counting: Counting,
) -> list[Check]:
    if indicator.is_computed:
        return []
    checks = []
    if quarter not in progress.reported and expected_by(indicator, quarter, progress) == quarter:
        checks.append(Check.MISSING)
    if any(row.state in (ReadingState.DRAFT, ReadingState.RETURNED) for row in rows):
        checks.append(Check.UNFINISHED)
    if any(row.state == ReadingState.SUBMITTED for row in rows):
        checks.append(Check.UNVERIFIED)
    if (reading is not None and reading.does_not_add_up) or any(row.does_not_add_up for row in rows if row.place_id):
        checks.append(Check.DOES_NOT_ADD_UP)
    if reading is not None and reading.register_version:
        counted = counting.counted(indicator, quarter)
        if counted is not None and counted.digest != reading.digest:
            checks.append(Check.REGISTER_CHANGED)
    return checks


def _readings(plan: Plan, quarter: Quarter) -> Iterable[Reading]:
    """The newest version of each, of the country, of every place and reporter."""
    rows = Reading.objects.filter(
        indicator__activity__objective__axis__plan=plan, year=quarter.year, quarter=quarter.number
    )
    newest: dict[tuple[int, int | None, int | None], Reading] = {}
    for row in rows.select_related("indicator").order_by("version"):
        newest[row.indicator_id, row.reporter_id, row.place_id] = row
    return newest.values()
