"""What a figure counts and what it leaves out, by the definition of DESIGN §5."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

from django.db.models import F
from django.utils import timezone

from core.actors import SYSTEM
from core.periods import Period
from core.transitions import move
from directory.enums import ServiceType
from directory.models import User, UserRole
from directory.roles import Role
from feedback.models import Case
from referrals import actions
from referrals.agency_statistics import Medians, agency_figures, collective_medians, refusals_by_reason
from referrals.models import Referral
from referrals.statistics import (
    Cohort,
    behind,
    days_taken,
    medians_by_quarter,
    referred_cohort,
    referred_to,
)
from tests.referrals.conftest import House

NOW = timezone.now()
PERIOD = Period(NOW - timedelta(days=90), NOW + timedelta(days=1))


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
    assert list(behind(PERIOD).ids()) == [case.pk]


def test_a_case_is_referred_to_services_when_it_first_was_in_whatever_lane(house: House) -> None:
    services = (ServiceType.LEGAL, ServiceType.MHPSS)
    before = Period(PERIOD.start - timedelta(days=90), PERIOD.start)
    case, hidden, other, sooner, test = (house.case() for _n in range(5))
    house.sent(case, house.wish(service="legal")), house.sent(case, house.wish("hcr", None, service="mhpss"))
    house.sent(hidden, house.wish(service="mhpss"))
    house.sent(other, house.wish(service="food")), house.sent(other, house.wish("hcr", None))
    early = house.sent(sooner, house.wish(service="legal"))
    house.sent(sooner, house.wish("hcr", None, service="legal"))
    house.sent(test, house.wish(service="legal"))
    Case.objects.filter(pk=hidden.pk).update(lane="restricted", restricted_kind="protection")
    Case.objects.filter(pk=test.pk).update(is_test=True)
    Referral.objects.filter(pk=early.pk).update(first_sent_at=before.start)
    assert (referred_to(services, PERIOD), referred_to(services, before)) == (2, 1)
    assert referred_to((ServiceType.FOOD,), PERIOD) == 1
    recalled = house.sent(house.case(), house.wish(service="legal"))
    actions.recall(recalled.pk, reason="sent_in_error", by=house.cast.awa)
    assert referred_to(services, PERIOD) == 2


def test_answering_moves_the_figure_at_once(house: House) -> None:
    referral = house.sent()
    assert referred_cohort(PERIOD) == Cohort(referred=1)
    actions.answer(referral.pk, kind="adjustment", words="Oui.", by=house.cast.fanta)
    assert referred_cohort(PERIOD) == Cohort(referred=1, answered=1, on_time=1, adjustments=1)


def test_an_empty_period_is_nought_and_has_no_median(house: House) -> None:
    assert referred_cohort(PERIOD) == Cohort()
    assert days_taken(PERIOD) is None
    assert medians_by_quarter(PERIOD) == {}
    none = dict.fromkeys(["decided_on_time", "refused", "answered", "answered_on_time", "confirmed"])
    assert collective_medians(PERIOD) == Medians(none, organisations=0)


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
    assert collective_medians(PERIOD).shares["answered"] is None
    UserRole.objects.create(user=house.cast.hawa, role=Role.FOCAL_POINT)
    third = house.sent(house.case(), house.wish("pam", None))
    actions.answer(third.pk, kind="response", words="Oui.", by=User.objects.get(pk=house.cast.hawa.pk))
    medians = collective_medians(PERIOD)
    assert (medians.shares["answered"], medians.organisations) == (100, 3)


def test_what_is_late_is_counted_by_its_running_clock(house: House) -> None:
    hcr = house.cast.organisations["hcr"].pk
    referral = house.sent(house.case(), house.wish("hcr", None))
    assert agency_figures(hcr, PERIOD, timezone.now()).late_now == 0
    Referral.objects.filter(pk=referral.pk).update(accept_by=F("sent_at"))
    assert agency_figures(hcr, PERIOD, timezone.now()).late_now == 1
