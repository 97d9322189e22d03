"""The page of a plan that anyone may read, once the working group has opened it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from core.periods import Quarter
from core.transitions import Refused
from tests.workplan.conftest import WINTER, Tracker, release
from workplan.actions.public_page import open_to_public
from workplan.enums import ReadingState
from workplan.models import Reading
from workplan.public_plan import public_plan
from workplan.tables import Latest
from workplan.values import Value

SignIn = Callable[[Any], Client]


@pytest.fixture
def opened(tracker: Tracker) -> Tracker:
    open_to_public(tracker.plan.pk, is_open=True, by=tracker.cast.djeneba)
    return tracker


def address(tracker: Tracker) -> str:
    return reverse("workplan:public_plan", args=[tracker.plan.code])


def latest(tracker: Tracker, number: str) -> Latest | None:
    objectives = [objective for axis in public_plan(tracker.plan).axes for objective in axis.objectives]
    rows = [row for objective in objectives for activity in objective.activities for row in activity.rows]
    (found,) = [row.latest for row in rows if row.indicator.number == number]
    return found


def test_it_is_closed_until_the_working_group_opens_it_and_who_did_is_kept(
    tracker: Tracker, client: Client, signed_in: SignIn
) -> None:
    absent = client.get(reverse("workplan:public_plan", args=["NULLE-PART"]))
    assert (client.get(address(tracker)).status_code, absent.status_code) == (404, 404)
    with pytest.raises(Refused, match="groupe de travail"):
        open_to_public(tracker.plan.pk, is_open=True, by=tracker.cast.lassana)
    group, switch = signed_in(tracker.cast.djeneba), reverse("workplan:public_switch")
    for then, status in (("open", 200), ("open", 200), ("close", 404)):
        group.post(switch, {"plan": tracker.plan.code, "then": then})
        assert client.get(address(tracker)).status_code == status
    page = group.get(switch, {"plan": tracker.plan.code})
    said = [(each.is_open, each.by) for each in page.context["switches"]]
    assert said == [(False, tracker.cast.djeneba), (True, tracker.cast.djeneba)]
    acts = list(
        AuditEntry.objects.filter(act__endswith="_to_public").order_by("recorded_at").values_list("act", flat=True)
    )
    assert acts == ["workplan.plan.open_to_public", "workplan.plan.close_to_public"]


def test_it_says_what_was_verified_and_nothing_else(opened: Tracker, client: Client) -> None:
    first = opened.verified("1.1.1.b", Value(number=7351))
    opened.submitted("1.1.1.b", Value(number=8242), Quarter(2021, 2))
    parts = {"retombée": {"communication publique": 9173}}
    opened.verified("2.2.2.b", Value(number=9174, breakdown=parts))
    Reading.objects.filter(state=ReadingState.SUBMITTED).update(narrative="Un récit du responsable")
    page = client.get(address(opened)).content.decode()
    assert "7\u202f351" in page
    assert "9\u202f174" in page
    for kept in ("8\u202f242", "9\u202f173", "récit", str(first.submitted_by)):
        assert kept not in page
    assert latest(opened, "1.1.1.b") == Latest(first.value, str(WINTER), is_verified=True)


def test_of_sealed_matters_it_says_the_releases_alone(opened: Tracker) -> None:
    assert latest(opened, "3.2.2.b") is None
    release(WINTER, WINTER, None, None)
    withheld = latest(opened, "3.2.2.b")
    assert withheld is not None
    assert withheld.is_withheld
    release(Quarter(2021, 2), Quarter(2021, 2), 20, 40)
    published = latest(opened, "3.2.2.b")
    assert published is not None
    assert (published.is_released, published.value.text) == (True, "50\u202f%\u00a0(20/40)")


@pytest.mark.parametrize(
    ("number", "numerator", "denominator", "is_withheld"),
    [(40, 20, 40, False), (4, 0, 4, True), (40, 38, 40, True), (40, 2, 40, True), (0, 0, 0, False)],
)
def test_a_figure_of_few_cases_is_left_out_the_country_over(
    opened: Tracker, number: int, numerator: int, denominator: int, is_withheld: bool
) -> None:
    row = Reading(indicator=opened.indicator("3.2.1.e"), year=2021, quarter=1, computed=True, state="verified")
    row.value = Value(number=number, numerator=numerator, denominator=denominator)
    row.verified_by, row.verified_at = opened.cast.djeneba, timezone.now()
    row.save()
    shown = latest(opened, "3.2.1.e")
    assert shown is not None
    assert shown.is_withheld == is_withheld


def test_caches_may_keep_it_and_it_loads_nothing_of_strangers(opened: Tracker, client: Client) -> None:
    page = client.get(address(opened))
    assert page["Cache-Control"] == "public, max-age=300"
    assert not page.cookies
    again = client.get(address(opened), headers={"if-none-match": page["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.get(address(opened)).content == page.content
    loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', page.content.decode())
    assert loaded
    assert all(each.startswith("/static/") for each in loaded)
