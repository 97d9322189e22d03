"""What could not be processed is seen by those who listen, and tried again from the page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from core.models import AuditEntry
from feedback import envelopes, intake
from feedback.models import Case, Envelope
from feedback.tasks import sweep_envelopes
from tests.cast import Cast
from tests.feedback.conftest import Telephone

WORDS = "Le forage du quartier est en panne depuis dix jours"


@pytest.fixture
def stuck(telephone: Telephone, monkeypatch: pytest.MonkeyPatch) -> Telephone:
    with monkeypatch.context() as broken:
        broken.setattr(intake, "take", lambda heard: 1 / 0)
        telephone.says(WORDS)
        for _ in range(envelopes.ATTEMPTS):
            intake.handle(Envelope.objects.get().pk)
    return telephone


def test_the_desk_counts_them_only_when_there_are_some(cast: Cast, telephone: Telephone, signed_in: Any) -> None:
    assert "à reprendre" not in signed_in(cast.awa).get("/cases/").content.decode()


def test_the_page_says_when_and_why_and_nothing_of_the_content(cast: Cast, stuck: Telephone, signed_in: Any) -> None:
    browser = signed_in(cast.awa)
    assert "1 message à reprendre" in browser.get("/cases/").content.decode()

    page = browser.get("/cases/flagged/").content.decode()
    assert "twilio" in page
    assert "ZeroDivisionError" in page
    assert "forage" not in page
    assert stuck.number not in page


def test_retrying_takes_them_up_once_and_is_audited(cast: Cast, stuck: Telephone, signed_in: Any) -> None:
    browser = signed_in(cast.awa)

    said = browser.post("/cases/flagged/", follow=True).content.decode()
    assert "1 message est repris" in said
    assert "à reprendre" not in said
    browser.post("/cases/flagged/")
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        sweep_envelopes()

    assert Case.objects.get().unsealed("words") == WORDS
    entry = AuditEntry.objects.get(act="feedback.envelope.take_up")
    assert (entry.actor_id, entry.facts) == (str(cast.awa.pk), {"count": 1})
    assert "Aucun message" in browser.get("/cases/flagged/").content.decode()


@pytest.mark.parametrize("name", ["ibrahim", "salif", "adama", "aminata"])
def test_nobody_else_has_that_page(cast: Cast, stuck: Telephone, signed_in: Any, name: str) -> None:
    browser = signed_in(cast.people[name])
    assert browser.get("/cases/flagged/").status_code == 404
    assert browser.post("/cases/flagged/").status_code == 404
    assert Envelope.objects.get().attempts == envelopes.ATTEMPTS
