"""Answers whose work differs by lane leave at even moments; pages that are only looked at do not wait."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from queue import SimpleQueue
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core import even_answers, outbox, publishing
from core.even_answers import missing
from core.gateways import InboundSms
from core.models import Outbound
from core.publishing import Handed
from directory.credentials import ApiScope, issue
from feedback import envelopes
from tests.cast import Cast


@pytest.mark.parametrize(
    ("took", "step", "waits"), [(0.1, 0.4, 0.3), (0.4, 0.4, 0.0), (0.5, 0.4, 0.3), (0.0, 0.4, 0.0), (0.1, 0.0, 0.0)]
)
def test_what_is_missing_to_the_next_even_moment(took: float, step: float, waits: float) -> None:
    assert missing(took, step) == pytest.approx(waits)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[float]:
    """Nobody waits: how long they would have."""
    settings.EVEN_ANSWER_MS = 60_000
    asked: list[float] = []
    monkeypatch.setattr(even_answers, "sleep", asked.append)
    return asked


@pytest.mark.parametrize("words", ["Le forage est en panne", "Il demande mon corps contre le riz"])
def test_whoever_says_something_is_answered_at_an_even_moment_in_every_lane(
    recovery_key: bytes, cast: Cast, waits: list[float], words: str
) -> None:
    browser = Client()
    for page in ("/parler/", "/travailleurs/"):
        browser.get(page)
        assert waits == []
        browser.post(page, {"words": words, "once": str(uuid.uuid4()), "safe_contact": "none"})
        assert 0 < waits.pop() <= 60
    browser.post("/suivi/", {"number": "123456789012", "code": ""})
    assert 0 < waits.pop() <= 60
    _row, token = issue(cast.organisations["hcr"], "even", [ApiScope.CASES_WRITE.value], by=cast.adama)
    headers = {"Authorization": f"Bearer {token}"}
    answer = browser.post("/api/v1/cases/", {"words": words}, content_type="application/json", headers=headers)
    assert answer.status_code == 201
    assert 0 < waits.pop() <= 60


def test_a_receipt_is_published_before_what_else_its_message_set_off() -> None:
    notice, receipt = Handed(False, "deliver", "notice"), Handed(True, "deliver", "receipt")
    text = Handed(False, "erase", "text")
    together = publishing._together([notice, receipt, text])
    assert together == {("deliver", False): [receipt, notice], ("erase", False): [text]}


def test_what_waits_for_its_moment_is_handed_over_with_it_and_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[tuple[str, ...], datetime | None]] = []
    monkeypatch.setattr(publishing, "_send", lambda task, ids, not_before: sent.append((ids, not_before)))
    moment = timezone.now()
    box: SimpleQueue[Handed] = SimpleQueue()
    for handed in (Handed(False, "deliver", "notice"), Handed(True, "deliver", "receipt", moment)):
        box.put(handed)
    publishing._hand_over(box)
    assert sent == [(("receipt",), moment), (("notice",), None)]


@pytest.mark.parametrize("words", ["Le forage est en panne", "Il demande mon corps contre le riz"])
def test_an_sms_to_somebody_leaves_at_an_even_moment_in_every_lane(
    recovery_key: bytes, cast: Cast, settings: Any, words: str
) -> None:
    settings.EVEN_SMS_MS = 60_000
    came_at = timezone.now() - timedelta(seconds=150)
    envelopes.store(InboundSms("SM1", "+22300000042", "", words, came_at), gateway="console", received_at=came_at)
    receipt = Outbound.objects.get(kind=Outbound.Kind.RECEIPT)
    assert receipt.not_before == came_at + timedelta(seconds=180)
    assert receipt.state == Outbound.State.QUEUED
    assert str(receipt.pk) not in map(str, outbox.due_ids())
    notices = Outbound.objects.exclude(pk=receipt.pk)
    assert all(notice.not_before <= timezone.now() for notice in notices)
