"""Once, whatever is repeated: by the carrier's id, or where it gives none by the words, until we write back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from core.models import Outbound
from core.outbox import queue_sms
from feedback.models import Case, CaseMessage, Envelope, JustSaid
from feedback.tasks import sweep_envelopes
from tests.feedback.carrying import AMINATA, WORDS, carriers, door, made, process, say
from tests.feedback.outage import nothing_is_written
from tests.standin.carriers import Carriers
from tests.standin.door import Door

__all__ = ["carriers", "door", "process"]

Kind = Outbound.Kind
KINDS = ("kannel", "rapidpro", "android", "generic")
UNNAMED = {"id": "", "at": ""}


@pytest.fixture(autouse=True)
def _ready(recovery_key: bytes, outgoing: list[Any]) -> None:
    """Somebody reads, and nothing leaves this machine."""


@pytest.mark.parametrize("kind", KINDS)
def test_without_an_id_a_repeat_within_seconds_is_one_message(kind: str, carriers: Carriers, door: Door) -> None:
    made(kind, carriers)
    start = timezone.now()
    for seconds in (0, 7, 29):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            assert say(kind, carriers, door, **UNNAMED).status_code == 200
    assert (Envelope.objects.count(), len(carriers.sent())) == (1, 1)


def test_the_same_words_of_another_person_or_by_another_line_are_another_message(
    carriers: Carriers, door: Door
) -> None:
    made("kannel", carriers)
    made("generic", carriers)
    say("kannel", carriers, door, **UNNAMED)
    say("kannel", carriers, door, sender="+22300000013", **UNNAMED)
    say("generic", carriers, door, **UNNAMED)
    say("kannel", carriers, door, f"{WORDS} !", **UNNAMED)
    assert Envelope.objects.count() == 4


def test_after_the_window_the_same_words_are_said_again(carriers: Carriers, door: Door, settings: Settings) -> None:
    made("kannel", carriers)
    start = timezone.now()
    settings.REPEAT_WINDOW_SECONDS = 10
    for seconds in (0, 11):
        with time_machine.travel(start + timedelta(seconds=seconds)):
            say("kannel", carriers, door, **UNNAMED)
    assert (Case.objects.count(), CaseMessage.objects.count()) == (1, 1)


@pytest.mark.parametrize("about", [UNNAMED, {}])
def test_a_second_identical_report_gets_its_own_receipt(about: dict[str, str], carriers: Carriers, door: Door) -> None:
    made("generic", carriers)
    start = timezone.now()
    for hours in (0, 2):
        with time_machine.travel(start + timedelta(hours=hours)):
            moment = {} if about else {"at": timezone.now().isoformat()}
            say("generic", carriers, door, **about, **moment)
    assert Case.objects.count() == 2
    receipts = [one["text"] for one in carriers.sent()]
    assert len(set(receipts)) == 2, "each with a number of its own"


@pytest.mark.parametrize("kind", [Kind.QUESTION, Kind.ANSWER])
def test_oui_to_two_questions_is_two_messages(kind: Kind, carriers: Carriers, door: Door) -> None:
    made("kannel", carriers)
    say("kannel", carriers, door, "oui", **UNNAMED)
    say("kannel", carriers, door, "oui", **UNNAMED)
    assert Envelope.objects.count() == 1
    queue_sms(AMINATA, "Le forage est-il réparé ?", kind=kind, line="kannel-gao")
    say("kannel", carriers, door, "oui", **UNNAMED)
    say("kannel", carriers, door, "oui", **UNNAMED)
    assert Envelope.objects.count() == 2


def test_a_receipt_does_not_make_a_repeat_new(carriers: Carriers, door: Door) -> None:
    """It leaves at once, and the carrier repeats just after."""
    made("kannel", carriers)
    for _ in range(2):
        say("kannel", carriers, door, **UNNAMED)
        queue_sms("+22300000077", "Autre chose", kind=Kind.QUESTION, line="kannel-gao")
    assert [one["to"] for one in carriers.sent()].count(AMINATA) == 1
    assert Envelope.objects.count() == 1


def test_two_identical_messages_of_a_network_that_was_down_for_days_are_two(carriers: Carriers, door: Door) -> None:
    made("generic", carriers)
    now = timezone.now()
    for days in (3, 1, 3):
        say("generic", carriers, door, id="", at=(now - timedelta(days=days)).isoformat())
    stored = Envelope.objects.order_by("sent_at").values_list("sent_at", flat=True)
    assert list(stored) == [now - timedelta(days=3), now - timedelta(days=1)]


def test_what_was_not_stored_is_not_noted_as_said(
    carriers: Carriers, door: Door, settings: Settings, tmp_path: Any
) -> None:
    """Neither the database nor the disk took it: the carrier's retry is the message."""
    settings.SPOOL_DIR = tmp_path / "spool"
    settings.SPOOL_DIR.write_text("no folder")
    made("kannel", carriers)
    with nothing_is_written():
        assert say("kannel", carriers, door, **UNNAMED).status_code == 503
    assert say("kannel", carriers, door, **UNNAMED).status_code == 200
    assert Envelope.objects.count() == 1


def test_what_was_just_said_is_kept_as_keyed_hashes_and_not_for_long(carriers: Carriers, door: Door) -> None:
    made("kannel", carriers)
    say("kannel", carriers, door, **UNNAMED)
    row = JustSaid.objects.get()
    assert not any(text in repr(vars(row)) for text in (WORDS, AMINATA[1:]))
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        sweep_envelopes()
    assert not JustSaid.objects.exists()


def test_a_status_that_shares_the_id_of_a_message_is_not_eaten_on_any_line(carriers: Carriers, door: Door) -> None:
    """Both ways: the id of what came may be that of what left."""
    made("rapidpro", carriers)
    say("rapidpro", carriers, door)
    row = Outbound.objects.get(way=Outbound.Way.SMS)
    assert say("rapidpro", carriers, door, "Encore", id=str(row.pk)).status_code == 200
    carriers.deliver("rapidpro", f"{door.url}/sms/rapidpro-gao/status/", str(row.pk), "delivered")

    assert [answer.status_code for answer in door.let_in(Client())] == [200]
    row.refresh_from_db()
    assert (row.state, Envelope.objects.count()) == (Outbound.State.DELIVERED, 2)
