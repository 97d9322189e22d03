"""A report that can be sealed to nobody yet is kept, never lost, and nothing on the page tells which it was."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feedback import envelopes, intake
from feedback.enums import EnvelopeState
from feedback.models import Case, Envelope
from psea.lookups import stage_of
from psea.models import SealedCase, SealedMessage
from tests.core.test_attached import a_photo
from tests.feedback.test_public import ORDINARY, SEA, number_on, without_tokens
from tests.feedback.test_public_files import spoken
from tests.vault_keys import recovery_key
from tests.voices import OGG

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("db")]


def shown(page: Any) -> str:
    return re.sub(r"data:image[^\"]*|<span>\d{4}</span>", "", without_tokens(page))


@pytest.mark.parametrize(("words", "page"), [(SEA, "speak"), (ORDINARY, "workers")])
def test_it_is_kept_and_taken_in_once_somebody_can_read_with_its_files(words: str, page: str) -> None:
    kept, ordinary = (spoken(words, page, voice=OGG, picture=a_photo()), spoken(voice=OGG, picture=a_photo()))
    assert shown(kept) == shown(ordinary)
    envelope = Envelope.objects.get()
    assert words.encode() not in b"".join(bytes(getattr(envelope, name) or b"") for name in envelope.sealed_fields())
    for _try in range(envelopes.ATTEMPTS + 1):
        intake.handle(envelope.pk)
    envelope.refresh_from_db()
    assert (envelope.state, envelope.reason) == (EnvelopeState.STORED, "NobodyCanRead"), "tried until somebody can"

    recovery_key()
    Envelope.objects.update(received_at=timezone.now() - timedelta(days=1))
    assert envelope.pk in envelopes.waiting_ids()
    for _time in range(2):
        intake.handle(envelope.pk)
    envelope.refresh_from_db()
    assert (envelope.state, envelope.body) == (EnvelopeState.HANDLED, None)
    assert SealedCase.objects.using("vault").count() == 1
    message = SealedMessage.objects.using("vault").get()
    assert message.recording is not None
    assert message.picture is not None
    assert Case.objects.count() == 1
    assert stage_of(number_on(kept)) is not None


def test_posted_twice_it_is_kept_once() -> None:
    for _time in range(2):
        Client().post("/parler/", {"words": SEA, "once": "6f1b6a4e-1d1e-4c8e-9d7e-1f6a3c2b1a00"})
    assert Envelope.objects.count() == 1
