"""The day's budget runs out: those who keep the lines are told, once a level, without a word of content."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from core.day_budget import note_spent
from feedback.tasks import warn_of_budget
from tests.cast import Cast

TOLD = ["adama@jaabi.example", "djeneba@jaabi.example"]
SEGMENT = "Bonjour"


@pytest.fixture
def clock() -> Any:
    with time_machine.travel("2026-03-10 12:00+00:00", tick=False) as traveller:
        yield traveller


def spend(segments: int, line: str = "console") -> None:
    for _ in range(segments):
        note_spent(line, SEGMENT)


def told() -> list[str]:
    """Who was written to since last asked."""
    warn_of_budget()
    warn_of_budget()
    people = sorted(sent.to[0] for sent in mail.outbox)
    mail.outbox.clear()
    return people


def test_at_80_and_at_100_percent_once_each_and_anew_the_next_day(cast: Cast, clock: Any, settings: Any) -> None:
    settings.SMS_DAY_BUDGET = 10
    spend(7)
    assert told() == []
    spend(1)
    assert told() == TOLD
    spend(1)
    assert told() == []
    spend(1)
    assert told() == TOLD
    clock.shift(timedelta(days=1))
    assert told() == []
    spend(8)
    assert told() == TOLD


def test_a_lines_own_budget_has_its_own_alarm(cast: Cast, clock: Any, settings: Any) -> None:
    settings.SMS_DAY_BUDGET, settings.SMS_DAY_BUDGET_BY_LINE = 1000, {"gao": 5, "console": 50}
    spend(4, "gao")
    assert told() == TOLD


def test_the_notice_says_nothing(cast: Cast, clock: Any, settings: Any) -> None:
    settings.SMS_DAY_BUDGET = 1
    spend(1)
    warn_of_budget()
    assert {sent.subject for sent in mail.outbox} == {
        "Il y a du nouveau pour vous dans Jaabi.",
        "Une action vous attend dans Jaabi.",
    }
    assert [sent.body for sent in mail.outbox if "budget" in sent.body or "console" in sent.body] == []


def test_without_a_budget_there_is_no_alarm(cast: Cast, clock: Any) -> None:
    spend(500)
    assert told() == []


@pytest.mark.parametrize(("spent", "word"), [(7, "7 segments partis"), (8, "plus de 80 %"), (10, "budget épuisé")])
def test_the_lines_page_and_the_thresholds_page_show_it(
    cast: Cast, clock: Any, settings: Any, signed_in: Any, spent: int, word: str
) -> None:
    settings.SMS_DAY_BUDGET = 10
    spend(spent)
    assert timezone.localdate().isoformat() == "2026-03-10"
    assert word in signed_in(cast.adama).get("/settings/lines/console/").content.decode()
    assert word in signed_in(cast.djeneba).get("/settings/thresholds/").content.decode()
