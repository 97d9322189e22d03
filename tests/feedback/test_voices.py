"""WhatsApp, calls, opt-out and erasure, told through the product against Twilio's stand-in."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from core import erasures
from core.audio import packed, unpacked
from core.gateways.twilio_voice import WITHHELD
from core.models import AuditEntry, Erasure, LineTrace, Outbound
from core.outbox import queue_sms
from core.receipt_number import is_well_formed
from feedback import actions, envelopes, voice_texts
from feedback.intake import handle
from feedback.models import Case, CaseMessage, Envelope, PhonePreference
from feedback.outgoing import has_stopped
from feedback.preferences import phone_index
from psea.models import SealedCase, SealedMessage
from tests.cast import Cast
from tests.standin.client import NUMBER, StandInClient
from tests.standin.door import Door
from tests.standin.fixtures import door, process, twilio
from tests.voices import OGG, PLANT, RECORDED

__all__ = ["door", "process", "twilio"]
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("recovery_key", "cast")]

AMINATA = "+22300000012"
WORDS = "Le puits est à sec depuis mardi"
SEA = "Un agent de l'ONG demande des faveurs sexuelles contre la carte d'assistance."
MEDIA = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/{0}/Media/ME1"


def says(twilio: StandInClient, door: Door, text: str, **more: Any) -> None:
    twilio.receive(f"{door.url}/sms/twilio/", AMINATA, text, **more)
    assert [answer.status_code for answer in door.let_in(Client())] == [200]


def whatsapp(twilio: StandInClient, door: Door, text: str, *, voice: bytes = b"", sid: str = "MM1") -> None:
    """A message by WhatsApp, with a voice note if wanted."""
    more = {"NumMedia": "1", "MediaUrl0": MEDIA.format(sid), "MediaContentType0": "audio/ogg"} if voice else {}
    if voice:
        twilio.hold(f"Messages/{sid}/Media/ME1", voice)
    twilio.receive(f"{door.url}/sms/twilio/", f"whatsapp:{AMINATA}", text, to=f"whatsapp:{NUMBER}", sid=sid, more=more)
    door.let_in(Client())


def step(twilio: StandInClient, door: Door, path: str, **fields: str) -> str:
    """One step of a call; out: the TwiML that the product answers."""
    call = {"CallSid": "CA1", "From": AMINATA, "To": NUMBER, "CallStatus": "in-progress"} | fields
    twilio.call(f"{door.url}{path}", call)
    (answer,) = door.let_in(Client())
    assert answer.status_code == 200
    return str(answer.content.decode())


def action(twiml: str) -> str:
    """Where the call goes on."""
    found = re.search(r'action="([^"]+)"', twiml)
    assert found
    parts = urlsplit(found[1].replace("&amp;", "&"))
    return f"{parts.path}?{parts.query}"


def recorded(twilio: StandInClient, door: Door, path: str, sid: str = "RE1", voice: bytes = OGG) -> str:
    twilio.hold(f"Recordings/{sid}", voice)
    return step(twilio, door, path, RecordingSid=sid, RecordingDuration="14", Digits="hangup")


# -- WhatsApp --------------------------------------------------------------------------------------------------------


def test_whatsapp_makes_a_case_and_is_answered_by_whatsapp(twilio: StandInClient, door: Door) -> None:
    whatsapp(twilio, door, WORDS)
    case = Case.objects.get()
    assert (case.channel, case.unsealed("words"), case.unsealed("contact")) == ("whatsapp", WORDS, AMINATA)
    assert [one["to"] for one in twilio.sent()] == [f"whatsapp:{AMINATA}"]
    assert PhonePreference.objects.get().line == "twilio-whatsapp"


def test_a_voice_note_is_kept_sealed_heard_by_the_team_and_deleted_at_the_carrier(
    twilio: StandInClient, door: Door, cast: Cast, signed_in: Any
) -> None:
    whatsapp(twilio, door, "", voice=OGG)
    case, message = Case.objects.get(), CaseMessage.objects.get()
    assert case.unsealed("words") == "[Message vocal]"
    assert OGG not in bytes(message.recording or b"")
    assert twilio.held()["files"] == []

    path = reverse("feedback:recording", args=[case.pk, message.pk])
    browser = signed_in(cast.awa)
    assert path in browser.get(f"/cases/{case.pk}/").content.decode()
    heard = browser.get(path)
    assert (heard.content, heard["Content-Type"]) == (OGG, "audio/ogg")
    assert "sandbox" in heard["Content-Security-Policy"]
    assert AuditEntry.objects.filter(act="feedback.casemessage.read", target_id=str(message.pk)).count() == 1
    for who in ("oumar", "kadia", "adama", "djeneba"):
        assert signed_in(getattr(cast, who)).get(path).status_code == 404

    browser.post(reverse("feedback:recording_erase", args=[case.pk, message.pk]))
    message.refresh_from_db()
    assert message.recording is None
    assert browser.get(path).status_code == 404


def test_a_voice_of_a_telephone_whose_case_is_sealed_is_sealed_too(twilio: StandInClient, door: Door) -> None:
    says(twilio, door, SEA)
    whatsapp(twilio, door, "", voice=OGG)
    assert (Case.objects.count(), CaseMessage.objects.count()) == (0, 0)
    message = SealedMessage.objects.using("vault").get()
    assert message.recording is not None
    assert OGG not in bytes(message.recording)
    assert SealedCase.objects.using("vault").count() == 1


def test_a_voice_note_with_words_that_suggest_abuse_goes_to_the_vault_with_them(
    twilio: StandInClient, door: Door
) -> None:
    whatsapp(twilio, door, SEA, voice=OGG)
    assert (Case.objects.count(), SealedCase.objects.using("vault").count()) == (0, 1)
    assert SealedMessage.objects.using("vault").get().recording is not None
    assert twilio.held() == {"texts": [], "files": [], "leaks": []}


def test_a_protected_case_takes_its_voices_along(twilio: StandInClient, door: Door, cast: Cast) -> None:
    whatsapp(twilio, door, "", voice=OGG)
    actions.protect(Case.objects.get().pk, by=cast.awa)
    assert CaseMessage.objects.count() == 0
    assert SealedMessage.objects.using("vault").exclude(recording=None).count() == 1


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", b"", b"\x89PNG"])
def test_what_is_no_recording_is_not_kept_and_said_so(twilio: StandInClient, door: Door, content: bytes) -> None:
    whatsapp(twilio, door, WORDS, voice=content or b"\x00")
    words = Case.objects.get().unsealed("words")
    assert words.startswith(WORDS)
    assert "n’a pas pu être gardé" in words
    assert not CaseMessage.objects.exists()
    assert (twilio.held()["files"], Erasure.objects.count()) == ([], 0), "nor does it stay at the carrier"


@pytest.mark.parametrize("name", ["opus.ogg", "mp3.mp3", "pcm.wav", "amr.3gp"])
def test_what_a_telephone_noted_beside_a_voice_is_not_kept(name: str, twilio: StandInClient, door: Door) -> None:
    (recording,) = (path.read_bytes() for path in RECORDED if path.name == name)
    whatsapp(twilio, door, "", voice=recording)
    text = CaseMessage.objects.get().unsealed("recording")
    assert text == packed(recording)
    assert PLANT in recording
    assert PLANT not in unpacked(text)[1]


def test_a_voice_that_is_not_ready_is_waited_for_and_then_gone_without(
    twilio: StandInClient, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(envelopes, "publish_soon", lambda *args: None)
    whatsapp(twilio, door, "", voice=OGG)
    envelope = Envelope.objects.get()
    twilio.reset()
    for attempt in range(1, envelopes.ATTEMPTS):
        handle(envelope.pk)
        envelope.refresh_from_db()
        assert (envelope.state, envelope.attempts) == ("stored", attempt)
    handle(envelope.pk)
    assert "n’a pas pu être gardé" in Case.objects.get().unsealed("words")
    assert not Erasure.objects.filter(resource__contains="Media").exists(), "the carrier keeps what we do not have"


# -- calls -----------------------------------------------------------------------------------------------------------


def test_a_caller_chooses_a_language_speaks_and_hears_their_number_twice(twilio: StandInClient, door: Door) -> None:
    menu = step(twilio, door, "/sms/twilio/")
    assert (menu.index("tapez 1") < menu.index("press 2"), 'language="fr-FR"' in menu) == (True, True)
    speak = step(twilio, door, action(menu), Digits="2")
    assert ("After the tone" in speak, 'language="en-GB"' in speak) == (True, True)
    twiml = recorded(twilio, door, action(speak))
    numbers = re.findall(r"(?:\d, ){3}\d \. (?:\d, ){3}\d \. (?:\d, ){3}\d", twiml)
    assert (len(numbers), len(set(numbers)), "<Hangup" in twiml) == (2, 1, True)

    number = re.sub(r"\D", "", numbers[0])
    case = Case.objects.get()
    assert is_well_formed(number)
    assert (case.unsealed("receipt_number"), case.channel) == (number, "voice")
    assert case.unsealed("words") == "[Message vocal de 14 secondes]"
    assert CaseMessage.objects.get().unsealed("recording") == packed(OGG)
    assert twilio.held()["files"] == []
    assert recorded(twilio, door, action(speak)) == twiml, "asked twice, it says the same number"
    assert Case.objects.count() == 1


def test_a_caller_is_spoken_to_in_the_language_they_have(twilio: StandInClient, door: Door) -> None:
    says(twilio, door, WORDS)
    PhonePreference.objects.update(language="eng")
    menu = step(twilio, door, "/sms/twilio/")
    assert menu.index("press 2") < menu.index("tapez 1")
    assert "After the tone" in step(twilio, door, action(menu))


def test_a_language_without_a_machines_voice_is_heard_as_its_speakers_recorded_it(
    twilio: StandInClient, door: Door, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spoken = tmp_path / "voice"
    shutil.copytree(voice_texts.TEXTS, spoken)
    (spoken / "eng.yaml").write_text('digit: "3"\nmenu: the script\n', encoding="utf-8")
    (spoken / "eng").mkdir()
    for name in voice_texts.RECORDED[:-1]:
        (spoken / "eng" / f"{name}.mp3").write_bytes(b"ID3")
    monkeypatch.setattr(voice_texts, "TEXTS", spoken)
    voice_texts._texts.cache_clear()
    assert "eng" not in step(twilio, door, "/sms/twilio/"), "one digit is missing"
    (spoken / "eng" / "9.mp3").write_bytes(b"ID3")

    menu = step(twilio, door, "/sms/twilio/")
    at = f"<Play>{settings.PUBLIC_URL}/static/voice/eng/"
    assert f"{at}menu.mp3</Play>" in menu
    speak = step(twilio, door, action(menu), Digits="3")
    assert (f"{at}speak.mp3</Play>" in speak, "<Say" in speak) == (True, False)
    twiml = recorded(twilio, door, action(speak))
    voice_texts._texts.cache_clear()
    number = Case.objects.get().unsealed("receipt_number")
    played = "".join(re.findall(r"/static/voice/eng/(\d)\.mp3", twiml))
    assert played == number * 2
    assert twiml.index("received.mp3") < twiml.index(f"{number[0]}.mp3") < twiml.index("repeat.mp3")


def test_silence_is_asked_again_and_then_left_alone(twilio: StandInClient, door: Door) -> None:
    speak = step(twilio, door, action(step(twilio, door, "/sms/twilio/")), Digits="1")
    again = step(twilio, door, action(speak))
    assert "Nous n’avons rien entendu" in again
    assert "<Hangup" in step(twilio, door, action(again), RecordingSid="RE0", RecordingDuration="0")
    assert not Envelope.objects.exists()


def test_whoever_hides_their_number_is_heard_and_not_written_to(twilio: StandInClient, door: Door) -> None:
    speak = step(twilio, door, action(step(twilio, door, "/sms/twilio/")))
    twilio.hold("Recordings/RE1", OGG)
    fields = {"RecordingSid": "RE1", "RecordingDuration": "3", "From": sorted(WITHHELD)[0]}
    assert "Votre message est bien arrivé" in step(twilio, door, action(speak), **fields)
    assert (Case.objects.get().unsealed("contact"), twilio.sent()) == ("", [])


@pytest.mark.parametrize("query", ["step=recorded&tries=x", "step=language&lang=%00", "step=x", "tries=99999999999"])
def test_no_step_breaks_the_call(twilio: StandInClient, door: Door, query: str) -> None:
    assert "<Response>" in step(twilio, door, f"/sms/twilio/?{query}", Digits="9", RecordingDuration="²")
    assert not Envelope.objects.exists()


def test_a_forged_call_is_refused(twilio: StandInClient, door: Door) -> None:
    fields = {"CallSid": "CA1", "From": AMINATA, "RecordingSid": "RE1", "RecordingDuration": "3"}
    twilio.call(f"{door.url}/sms/twilio/?step=recorded", fields, signature="forged")
    assert [answer.status_code for answer in door.let_in(Client())] == [403]
    assert not Envelope.objects.exists()


# -- opt-out ---------------------------------------------------------------------------------------------------------


def test_an_opt_out_at_the_carrier_holds_here_and_is_not_confirmed_twice(twilio: StandInClient, door: Door) -> None:
    says(twilio, door, WORDS)
    says(twilio, door, "laissez-moi", more={"OptOutType": "STOP"})
    assert (has_stopped(AMINATA), len(twilio.sent()), Case.objects.count()) == (True, 1, 1)
    says(twilio, door, "revenez", more={"OptOutType": "START"})
    says(twilio, door, "info", more={"OptOutType": "HELP"})
    assert (has_stopped(AMINATA), len(twilio.sent())) == (False, 1)


def test_an_opt_out_that_only_the_carrier_heard_of_holds_everywhere(twilio: StandInClient, door: Door) -> None:
    says(twilio, door, WORDS)
    later = timezone.now() + timedelta(hours=1)
    waiting = queue_sms(AMINATA, "Plus tard", kind=Outbound.Kind.ANSWER)
    Outbound.objects.filter(pk=waiting.pk).update(
        state=Outbound.State.QUEUED, not_before=later, recipient_hash=phone_index(AMINATA)
    )
    twilio.unsubscribe(AMINATA)
    refused = queue_sms(AMINATA, "Bonjour", kind=Outbound.Kind.ANSWER)
    for row in (waiting, refused):
        row.refresh_from_db()
    assert (refused.reason, waiting.reason, has_stopped(AMINATA)) == ("twilio 21610", "withheld", True)


# -- erasure ---------------------------------------------------------------------------------------------------------


def test_what_was_said_is_erased_at_the_carrier_once_it_is_held_here(twilio: StandInClient, door: Door) -> None:
    says(twilio, door, WORDS)
    says(twilio, door, SEA)
    assert (twilio.held()["texts"], Erasure.objects.count()) == ([], 0)
    (first, *_others) = twilio.sent()
    assert "numéro" in first["body"]
    twilio.deliver(first["sid"])
    door.let_in(Client())
    assert twilio.sent()[0]["body"] == ""


def test_nothing_is_erased_before_it_is_held(
    twilio: StandInClient, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(envelopes, "publish_soon", lambda *args: None)
    says(twilio, door, WORDS)
    assert (twilio.held()["texts"], Erasure.objects.count()) == ([WORDS], 0)


def test_an_erasure_is_tried_until_it_is_done(twilio: StandInClient, door: Door) -> None:
    says(twilio, door, WORDS)
    (sent,) = twilio.sent()
    twilio.fail(2)
    twilio_row = Outbound.objects.get()
    erasures.ask(twilio_row.gateway, sent["sid"])
    row = Erasure.objects.get()
    assert (row.attempts, row.reason, UUID(str(row.pk))) == (1, "twilio 20503", row.pk)
    for _round in range(2):
        with time_machine.travel(timezone.now() + timedelta(hours=1)):
            assert erasures.due_ids() == [row.pk]
            erasures.erase(row.pk)
        Erasure.objects.filter(pk=row.pk).update(not_before=timezone.now())
    assert (Erasure.objects.count(), twilio.sent()[0]["body"]) == (0, "")


def test_the_night_counts_what_remains_and_the_page_and_metrics_say_it(
    twilio: StandInClient, door: Door, cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(envelopes, "publish_soon", lambda *args: None)
    for _time in range(2):
        says(twilio, door, WORDS)
    erasures.count_kept()
    assert LineTrace.objects.get(name="twilio").kept_count == 2
    assert not LineTrace.objects.exclude(name="twilio").exclude(kept_count=None).exists(), "one account, counted once"
    assert 'jaabi_carrier_kept{line="twilio"} 2.0' in Client().get("/metrics").content.decode()
    page = signed_in(cast.adama).get("/settings/lines/twilio/").content.decode()
    assert "L’opérateur garde encore 2 textes ou fichiers des 30 derniers jours." in page


def test_a_message_whose_delivery_nobody_reported_is_erased_at_night(twilio: StandInClient, door: Door) -> None:
    says(twilio, door, WORDS)
    erasures.count_kept()
    assert twilio.sent()[0]["body"] != "", "it may still be on its way"
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        erasures.count_kept()
    assert twilio.sent()[0]["body"] == ""
