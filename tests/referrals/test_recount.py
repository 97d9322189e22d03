"""Figures of a random history agree with a plain recount in Python, by the definition of DESIGN §5."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from core.actors import SYSTEM
from core.periods import Period
from core.transitions import move
from directory.models import Place
from feedback.models import Case
from referrals import actions
from referrals.models import Referral, ReferralCycle
from referrals.statistics import (
    Cohort,
    cohorts_by,
    cohorts_by_month,
    days_taken,
    medians_by_quarter,
    referred_cohort,
)
from tests.apart import shared
from tests.cast import found_cast
from tests.referrals.conftest import House

NOW = timezone.now()
PERIOD = Period(NOW - timedelta(days=90), NOW + timedelta(days=1))
SUCCESS = ("response", "adjustment", "service_provided")
pytestmark = pytest.mark.usefixtures("history")


@pytest.fixture(scope="module")
def lives(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Forty cases with every kind of life, from a seed; the tests of this module only read them."""
    with django_db_blocker.unblock(), shared(live_forty):
        yield


@pytest.fixture
def history(db: None, lives: None) -> None:
    """The forty, in a test that may ask the database."""


def live_forty() -> None:
    house, dice = House(found_cast()), random.Random(7)
    for number in range(40):
        house.at = NOW - timedelta(days=dice.randrange(1, 150), hours=1)
        place = Place.objects.get(pcode=dice.choice(["ML0703", "ML0701", "ML0501"]))
        case = house.case(dice.choice(["INSAT_MAJ", "ASSIST", "SUGG"]), place=place)
        for referral in [house.sent(case, house.wish("hcr", None)) for _ in range(dice.choice([1, 1, 2]))]:
            live_one(house, referral, dice)
        if number % 8 == 3:
            Case.objects.filter(pk=case.pk).update(is_test=True)
        if number % 8 == 5:
            Case.objects.filter(pk=case.pk).update(settled="yes", settled_at=NOW)
        if number % 8 == 6:
            move(Case, case.pk, "protect", by=SYSTEM)


def live_one(house: House, referral: Referral, dice: random.Random) -> None:
    """One referral's life, drawn at random, some of it long after its deadline."""
    receiver, sender = house.cast.ibrahim, house.cast.awa
    later = min(house.at + timedelta(days=dice.choice([1, 5, 30])), NOW)
    life = dice.choice(["wait", "refuse", "recall", "answer", "answer", "fail", "receive_recall", "reopen"])
    if life == "refuse":
        actions.refuse(referral.pk, code="HORS_ZONE", by=receiver, at=later)
    elif life == "recall":
        actions.recall(referral.pk, reason="solved", by=sender, at=later)
    elif life == "receive_recall":
        actions.receive(referral.pk, by=receiver, at=house.at)
        actions.recall(referral.pk, reason="solved", by=sender, at=later)
    elif life == "fail":
        actions.answer(referral.pk, kind="unsuccessful", reason="AUTRE", by=receiver, at=later)
    elif life in ("answer", "reopen"):
        actions.answer(referral.pk, kind=dice.choice(SUCCESS), words="Oui.", by=receiver, at=later)
    if life == "reopen":
        actions.reopen(referral.pk, reason="new_facts", by=sender, at=later)


def answers_of(case: Case) -> list[tuple[datetime, str, bool]]:
    """(when, kind, in time) of every successful answer, past rounds included, oldest first."""
    rows: list[Any] = [*Referral.objects.filter(case=case), *ReferralCycle.objects.filter(referral__case=case)]
    return sorted(
        (row.answered_at, row.answer_kind, row.answered_at <= row.answer_by)
        for row in rows
        if row.answered_at and row.answer_kind in SUCCESS
    )


def first_sent(case: Case) -> datetime | None:
    """When its first referral was sent that was not recalled before receipt."""
    sent = []
    for row in Referral.objects.filter(case=case, first_sent_at__isnull=False):
        unread = row.state == "recalled" and row.received_at is None and row.cycle == 1 and row.withdrawn_at is None
        if not unread:
            sent.append(row.first_sent_at)
    return min((moment for moment in sent if moment), default=None)


def recount(cutoff: datetime, pcodes: set[str] | None = None) -> Cohort:
    counts: Counter[str] = Counter()
    for case in Case.objects.filter(is_test=False).exclude(state="merged").select_related("place"):
        sent = first_sent(case)
        if (
            sent is None
            or sent not in PERIOD
            or (pcodes is not None and (not case.place or case.place.pcode not in pcodes))
        ):
            continue
        known = [answer for answer in answers_of(case) if answer[0] < cutoff]
        counts["referred"] += 1
        counts["answered"] += bool(known)
        counts["on_time"] += bool(known) and known[0][2]
        counts["confirmed"] += case.settled == "yes" and case.settled_at is not None and case.settled_at < cutoff
        for name, kind in (("responses", "response"), ("adjustments", "adjustment"), ("services", "service_provided")):
            counts[name] += any(answer[1] == kind for answer in known)
    return Cohort(**counts)


def test_the_cohort_is_the_plain_recount() -> None:
    live = referred_cohort(PERIOD)
    assert live == recount(timezone.now())
    assert 0 < live.on_time < live.answered < live.referred < Case.objects.count()
    assert live.responses
    assert live.adjustments


@pytest.mark.parametrize("days", [0, 10, 40, 100])
def test_a_cut_off_forgets_what_was_answered_later(days: int) -> None:
    cutoff = NOW - timedelta(days=days)
    assert referred_cohort(PERIOD, cutoff=cutoff) == recount(cutoff)


def test_a_scope_keeps_its_places() -> None:
    gao = {"ML0703", "ML0701"}
    assert referred_cohort(PERIOD, scope=gao) == recount(timezone.now(), gao)
    assert referred_cohort(PERIOD, scope=[]) == Cohort()


def test_every_breakdown_adds_up_to_the_whole() -> None:
    whole = referred_cohort(PERIOD)
    for parts in (cohorts_by_month, partial(cohorts_by, "category"), partial(cohorts_by, "place")):
        rows: Any = parts(PERIOD)
        for name in ("referred", "answered", "on_time", "confirmed"):
            assert sum(getattr(cohort, name) for cohort in rows.values()) == getattr(whole, name)


def test_the_median_is_the_lower_middle_of_whole_days() -> None:
    spent = []
    for case in Case.objects.filter(is_test=False):
        sent, answers = first_sent(case), answers_of(case)
        if sent is not None and sent in PERIOD and answers:
            spent.append(answers[0][0] - sent)
    taken, ordered = days_taken(PERIOD), sorted(spent)
    assert taken is not None
    assert (taken.median, taken.answers) == (ordered[(len(spent) - 1) // 2].days, len(spent))
    assert taken.nine_tenths == ordered[math.ceil(len(spent) * 0.9) - 1].days
    by_quarter = medians_by_quarter(PERIOD)
    assert sum(count for _days, count in by_quarter.values()) == len(spent)
    within = {q: Period(max(q.period.start, PERIOD.start), min(q.period.end, PERIOD.end)) for q in by_quarter}
    assert {q: found.median for q in within if (found := days_taken(within[q]))} == {
        q: days for q, (days, _count) in by_quarter.items()
    }
