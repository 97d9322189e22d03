"""What the newcomer does today moves a figure today: the whole way from a case to the plan's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.periods import Quarter
from directory.models import Place
from feedback.actions import Sorting, triage
from feedback.models import Case, Category
from referrals import actions
from referrals.actions.sending import Wish
from tests.cast import Cast
from tests.workplan.conftest import Tracker
from workplan.loading import follow_on_plan
from workplan.models import Indicator, Plan
from workplan.tables import latest_of

Say = Callable[..., Case]


@pytest.fixture
def plan_of_today(tracker: Tracker) -> Plan:
    return follow_on_plan()


def live(plan: Plan) -> str:
    indicator = Indicator.objects.of_plan(plan.pk).get(number="3.2.1.e")
    latest = latest_of(indicator, [], plan.years)
    assert latest is not None
    assert (latest.is_live, latest.label) == (True, str(Quarter.current()))
    return latest.value.text


def refer(cast: Cast, said: Say) -> Any:
    case = said()
    sorting = Sorting(
        Category.objects.get(pk="INSAT_MAJ"), "Forage en panne", about={"place": Place.objects.get(pcode="ML0703")}
    )
    triage(case.pk, sorting, by=cast.awa, at=timezone.now())
    wish = Wish(cast.organisations["nrc"].pk, cast.offices["nrc_gao"].pk)
    return actions.create_and_send(case.pk, wish, by=cast.awa)


def test_a_referral_and_then_its_answer_move_the_indicator(plan_of_today: Plan, tracker: Tracker, said: Say) -> None:
    assert live(plan_of_today) == "0 · –"
    first, second = refer(tracker.cast, said), refer(tracker.cast, said)
    assert live(plan_of_today) == "2 · 0\u202f%\u00a0(0/2)"
    actions.answer(first.pk, kind="adjustment", words="La pompe est changée.", by=tracker.cast.fanta)
    assert live(plan_of_today) == "2 · 50\u202f%\u00a0(1/2)"
    actions.answer(second.pk, kind="unsuccessful", reason="MANQUE_CAPACITE", by=tracker.cast.fanta)
    assert live(plan_of_today) == "2 · 50\u202f%\u00a0(1/2)"


def test_the_plan_page_shows_it_live_and_the_lineage_opens_it(
    plan_of_today: Plan, tracker: Tracker, said: Say, signed_in: Callable[[Any], Client]
) -> None:
    referral = refer(tracker.cast, said)
    client = signed_in(tracker.cast.awa)
    page = client.get(reverse("workplan:plan")).content.decode()
    assert "1 · 0\u202f%\u00a0(0/1)" in page
    assert "en direct" in page
    indicator = Indicator.objects.of_plan(plan_of_today.pk).get(number="3.2.1.e")
    address = f"{reverse('workplan:lineage', args=[indicator.pk])}?period={Quarter.current().code}"
    assert referral.case.reference in client.get(address).content.decode()
    assert referral.case.reference not in signed_in(tracker.cast.robert).get(address).content.decode()
