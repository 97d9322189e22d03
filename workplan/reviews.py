"""What a meeting looks at: what moved in a quarter, what is late, what waits to be verified."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.periods import Period, Quarter
from directory.models import User
from workplan.deadlines import due_at, late_through
from workplan.document.then import indicators_then
from workplan.enums import ActorRole, ReadingState
from workplan.models import Indicator, Plan, Reading
from workplan.progress import (
    Reported,
    expected_by,
    late_quarters,
    reported_by_indicator,
    standing,
    state_before,
)
from workplan.trend import Move, move
from workplan.values import Value


@dataclass(frozen=True)
class Moved:
    """An indicator whose value of this quarter differs from the one before."""

    indicator: Indicator
    before: Value | None
    now: Value
    reading: Reading

    @property
    def move(self) -> Move | None:
        """Which way it went, and whether that is wanted."""
        return move(self.indicator, self.before, self.now)


@dataclass(frozen=True)
class Late:
    indicator: Indicator
    quarters: Sequence[Quarter]
    leads: Sequence[str]


@dataclass(frozen=True)
class Expected:
    """What is asked of this quarter and not reported yet, though nothing is late."""

    indicator: Indicator
    due_at: datetime
    leads: Sequence[str]


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


def review(plan: Plan, quarter: Quarter, user: User, day: date | None = None) -> Review:
    """In: a plan, a quarter, the reader. Out: the agenda, in the order of the plan. A constant number of queries.

    `day`: as it was when that day ended, in the words and windows of the plan then. A value that was sent back since,
    and is not submitted again, is not in it any more.
    """
    before = Period.between(day, day).end if day else None
    indicators = list(
        Indicator.objects.of_plan(plan.pk)
        .select_related("activity")
        .prefetch_related("windows", "activity__windows", "activity__actors", "activity__reporters")
        .order_by("number")
    )
    leads: dict[int, Sequence[str]] = {each.pk: _leads(each) for each in indicators}
    if day is not None:
        indicators, leads = indicators_then(plan, indicators, day)
    readings = _readings(plan, user, before)
    known = reported_by_indicator((indicator.pk for indicator in indicators), before)
    compared = [_compared(each, readings.get(each.pk, []), quarter) for each in indicators]
    with_value = [each for each in compared if each is not None]
    moved = [each for each in with_value if each.before is None or each.before != each.now]
    late = _late(indicators, known, min(late_through(before), quarter), leads)
    reported = sum(quarter in each.reported for each in known.values())
    return Review(
        moved=moved,
        unchanged=len(with_value) - len(moved),
        unread=reported - len(with_value),
        late=late,
        expected=_expected(indicators, known, quarter, {each.indicator.pk for each in late}, leads),
        waiting=sum(quarter in each.waiting for each in known.values()),
        reported=reported,
        verified=sum(quarter in each.verified for each in known.values()),
    )


def _leads(indicator: Indicator) -> list[str]:
    return [actor.text for actor in indicator.activity.actors.all() if actor.role == ActorRole.LEAD]


def _readings(plan: Plan, user: User, before: datetime | None) -> dict[int, list[Reading]]:
    found: dict[int, list[Reading]] = {}
    states = [ReadingState.SUBMITTED, ReadingState.VERIFIED]
    visible = Reading.objects.visible_to(user).filter(
        indicator__activity__objective__axis__plan=plan, place=None, state__in=states
    )
    theirs = set() if before is None else _theirs(user)
    for reading in visible:
        shown = reading if before is None else _then(reading, before)
        # What was not verified yet was then for its reporters and verifiers alone.
        if shown is not None and (shown is reading or shown.indicator_id in theirs):
            found.setdefault(reading.indicator_id, []).append(shown)
    return found


def _theirs(user: User) -> set[int]:
    """The indicators that this person reports or verifies."""
    mine = Indicator.objects.reported_by(user), Indicator.objects.verified_by(user)
    return {pk for rows in mine for pk in rows.order_by().values_list("pk", flat=True)}


def _then(reading: Reading, before: datetime) -> Reading | None:
    """A reading as far as it had got by then; what it says was frozen when it was verified."""
    state = state_before(before, reading.submitted_at, reading.verified_at)
    if state is None or state == reading.state:
        return None if state is None else reading
    kept = {field.attname: getattr(reading, field.attname) for field in Reading._meta.concrete_fields}
    return Reading(**kept | {"state": state})


def _compared(indicator: Indicator, readings: list[Reading], quarter: Quarter) -> Moved | None:
    stands = standing(indicator, readings)
    if quarter not in stands:
        return None
    earlier = [each for each in stands if each < quarter]
    before = stands[max(earlier)].value if earlier else None
    return Moved(indicator, before, stands[quarter].value, stands[quarter])


def _late(
    indicators: Sequence[Indicator],
    known: Mapping[int, Reported],
    through: Quarter,
    leads: Mapping[int, Sequence[str]],
) -> list[Late]:
    found = [
        Late(each, late_quarters(each, known.get(each.pk, Reported()), through), leads[each.pk]) for each in indicators
    ]
    return [late for late in found if late.quarters]


def _expected(
    indicators: Sequence[Indicator],
    known: Mapping[int, Reported],
    quarter: Quarter,
    late: Collection[int],
    leads: Mapping[int, Sequence[str]],
) -> list[Expected]:
    """A milestone is expected all along its window, and late only after it: neither reported nor late."""
    found = []
    for indicator in indicators:
        progress = known.get(indicator.pk, Reported())
        owed = expected_by(indicator, quarter, progress)
        if owed and quarter not in progress.reported and not indicator.is_computed and indicator.pk not in late:
            found.append(Expected(indicator, due_at(owed), leads[indicator.pk]))
    return found
