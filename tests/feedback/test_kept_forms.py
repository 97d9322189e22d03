"""A report that can be sealed to nobody yet is kept, never lost, and nothing on the page tells which it was."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feedback import actions, envelopes, intake
from feedback.enums import EnvelopeState
from feedback.models import Case, Envelope
from feedback.whereabouts import where_is
from psea.lookups import stage_of
from psea.models import Approval, HandlerKey, SealedCase, SealedMessage
from tests.cast import Cast
from tests.core.test_attached import a_photo
from tests.feedback.making import spoken as as_spoken
from tests.feedback.test_entry import DELICATE, SignIn, booklet, delicate
from tests.feedback.test_entry import number_on as number_given
from tests.feedback.test_paper import register
from tests.feedback.test_protect import opened
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


@pytest.mark.parametrize("way", ["delicate", "register", "sheet"])
def test_what_nobody_can_open_yet_is_kept_sealed_with_its_number_and_said(
    cast: Cast, signed_in: SignIn, recovery_key: bytes, way: str
) -> None:
    keys, approvals = (list(model.objects.using("vault")) for model in (HandlerKey, Approval))
    HandlerKey.objects.using("vault").all().delete()
    client, number = signed_in(cast.awa), booklet(cast)[0]
    if way == "sheet":
        for _twice in range(2):
            entered = actions.enter(as_spoken(words=SEA, receipt_number=number, source_key="sheet:1"), by=cast.awa)
        assert entered.waits
    else:
        when = {"incident_on": "2026-11-20", "incident_time": "21:30"}
        where, typed = DELICATE, delicate(words=SEA, **when)
        if way == "register":
            where, typed = "/cases/register/", register({"words": SEA, "booklet_number": number})
        response = client.post(where, typed)
        assert response.status_code == 200
        assert "Appelez maintenant la coordination PEAS" in response.content.decode()
        assert SEA not in response.content.decode()
        assert number_given(response) == number or way == "delicate"
        number = number_given(response)
    envelope = Envelope.objects.get()
    assert (Case.objects.count(), SealedCase.objects.using("vault").count()) == (0, 0)

    HandlerKey.objects.using("vault").bulk_create(keys)
    Approval.objects.using("vault").bulk_create(approvals)
    for _twice in range(2):
        intake.handle(envelope.pk)
    assert (Case.objects.count(), SealedCase.objects.using("vault").count()) == (0, 1)
    assert str(where_is(number).stage) == "received"
    if way == "delicate":
        facts = json.loads(opened(recovery_key, SealedCase.objects.using("vault").get(), "facts"))
        assert (facts["incident_on"], facts["incident_time"]) == ("2026-11-20", "21:30:00")
