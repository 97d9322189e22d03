"""Where an indicator stands: the strip of its quarters, what is late, its latest value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from core.periods import Quarter
from workplan.deadlines import answers_for, owed_quarters
from workplan.enums import ReadingState
from workplan.models import Indicator, Reading
from workplan.parts import consolidated
from workplan.values import Value, combined

REPORTED = {ReadingState.SUBMITTED, ReadingState.VERIFIED}


@dataclass(frozen=True)
class Cell:
    """One quarter of the strip."""

    quarter: Quarter
    label: str
    status: str


@dataclass
class Reported:
    """Which quarters of an indicator have a value, by how far it got. Says nothing of the value itself.

    `waiting`: a version awaits its verifier, a correction of a verified value included. `parts`: of an indicator that
    several organisations report, who reported, quarter by quarter.
    """

    reported: set[Quarter] = field(default_factory=set)
    verified: set[Quarter] = field(default_factory=set)
    waiting: set[Quarter] = field(default_factory=set)
    parts: dict[Quarter, set[int]] = field(default_factory=dict)

    def of(self, organisation: int) -> Reported:
        """As far as one organisation's own part goes."""
        mine = {quarter for quarter, reporters in self.parts.items() if organisation in reporters}
        return Reported(reported=mine)


def reported_by_indicator(indicators: Iterable[int], before: datetime | None = None) -> Mapping[int, Reported]:
    """In: ids of indicators. Out: for each, its quarters reported and verified (one query, two where some have parts).

    What several organisations report is reported once each of them has. `before`: as it stood then.
    """
    found: dict[int, Reported] = defaultdict(Reported)
    verified: dict[tuple[int, Quarter], set[int]] = defaultdict(set)
    rows = Reading.objects.filter(indicator__in=list(indicators), state__in=REPORTED, place=None).order_by()
    rows = rows.filter(Q(reporter=None) | ~Q(indicator__consolidation=""))
    told: Any = rows.values_list("indicator", "year", "quarter", "state", "reporter", "submitted_at", "verified_at")
    for indicator, year, number, now, reporter, submitted_at, verified_at in told:
        state = now if before is None else state_before(before, submitted_at, verified_at)
        if state is None:
            continue
        quarter, one = Quarter(year, number), found[indicator]
        if reporter is None:
            one.reported.add(quarter)
            (one.verified if state == ReadingState.VERIFIED else one.waiting).add(quarter)
            continue
        one.parts.setdefault(quarter, set()).add(reporter)
        if state == ReadingState.VERIFIED:
            verified[indicator, quarter].add(reporter)
        else:
            one.waiting.add(quarter)
    _note_whole(found, verified)
    return found


def state_before(before: datetime, submitted_at: datetime | None, verified_at: datetime | None) -> ReadingState | None:
    """How far a value had got by then, of one that is submitted or verified today; None: not submitted yet.

    One that was sent back since, and is not submitted again, is in no list of today's.
    """
    if submitted_at is None or submitted_at >= before:
        return None
    return ReadingState.VERIFIED if verified_at is not None and verified_at < before else ReadingState.SUBMITTED


def _note_whole(found: Mapping[int, Reported], verified: Mapping[tuple[int, Quarter], set[int]]) -> None:
    """A quarter that every organisation has reported is reported."""
    in_parts = [pk for pk, one in found.items() if one.parts]
    if not in_parts:
        return
    expected: dict[int, set[int]] = defaultdict(set)
    for pk, organisation in Indicator.objects.filter(pk__in=in_parts).values_list("pk", "activity__reporters"):
        expected[pk] |= {organisation} - {None}
    for pk in in_parts:
        for quarter, reporters in found[pk].parts.items():
            if expected[pk] <= reporters:
                found[pk].reported.add(quarter)
            if expected[pk] <= verified.get((pk, quarter), set()):
                found[pk].verified.add(quarter)


def late_quarters(indicator: Indicator, known: Reported, late_through: Quarter) -> list[Quarter]:
    """What is owed, past its date and not reported. What the platform computes is never late."""
    if indicator.is_computed:
        return []
    owed = [quarter for quarter in owed_quarters(indicator) if quarter <= late_through]
    return [quarter for quarter in owed if not answers_for(indicator, quarter, known.reported)]


def expected_by(indicator: Indicator, quarter: Quarter, known: Reported) -> Quarter | None:
    """The quarter at whose end this value is owed: this one, or the last of a milestone's window. None when it is not
    planned, or was settled in another quarter."""
    if quarter not in indicator.planned_quarters:
        return None
    owed = next((each for each in owed_quarters(indicator) if each >= quarter), None)
    if owed is None or (quarter not in known.reported and answers_for(indicator, owed, known.reported)):
        return None
    return owed


def strip(indicator: Indicator, years: Sequence[int], known: Reported, late_through: Quarter) -> list[Cell]:
    """Every quarter of the plan, in order, with its state."""
    late = set(late_quarters(indicator, known, late_through))
    planned = set(indicator.planned_quarters)
    every = (Quarter(year, number) for year in years for number in range(1, 5))
    return [Cell(quarter, str(quarter), _status(quarter, known, late, planned)) for quarter in every]


def _status(quarter: Quarter, known: Reported, late: set[Quarter], planned: set[Quarter]) -> str:
    if quarter in known.verified:
        return "verified"
    if quarter in known.reported:
        return "reported"
    if quarter in late:
        return "late"
    return "planned" if quarter in planned else "not_planned"


def standing(indicator: Indicator, readings: Iterable[Reading]) -> dict[Quarter, Reading]:
    """For each quarter, oldest first, the reading that stands: the newest verified version, else the newest.

    Of an indicator that several organisations report, their parts as one reading, once each is among `readings`.
    """
    rows = sorted(readings, key=lambda r: (r.period, r.state == ReadingState.VERIFIED, r.version))
    found = {reading.period: reading for reading in rows if reading.reporter_id is None}
    if indicator.consolidation:
        found |= consolidated(indicator, [reading for reading in rows if reading.state in REPORTED])
    return dict(sorted(found.items()))


def so_far(indicator: Indicator, readings: Mapping[Quarter, Reading]) -> Value:
    """The quarters added up by the indicator's own rule."""
    return combined([readings[quarter].value for quarter in sorted(readings)], indicator.aggregate)
