"""Answers whose work differs by lane leave at even moments; pages that are only looked at do not wait."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from core import even_answers, publishing
from core.even_answers import missing
from directory.credentials import ApiScope, issue
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
    handed = [(False, "deliver", "notice"), (True, "deliver", "receipt"), (False, "erase", "text")]
    assert publishing._by_task(handed) == {"deliver": ["receipt", "notice"], "erase": ["text"]}
