"""While the database takes nothing, messages wait sealed on disk, are answered as usual, never lost, never doubled."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from core import spool
from core.line_health import health_of
from core.models import Outbound, Quarantined
from feedback.draining import drain
from feedback.enums import EnvelopeState
from feedback.models import Case, CaseMessage, Envelope
from feedback.tasks import drain_spool
from psea.models import SealedCase
from tests.cast import Cast
from tests.feedback.carrying import AMINATA, WORDS, carriers, door, made, process, say
from tests.feedback.conftest import Telephone
from tests.feedback.outage import lines_cannot_be_read, nothing_is_written
from tests.stack.traces import disguises
from tests.standin import webhooks
from tests.standin.carriers import Carriers
from tests.standin.door import Door

__all__ = ["carriers", "door", "process"]

SEA = "L'agent de l'ONG m'a demandé de coucher avec lui pour être sur la liste"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.SPOOL_DIR = tmp_path / "spool"
    return tmp_path / "spool"


def spooled(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.sealed"))


# -- a line that the environment configures: verified without the database --------------------------------------------


def test_what_the_database_cannot_take_is_spooled_answered_and_taken_in_once_it_can(
    telephone: Telephone, folder: Path
) -> None:
    with nothing_is_written():
        answer = telephone.says(WORDS)
        assert (answer.status_code, "<Response></Response>" in answer.content.decode()) == (200, True)
        assert len(spooled(folder)) == 1
        assert drain() == 0, "the database is still away, and nothing leaves the disk"
        assert len(spooled(folder)) == 1
    assert Envelope.objects.count() == 0

    drain_spool()
    assert spooled(folder) == []
    assert Case.objects.get().unsealed("words") == WORDS
    assert len(telephone.heard()) == 1


def test_the_spool_says_nothing_of_what_was_said_nor_by_whom(telephone: Telephone, folder: Path) -> None:
    with nothing_is_written():
        telephone.says(SEA)
    (file,) = spooled(folder)
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(folder.stat().st_mode)) == (0o600, 0o700)
    content = file.name.encode() + file.read_bytes()
    for text in (SEA, telephone.number, telephone.number[1:], "00000012", "MessageSid", "liste"):
        assert not any(sign in content for sign in disguises(text)), text
    drain()
    assert (Case.objects.count(), SealedCase.objects.using("vault").count()) == (0, 1)


def test_a_retry_during_and_after_the_outage_is_one_message(telephone: Telephone, folder: Path) -> None:
    sid = "SM" + "a" * 32
    with nothing_is_written():
        assert [telephone.says(WORDS, sid=sid).status_code for _ in range(3)] == [200] * 3
    assert telephone.says(WORDS, sid=sid).status_code == 200
    drain()
    assert telephone.says(WORDS, sid=sid).status_code == 200
    assert (Envelope.objects.count(), Case.objects.count(), len(telephone.heard())) == (1, 1, 1)


def test_the_same_file_drained_on_two_machines_is_one_message(telephone: Telephone, folder: Path) -> None:
    with nothing_is_written():
        telephone.says(WORDS)
    (file,) = spooled(folder)
    content = file.read_bytes()
    drain()
    file.write_bytes(content)  # as if the machine had lost power between the commit and the removal
    assert drain() == 1
    assert (Envelope.objects.count(), Case.objects.count(), len(telephone.heard())) == (1, 1, 1)


def test_only_one_process_of_a_machine_drains_at_a_time(telephone: Telephone, folder: Path) -> None:
    with nothing_is_written():
        telephone.says(WORDS)
    with spool.alone() as first:
        assert first
        assert drain() == 0
    assert drain() == 1


def test_when_it_reached_us_and_when_it_was_written_down_are_kept_apart(telephone: Telephone) -> None:
    three_days_ago = timezone.now() - timedelta(days=3)
    with time_machine.travel(three_days_ago, tick=False), nothing_is_written():
        telephone.says(WORDS)
    drain()
    envelope, case = Envelope.objects.get(), Case.objects.get()
    assert abs(envelope.received_at - three_days_ago) < timedelta(seconds=1)
    assert timezone.now() - envelope.recorded_at < timedelta(minutes=1)
    assert abs(case.received_at - three_days_ago) < timedelta(seconds=1)
    assert timezone.now() - case.recorded_at < timedelta(minutes=1)


def test_messages_leave_the_spool_in_the_order_they_came(telephone: Telephone) -> None:
    words = ["Premier message du matin", "Deuxième", "Troisième"]
    start = timezone.now() - timedelta(minutes=10)
    with nothing_is_written():
        for minute, said in enumerate(words):
            with time_machine.travel(start + timedelta(minutes=minute)):
                telephone.says(said)
    drain()
    assert Case.objects.get().unsealed("words") == words[0]
    assert [one.unsealed("body") for one in CaseMessage.objects.order_by("said_at")] == words[1:]


def test_news_of_what_we_sent_is_spooled_too(telephone: Telephone) -> None:
    telephone.says(WORDS)
    sent = Outbound.objects.get(way=Outbound.Way.SMS)
    Outbound.objects.filter(pk=sent.pk).update(gateway="twilio", provider_id="SM" + "c" * 32)
    news = {"MessageSid": "SM" + "c" * 32, "MessageStatus": "delivered"}
    with nothing_is_written():
        assert telephone.post("/sms/twilio/status/", news).status_code == 200
    drain()
    sent.refresh_from_db()
    assert sent.state == Outbound.State.DELIVERED


# -- what cannot be verified yet --------------------------------------------------------------------------------------


def test_a_line_of_the_database_is_verified_when_the_spool_drains(
    recovery_key: bytes, outgoing: list[Any], carriers: Carriers, door: Door, folder: Path
) -> None:
    made("kannel", carriers)
    with lines_cannot_be_read():
        answers = [say("kannel", carriers, door, secret=secret) for secret in ("a carrier's secret", "guessed")]
    assert [(answer.status_code, answer.content) for answer in answers] == [(200, b"")] * 2
    assert (len(spooled(folder)), Envelope.objects.count()) == (2, 0)

    drain()
    assert spooled(folder) == []
    assert Case.objects.get().unsealed("words") == WORDS
    assert [row.reason for row in Quarantined.objects.all()] == ["forged"]
    assert [one["to"] for one in carriers.sent()] == [AMINATA]


def test_what_is_forged_stays_refused_while_the_database_is_away(telephone: Telephone, folder: Path) -> None:
    fields = webhooks.inbound(django_settings.TWILIO_ACCOUNT_SID, sender=AMINATA, to="+22300000099", body=WORDS)
    with nothing_is_written():
        assert telephone.post("/sms/twilio/", fields, token="guessed").status_code == 403
    drain()
    assert (Quarantined.objects.count(), Envelope.objects.count()) == (1, 0)


def test_strangers_cannot_take_all_the_room(
    recovery_key: bytes, telephone: Telephone, folder: Path, settings: Settings
) -> None:
    settings.SPOOL_MEGABYTES = 0.02
    with lines_cannot_be_read():
        answers = {Client().post("/sms/pigeon/", {"from": "x" * 400}).status_code for _ in range(20)}
        assert answers == {200, 503}
        assert Client().post("/sms/pigeon/", {"from": "x" * 70_000}).status_code == 503
    with nothing_is_written():
        assert telephone.says(WORDS).status_code == 200
    drain()
    assert (Envelope.objects.count(), spooled(folder)) == (1, []), "what names no line is dropped, as at the door"


def test_a_line_stopped_meanwhile_loses_nothing(
    recovery_key: bytes, outgoing: list[Any], carriers: Carriers, door: Door
) -> None:
    row = made("kannel", carriers)
    with lines_cannot_be_read():
        say("kannel", carriers, door)
    row.is_active = False
    row.save()
    drain()
    assert [one.reason for one in Quarantined.objects.all()] == ["stopped"]


# -- the disk -------------------------------------------------------------------------------------------------------


def test_without_database_nor_disk_the_gateway_is_told_to_come_back(telephone: Telephone, folder: Path) -> None:
    folder.write_text("a file stands where the folder should")
    with nothing_is_written():
        assert telephone.says(WORDS).status_code == 503
    assert Envelope.objects.count() == 0


def test_a_file_that_cannot_be_opened_stays_and_holds_up_nobody(
    telephone: Telephone, folder: Path, recovery_key: bytes
) -> None:
    with nothing_is_written():
        telephone.says("Un message que le disque va abîmer")
        telephone.says(WORDS)
    broken, whole = spool.waiting()
    broken.write_bytes(broken.read_bytes()[:-1] + b"x")
    assert drain() == 1
    assert spooled(folder) == [broken]
    assert Case.objects.get().unsealed("words") == WORDS
    moved = whole.with_name(whole.name.replace("twilio", "pigeon"))
    moved.write_bytes(broken.read_bytes())
    assert drain() == 0, "what was moved to another name does not open"


def test_what_a_crash_cut_off_is_never_taken_for_a_message(telephone: Telephone, folder: Path) -> None:
    folder.mkdir()
    (folder / "twilio~0-0.part").write_bytes(b"half")
    assert drain() == 0
    assert spool.is_empty()


# -- who is told ------------------------------------------------------------------------------------------------------


def test_metrics_and_the_page_of_the_line_say_how_many_wait(telephone: Telephone, cast: Cast, signed_in: Any) -> None:
    browser = signed_in(cast.adama)
    with nothing_is_written():
        telephone.says(WORDS)
        telephone.says("Autre chose")
        said = Client().get("/metrics").content.decode()
    assert 'jaabi_spooled{line="twilio"} 2.0' in said
    assert "jaabi_spooled_oldest_seconds" in said
    assert "2 messages attendent sur le disque" in browser.get("/settings/lines/twilio/").content.decode()
    assert health_of(["twilio"])["twilio"].tone == "late"
    drain()
    assert 'jaabi_spooled{line="twilio"}' not in Client().get("/metrics").content.decode()
    assert not Envelope.objects.exclude(state=EnvelopeState.HANDLED).exists()
    cache.clear()
