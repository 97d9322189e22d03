"""Figures agree with a plain recount in Python, by the definition of DESIGN §5."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from core.actors import SYSTEM
from core.periods import Period
from core.transitions import move
from directory.models import Place, User, UserRole
from directory.roles import Role
from feedback.models import Case
from referrals import actions
from referrals.agency_statistics import Medians, agency_figures, collective_medians, refusals_by_reason
from referrals.models import Referral, ReferralCycle
from referrals.statistics import (
    Cohort,
    case_ids,
    cohorts_by_category,
    cohorts_by_month,
    cohorts_by_organisation,
    cohorts_by_place,
    median_days,
    medians_by_quarter,
    referred_cohort,
)
from tests.referrals.conftest import House

NOW = timezone.now()
PERIOD = Period(NOW - timedelta(days=90), NOW + timedelta(days=1))
SUCCESS = ("response", "adjustment", "service_provided")


@pytest.fixture
def history(house: House) -> House:
    """Forty cases with every kind of life, from a seed."""
    dice = random.Random(7)
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
    return house


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
        known = [answer for answer in answers_of(case) if answer[0] <= cutoff]
        counts["referred"] += 1
        counts["answered"] += bool(known)
        counts["on_time"] += bool(known) and known[0][2]
        counts["confirmed"] += case.settled == "yes" and case.settled_at is not None and case.settled_at <= cutoff
        for name, kind in (("responses", "response"), ("adjustments", "adjustment"), ("services", "service_provided")):
            counts[name] += any(answer[1] == kind for answer in known)
    return Cohort(**counts)


def test_the_cohort_is_the_plain_recount(history: House) -> None:
    live = referred_cohort(PERIOD)
    assert live == recount(timezone.now())
    assert 0 < live.on_time < live.answered < live.referred < Case.objects.count()
    assert live.responses
    assert live.adjustments


@pytest.mark.parametrize("days", [0, 10, 40, 100])
def test_a_cut_off_forgets_what_was_answered_later(history: House, days: int) -> None:
    cutoff = NOW - timedelta(days=days)
    assert referred_cohort(PERIOD, cutoff=cutoff) == recount(cutoff)


def test_a_scope_keeps_its_places(history: House) -> None:
    gao = {"ML0703", "ML0701"}
    assert referred_cohort(PERIOD, scope=gao) == recount(timezone.now(), gao)
    assert referred_cohort(PERIOD, scope=[]) == Cohort()


def test_every_breakdown_adds_up_to_the_whole(history: House) -> None:
    whole = referred_cohort(PERIOD)
    for parts in (cohorts_by_month, cohorts_by_category, cohorts_by_place, cohorts_by_organisation):
        rows: Any = parts(PERIOD)
        for name in ("referred", "answered", "on_time", "confirmed"):
            assert sum(getattr(cohort, name) for cohort in rows.values()) == getattr(whole, name)


def test_the_median_is_the_lower_middle_of_whole_days(history: House) -> None:
    spent = []
    for case in Case.objects.filter(is_test=False):
        sent, answers = first_sent(case), answers_of(case)
        if sent is not None and sent in PERIOD and answers:
            spent.append(answers[0][0] - sent)
    assert median_days(PERIOD) == sorted(spent)[(len(spent) - 1) // 2].days
    by_quarter = medians_by_quarter(PERIOD)
    assert sum(count for _days, count in by_quarter.values()) == len(spent)
    within = {q: Period(max(q.period.start, PERIOD.start), min(q.period.end, PERIOD.end)) for q in by_quarter}
    assert {q: median_days(within[q]) for q in within} == {q: days for q, (days, _count) in by_quarter.items()}


def test_a_protected_case_stays_in_the_count_as_a_bare_number(house: House) -> None:
    referral = house.sent()
    assert referred_cohort(PERIOD).referred == 1
    move(Case, referral.case_id, "protect", by=SYSTEM)
    assert referred_cohort(PERIOD).referred == 1


def test_recalled_before_receipt_is_not_referred_and_after_it_is(house: House) -> None:
    referral = house.sent()
    actions.recall(referral.pk, reason="sent_in_error", by=house.cast.awa)
    assert referred_cohort(PERIOD) == Cohort()
    read = house.sent()
    actions.receive(read.pk, by=house.cast.fanta)
    actions.recall(read.pk, reason="sent_in_error", by=house.cast.awa)
    assert referred_cohort(PERIOD) == Cohort(referred=1)


def test_two_referrals_of_a_case_are_one_case(house: House) -> None:
    case = house.case()
    house.sent(case), house.sent(case, house.wish("hcr", None))
    assert referred_cohort(PERIOD).referred == 1
    assert case_ids(PERIOD) == [str(case.pk)]


def test_answering_moves_the_figure_at_once(house: House) -> None:
    referral = house.sent()
    assert referred_cohort(PERIOD) == Cohort(referred=1)
    actions.answer(referral.pk, kind="adjustment", words="Oui.", by=house.cast.fanta)
    assert referred_cohort(PERIOD) == Cohort(referred=1, answered=1, on_time=1, adjustments=1)


def test_an_empty_period_is_nought_and_has_no_median(house: House) -> None:
    assert referred_cohort(PERIOD) == Cohort()
    assert median_days(PERIOD) is None
    assert medians_by_quarter(PERIOD) == {}
    none = dict.fromkeys(["decided_on_time", "refused", "answered", "answered_on_time", "confirmed"])
    assert collective_medians(PERIOD, NOW) == Medians(none, organisations=0)


def test_an_agencys_own_figures_leave_out_what_is_restricted(house: House) -> None:
    hcr = house.cast.organisations["hcr"].pk
    answered, refused, hidden = (house.sent(house.case(), house.wish("hcr", None)) for _ in range(3))
    actions.answer(answered.pk, kind="response", words="Oui.", by=house.cast.ibrahim)
    actions.refuse(refused.pk, code="DOUBLON", by=house.cast.ibrahim)
    Case.objects.filter(pk=hidden.case_id).update(lane="restricted", restricted_kind="integrity")
    own = agency_figures(hcr, PERIOD, timezone.now())
    assert (own.received, own.decided_on_time, own.refused, own.answered, own.answered_on_time) == (2, 2, 1, 1, 1)
    assert refusals_by_reason(hcr, PERIOD) == {"DOUBLON": 1}


def test_what_agencies_declare_and_what_people_confirm_are_two_rates(house: House, signed_in: Any) -> None:
    hcr = house.cast.organisations["hcr"].pk
    sent = [house.sent(house.case(), house.wish("hcr", None)) for _ in range(4)]
    for referral, said in zip(sent, ("yes", "no", ""), strict=False):
        actions.answer(referral.pk, kind="response", words="Oui.", by=house.cast.ibrahim)
        Case.objects.filter(pk=referral.case_id).update(settled=said, settled_at=timezone.now() if said else None)
    own = agency_figures(hcr, PERIOD, timezone.now())
    assert (own.received, own.answered, own.confirmed) == (4, 3, 1)
    cohort = referred_cohort(PERIOD)
    assert (cohort.referred, cohort.answered, cohort.confirmed) == (4, 3, 1)
    page = signed_in(house.cast.ibrahim).get("/referrals/chiffres/").content.decode()
    shown = " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
    assert "répondus (réponse, ajustement ou service) 75 % (3/4)" in shown
    assert "confirmés par les personnes (« c’est réglé ») 25 % (1/4)" in shown


def test_the_median_is_kept_back_while_it_would_tell_one_agency_of_another(house: House) -> None:
    for short in ("hcr", "nrc"):
        referral = house.sent(house.case(), house.wish(short, None))
    actions.answer(referral.pk, kind="response", words="Oui.", by=house.cast.oumar)
    assert collective_medians(PERIOD, timezone.now()).shares["answered"] is None
    UserRole.objects.create(user=house.cast.hawa, role=Role.FOCAL_POINT)
    third = house.sent(house.case(), house.wish("pam", None))
    actions.answer(third.pk, kind="response", words="Oui.", by=User.objects.get(pk=house.cast.hawa.pk))
    medians = collective_medians(PERIOD, timezone.now())
    assert (medians.shares["answered"], medians.organisations) == (100, 3)


def test_what_is_late_is_counted_by_its_running_clock(house: House) -> None:
    hcr = house.cast.organisations["hcr"].pk
    referral = house.sent(house.case(), house.wish("hcr", None))
    assert agency_figures(hcr, PERIOD, timezone.now()).late_now == 0
    Referral.objects.filter(pk=referral.pk).update(accept_by=F("sent_at"))
    assert agency_figures(hcr, PERIOD, timezone.now()).late_now == 1
