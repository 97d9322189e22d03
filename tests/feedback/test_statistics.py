"""Figures of what was said: which cases count, and where they stand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.actors import SYSTEM
from core.periods import Period
from core.transitions import move
from feedback import actions
from feedback.models import Case
from feedback.statistics import About, Funnel, confirmed, funnel, said, said_by
from tests.cast import Cast
from tests.feedback.making import made_case, place, sorted_case


@pytest.fixture
def period() -> Period:
    now = timezone.now()
    return Period(now - timedelta(days=30), now + timedelta(days=1))


def test_tests_duplicates_and_other_periods_are_out(cast: Cast, period: Period) -> None:
    kept, duplicate = sorted_case(cast.awa), sorted_case(cast.awa)
    actions.merge(duplicate.pk, into_id=kept.pk, by=cast.awa)
    sorted_case(cast.awa, "TEST")
    made_case(received_at=timezone.now() - timedelta(days=60))
    assert said(period) == 1


def test_a_protected_case_stays_as_a_bare_number(cast: Cast, period: Period) -> None:
    case = sorted_case(cast.awa, about={"place": place("ML0703")})
    move(Case, case.pk, "protect", by=SYSTEM)
    assert said(period) == 1
    assert said_by("category", "place", period=period) == {("", ""): 1}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (("channel",), {("sms",): 2, ("web",): 1}),
        (("sex",), {("female",): 1, ("not_said",): 2}),
        (("category",), {("ASSIST",): 1, ("",): 2}),
        (("place", "channel"), {("ML0703", "sms"): 1, ("", "sms"): 1, ("", "web"): 1}),
    ],
)
def test_counts_by_what_was_said(
    cast: Cast, period: Period, fields: tuple[str, ...], expected: dict[tuple[str, ...], int]
) -> None:
    made_case(channel="web")
    made_case(sex="female")
    sorted_case(cast.awa, "ASSIST", about={"place": place("ML0703")})
    assert said_by(*fields, period=period) == expected


def test_a_category_counts_its_children_and_a_scope_its_places(cast: Cast, period: Period) -> None:
    sorted_case(cast.awa, "INSAT_MAJ.ciblage", about={"place": place("ML0703")})
    sorted_case(cast.awa, "INSAT_MAJ", about={"place": place("ML0901")})
    assert said(period, about=About(category="INSAT_MAJ")) == 2
    assert said(period, scope=["ML0703"], about=About(category="INSAT_MAJ")) == 1


def test_from_said_to_settled(cast: Cast, period: Period) -> None:
    made_case()
    sorted_case(cast.awa)
    known: dict[str, Any] = {"safe_contact": "call"}
    told = sorted_case(cast.awa, **known)
    actions.answer(told.pk, words="C'est réparé", by=cast.awa)
    actions.tell_person(told.pk, how="call", by=cast.awa, settled="yes")
    assert funnel(period) == Funnel(said=3, triaged=2, referred=0, answered=1, told=1, settled=1)
    assert confirmed(period) == (1, 1)
