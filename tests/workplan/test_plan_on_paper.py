from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client

from core import pdf
from core.periods import Quarter
from directory.models import User
from tests.workplan.conftest import Tracker
from workplan.gantt import Bar
from workplan.values import Value


@pytest.fixture
def djeneba(tracker: Tracker, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(tracker.cast.djeneba)


def bar(client: Client, number: str) -> Bar:
    axes = client.get("/workplan/gantt/", {"plan": "EHP-PROTECTION-2020-2022"}).context["axes"]
    found: Bar = next(one for axis in axes for one in axis.bars if one.activity.activity.number == number)
    return found


def test_the_calendar_shows_each_activity_over_its_quarters(tracker: Tracker, djeneba: Client) -> None:
    with time_machine.travel("2021-03-01T12:00Z", tick=False):
        tracker.verified("1.3.2.a", Value(number=3), Quarter(2020, 3))
        runs = [(run.status, run.length, run.label) for run in bar(djeneba, "1.3.2").runs]
        page = djeneba.get("/workplan/gantt/", {"axis": "1", "plan": tracker.plan.code}).content.decode()
    assert runs == [
        ("not_planned", 2, "T1 2020 – T2 2020"),
        ("verified", 1, "T3 2020"),
        ("late", 1, "T4 2020"),
        ("planned", 8, "T1 2021 – T4 2022"),
    ]
    assert ("1.3.2" in page, "3.2.1" in page) == (True, False)
    cells = re.findall(r'class="gantt-bar gantt-(\w+)"(?: title="([^"]+)")?>(.*?)</span>', page)
    assert ("late", "en retard") in {cell[:2] for cell in cells}, "a quarter alone shows a shape, and its word on hover"
    assert all(("<svg" in inside) == bool(title) for _status, title, inside in cells)


def test_the_plan_is_a_pdf_or_a_page_that_says_how_to_make_one(
    tracker: Tracker, djeneba: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"plan": tracker.plan.code, "le": "2021-03-31"}
    if pdf.makes_pdf():
        made = djeneba.get("/workplan/plan.pdf", asked)
        assert (made["Content-Type"], made.content[:5]) == ("application/pdf", b"%PDF-")
    monkeypatch.setattr("workplan.views.plan.makes_pdf", lambda: False)
    page = djeneba.get("/workplan/plan.pdf", asked)
    assert "Enregistrer en PDF" in page.content.decode()
    assert "Tel qu’il était le 31 mars 2021" in page.content.decode()
