"""Every measure of the registry equals a recount in plain Python, over random histories.

A long run: `JAABI_HISTORIES=300 pytest tests/workplan/test_measures_recounted.py`.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import product

import pytest

from core.models import Outbound
from core.periods import Period
from directory.enums import AgeGroup, PopulationStatus, Sex
from directory.models import Place
from feedback.facts import REACHED
from feedback.models import Case
from psea.models import Release
from referrals.models import Referral
from referrals.tallying import take_in_all
from tests.referrals.histories import NOW, PLACES, QUARTER, YEAR, History, Told, cohort_of, days_of, every_case
from workplan.bindings import over_of
from workplan.measures import (
    ANSWERED_ON_TIME,
    CONFIRMED_REFERRED,
    DAYS_MEDIAN,
    DAYS_P90,
    EVERYTHING,
    LOOPS_CLOSED,
    MEASURES,
    PSEA_AMONG_SERVICES,
    PSEA_CONTEXT,
    PSEA_SERVICES,
    REFERRED,
    REFUSALS,
    SAID,
    SATISFACTION,
    SILENT_GROUPS,
    SMS_DELIVERED,
    Over,
)
from workplan.values import Value

HISTORIES = int(os.environ.get("JAABI_HISTORIES", "2"))
MESSAGES = 40
Fits = Callable[[Told], bool]
Recount = Callable[[list[Told], Period, datetime | None, Fits], Value | None]


# -- what is not of cases --------------------------------------------------------------------------------------------


def add_messages(dice: random.Random) -> None:
    """Messages of every way, kind and state, some that never left."""
    for _n in range(MESSAGES):
        state = dice.choice(Outbound.State.values)
        left = state in ("sent", "delivered") or (state == "failed" and dice.random() < 0.5)
        sent = NOW - timedelta(days=dice.randrange(0, 200), hours=1) if left else None
        settled = sent + timedelta(days=dice.choice([0, 40])) if sent and state in ("delivered", "failed") else None
        Outbound.objects.create(
            way=dice.choice(Outbound.Way.values),
            kind=dice.choice(Outbound.Kind.values),
            state=state,
            not_before=NOW,
            created_at=NOW,
            sent_at=sent,
            settled_at=settled,
        )


def add_releases(dice: random.Random) -> None:
    """Lines of the vault's ledger, some of them held back."""
    names = (PSEA_SERVICES, PSEA_CONTEXT, PSEA_AMONG_SERVICES)
    for name, quarter in product(names, (QUARTER.previous, QUARTER.previous.previous)):
        published = dice.random() < 0.5
        Release.objects.using("vault").create(
            measure=name,
            width="quarter",
            first_day=quarter.first_day,
            last_day=quarter.last_day,
            is_published=published,
            numerator=dice.randrange(10, 20) if published else None,
            denominator=dice.randrange(30, 90) if published else None,
            closed_at=NOW,
        )


# -- the recount, measure by measure ---------------------------------------------------------------------------------


def heard(told: list[Told], period: Period, fits: Fits) -> list[Case]:
    rows = [one for one in told if fits(one)]
    return [one.case for one in rows if one.case.lane == "ordinary" and one.case.received_at in period]


def said(told: list[Told], period: Period, cutoff: datetime | None, fits: Fits) -> Value:
    return Value(number=len(heard(told, period, fits)))


def loops_closed(told: list[Told], period: Period, cutoff: datetime | None, fits: Fits) -> Value:
    answered = [case for case in heard(told, period, fits) if case.answered_at]
    reached = [case for case in answered if any(each.delivery in REACHED for each in case.answers.all())]
    return Value(numerator=len(reached), denominator=len(answered))


def satisfaction(told: list[Told], period: Period, cutoff: datetime | None, fits: Fits) -> Value:
    cases = [case for case in heard(told, period, fits) if case.settled and case.settled_at]
    spoke = [case for case in cases if cutoff is None or (case.settled_at and case.settled_at < cutoff)]
    return Value(numerator=sum(case.settled == "yes" for case in spoke), denominator=len(spoke))


def silent(told: list[Told], period: Period, cutoff: datetime | None, fits: Fits) -> Value:
    """Groups of which no case is; a region speaks when it does, or a place in it."""
    cases = heard(told, period, fits)
    spoke = {case.place.region.pcode for case in cases if case.place}
    regions = [place.pcode for place in Place.objects.filter(parent=None)]
    asked = [pcode for pcode in regions if fits is everybody or any(each[:4] == pcode for each in PLACES[:2])]
    people = {(case.sex, case.age_group) for case in cases}
    groups = product(set(Sex.values) - {"not_said"}, set(AgeGroup.values) - {"not_said"})
    count = sum(group not in people for group in groups)
    count += len(set(PopulationStatus.values) - {"not_said"} - {case.population_status for case in cases})
    return Value(number=count + sum(pcode not in spoke for pcode in asked))


def delivered(told: list[Told], period: Period, cutoff: datetime | None, fits: Fits) -> Value:
    until = cutoff or NOW + timedelta(hours=1)
    left = [
        row
        for row in Outbound.objects.all()
        if row.way == "sms"
        and row.kind in ("receipt", "menu", "answer", "question")
        and row.sent_at
        and row.sent_at in period
        and row.sent_at < until
    ]
    arrived = [row for row in left if row.state == "delivered" and row.settled_at and row.settled_at <= until]
    return Value(numerator=len(arrived), denominator=len(left))


