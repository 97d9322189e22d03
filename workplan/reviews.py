"""What a meeting looks at: what moved in a quarter, what is late, what waits to be verified."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.periods import Quarter
from directory.models import User
from workplan.deadlines import due_at, late_through
from workplan.enums import ReadingState
from workplan.models import Indicator, Plan, Reading
from workplan.progress import Reported, expected_by, late_quarters, reported_by_indicator, standing
from workplan.values import Value


@dataclass(frozen=True)
class Moved:
    """An indicator whose value of this quarter differs from the one before."""

    indicator: Indicator
    before: Value | None
    now: Value
    reading: Reading


@dataclass(frozen=True)
class Late:
    indicator: Indicator
    quarters: Sequence[Quarter]


@dataclass(frozen=True)
class Expected:
    """What is asked of this quarter and not reported yet, though nothing is late."""

    indicator: Indicator
    due_at: datetime


@dataclass(frozen=True)
class Review:
    """How far values got counts every value of the quarter; `moved` compares those that the reader may see."""

    moved: Sequence[Moved]
    unchanged: int
    unread: int
    late: Sequence[Late]
    expected: Sequence[Expected]
    waiting: int
    reported: int
    verified: int


def review(plan: Plan, quarter: Quarter, user: User) -> Review:
    """In: a plan, a quarter, the reader. Out: the agenda, in the order of the plan. A constant number of queries."""
    indicators = list(
        Indicator.objects.of_plan(plan.pk)
        .select_related("activity")
        .prefetch_related("windows", "activity__windows", "activity__actors", "activity__reporters")
        .order_by("number")
    )
    readings = _readings(plan, user)
    known = reported_by_indicator(indicator.pk for indicator in indicators)
    compared = [_compared(each, readings.get(each.pk, []), quarter) for each in indicators]
    with_value = [each for each in compared if each is not None]
    moved = [each for each in with_value if each.before is None or each.before != each.now]
    late = _late(indicators, known, quarter)
    reported = sum(quarter in each.reported for each in known.values())
    return Review(
        moved=moved,
        unchanged=len(with_value) - len(moved),
        unread=reported - len(with_value),
        late=late,
        expected=_expected(indicators, known, quarter, {each.indicator.pk for each in late}),
        waiting=sum(quarter in each.waiting for each in known.values()),
        reported=reported,
        verified=sum(quarter in each.verified for each in known.values()),
    )


def _readings(plan: Plan, user: User) -> dict[int, list[Reading]]:
    found: dict[int, list[Reading]] = {}
    states = [ReadingState.SUBMITTED, ReadingState.VERIFIED]
    visible = Reading.objects.visible_to(user).filter(
        indicator__activity__objective__axis__plan=plan, place=None, state__in=states
    )
    for reading in visible:
        found.setdefault(reading.indicator_id, []).append(reading)
    return found


def _compared(indicator: Indicator, readings: list[Reading], quarter: Quarter) -> Moved | None:
    stands = standing(indicator, readings)
    if quarter not in stands:
        return None
    earlier = [each for each in stands if each < quarter]
    before = stands[max(earlier)].value if earlier else None
    return Moved(indicator, before, stands[quarter].value, stands[quarter])


def _late(indicators: Sequence[Indicator], known: Mapping[int, Reported], quarter: Quarter) -> list[Late]:
    through = min(late_through(), quarter)
    found = [Late(each, late_quarters(each, known.get(each.pk, Reported()), through)) for each in indicators]
    return [late for late in found if late.quarters]


def _expected(
    indicators: Sequence[Indicator], known: Mapping[int, Reported], quarter: Quarter, late: Collection[int]
) -> list[Expected]:
    """A milestone is expected all along its window, and late only after it: neither reported nor late."""
    found = []
    for indicator in indicators:
        progress = known.get(indicator.pk, Reported())
        owed = expected_by(indicator, quarter, progress)
        if owed and quarter not in progress.reported and not indicator.is_computed and indicator.pk not in late:
            found.append(Expected(indicator, due_at(owed)))
    return found