def referred(told: list[Told], period: Period, cutoff: datetime | None, fits: Fits) -> Value:
    cohort = cohort_of(told, period, cutoff, fits)
    return Value(cohort.referred, cohort.answered, cohort.referred)


def on_time(told: list[Told], period: Period, cutoff: datetime | None, fits: Fits) -> Value:
    cohort = cohort_of(told, period, cutoff, fits)
    return Value(numerator=cohort.on_time, denominator=cohort.referred)


def confirmed(told: list[Told], period: Period, cutoff: datetime | None, fits: Fits) -> Value:
    cohort = cohort_of(told, period, cutoff, fits)
    return Value(numerator=cohort.confirmed, denominator=cohort.referred)


def spent(told: list[Told], period: Period, cutoff: datetime | None, fits: Fits) -> list[int]:
    rows = [(one.sent, one.known(cutoff)) for one in told if one.sent and one.sent in period and fits(one)]
    return sorted((known[0][0] - sent).days for sent, known in rows if known)


def median(told: list[Told], period: Period, cutoff: datetime | None, fits: Fits) -> Value:
    days = spent(told, period, cutoff, fits)
    return Value(number=days_of(days).median if days else None)


def nine_tenths(told: list[Told], period: Period, cutoff: datetime | None, fits: Fits) -> Value:
    days = spent(told, period, cutoff, fits)
    return Value(number=days_of(days).nine_tenths if days else None)


def refusals(told: list[Told], period: Period, cutoff: datetime | None, fits: Fits) -> Value:
    """Of referrals, ordinary ones that anybody may have seen; what was refused has its coded reason."""
    counted = [
        row
        for row in Referral.objects.select_related("case")
        if row.first_sent_at
        and row.first_sent_at in period
        and not (row.state == "recalled" and not row.received_at and row.cycle == 1 and not row.withdrawn_at)
        and row.case.lane == "ordinary"
        and not row.case.is_test
        and row.case.state not in ("merged", "protected")
    ]
    refused = [row for row in counted if row.refusal_code]
    return Value(len(refused), len(refused), len(counted))


def released(name: str) -> Recount:
    def recount(told: list[Told], period: Period, cutoff: datetime | None, fits: Fits) -> Value | None:
        rows = [
            row
            for row in Release.objects.using("vault").filter(measure=name, is_published=True)
            if Period.between(row.first_day, row.last_day) == period
        ]
        if not rows or fits is not everybody:
            return None
        return Value(numerator=rows[0].numerator, denominator=rows[0].denominator)

    return recount


RECOUNTS: Mapping[str, Recount] = {
    SAID: said,
    LOOPS_CLOSED: loops_closed,
    SATISFACTION: satisfaction,
    SILENT_GROUPS: silent,
    SMS_DELIVERED: delivered,
    REFERRED: referred,
    ANSWERED_ON_TIME: on_time,
    CONFIRMED_REFERRED: confirmed,
    DAYS_MEDIAN: median,
    DAYS_P90: nine_tenths,
    REFUSALS: refusals,
    PSEA_SERVICES: released(PSEA_SERVICES),
    PSEA_CONTEXT: released(PSEA_CONTEXT),
    PSEA_AMONG_SERVICES: released(PSEA_AMONG_SERVICES),
}


def listed(name: str, told: list[Told], period: Period, fits: Fits) -> set[Case]:
    """The cases that the lineage of a measure lists."""
    if name in (SAID, LOOPS_CLOSED, SATISFACTION):
        return set(heard(told, period, fits))
    return {one.case for one in told if one.sent and one.sent in period and fits(one)}


def everybody(one: Told) -> bool:
    return True


def of_some(one: Told) -> bool:
    """A narrowed figure is of the ordinary lane (decision 22)."""
    return one.is_ordinary and one.pcode in PLACES[:2] and one.case.sex == "female"


# -- the tests -------------------------------------------------------------------------------------------------------


@pytest.mark.once
def test_each_measure_of_the_registry_is_recounted() -> None:
    assert set(RECOUNTS) == set(MEASURES)


@pytest.mark.parametrize("seed", range(1000, 1000 + HISTORIES))
def test_every_measure_equals_its_recount(cast: object, seed: int) -> None:
    dice = History(seed).dice
    add_messages(dice)
    add_releases(dice)
    agree()
    take_in_all()
    agree()


def agree() -> None:
    """Each measure, whole and narrowed as far as it can be, as of now and as of a cut-off where it has one; and the
    cases behind it.
    """
    told, early = every_case(), QUARTER.previous.period
    spans = [(YEAR, None), (QUARTER.period, None), (early, None), (early, early.end + timedelta(days=30))]
    narrow = Over(frozenset(PLACES[:2]), over_of({"sex": "female"}).about)
    for (name, measure), (period, cutoff) in product(MEASURES.items(), spans):
        if cutoff is not None and name == LOOPS_CLOSED:
            continue  # its definition says: to this day, even of a past quarter
        for over, fits in ((EVERYTHING, everybody), (narrow, of_some)):
            if fits is of_some and not (measure.filters or measure.in_vault):
                continue
            found = measure.compute(period, over, cutoff)
            expected = RECOUNTS[name](told, period, cutoff, fits)
            assert (found.value if found else None) == expected, (name, period, cutoff, fits.__name__)
            if measure.behind and cutoff is None:
                behind, cases = measure.behind(period, over), listed(name, told, period, fits)
                assert sorted(behind.ids()) == sorted(case.pk for case in cases), (name, period)
                assert (set(Case.objects.filter(behind.condition)), behind.count()) == (cases, len(cases))
