"""What looks forged is refused and kept sealed for a while: once the line is mended, what is genuine goes in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from core.line_health import health_of
from core.models import AuditEntry, Line, Outbound, Quarantined
from directory.roles import Role
from feedback.actions import quarantine as actions
from feedback.models import Case, Envelope
from feedback.retention import forget_what_is_over
from feedback.tasks import verify_quarantined
from psea.models import SealedCase
from tests.cast import Cast
from tests.feedback.carrying import AMINATA, WORDS, carriers, door, made, process, say
from tests.feedback.conftest import TO, Telephone
from tests.stack.traces import disguises
from tests.standin import webhooks
from tests.standin.carriers import Carriers
from tests.standin.door import Door

__all__ = ["carriers", "door", "process"]

SEA = "L'agent de l'ONG m'a demandé de coucher avec lui pour être sur la liste"
NEW = "the secret after the carrier changed it"
PAGE = "/settings/quarantine/"


@pytest.fixture
def administrator(cast: Cast, signed_in: Any) -> Client:
    client: Client = signed_in(cast.adama)
    return client


def mend(row: Line) -> None:
    row.seal_secrets({**row.secrets(), "secret": NEW})
    row.save()


@pytest.mark.parametrize("kind", ["kannel", "rapidpro", "android", "generic"])
def test_what_a_mended_line_finds_genuine_goes_in_once_and_the_rest_stays(
    recovery_key: bytes, outgoing: list[Any], administrator: Client, carriers: Carriers, door: Door, kind: str
) -> None:
    row = made(kind, carriers)
    for number, secret in enumerate((NEW, NEW, "guessed")):
        answer = say(kind, carriers, door, f"{WORDS} {number}", secret=secret, id=f"m-{number}")
        assert (answer.status_code, answer.content) == (403, b"")
    assert (Quarantined.objects.count(), Envelope.objects.count()) == (3, 0)

    mend(row)
    page = administrator.post(f"{PAGE}{kind}-gao/verify/", follow=True).content.decode()
    assert "2 requêtes sont reconnues et prises en compte. 1 reste en quarantaine." in page
    assert (Quarantined.objects.count(), Case.objects.count()) == (1, 1)
    assert say(kind, carriers, door, f"{WORDS} 0", secret=NEW, id="m-0").status_code == 200
    assert Envelope.objects.count() == 2
    entry = AuditEntry.objects.get(act="core.line.verify_again")
    assert (entry.facts["name"], entry.facts["count"]) == (f"{kind}-gao", 3)
    assert "Requêtes refusées vérifiées" in administrator.get("/settings/audit/").content.decode()


def test_it_keeps_the_moment_at_which_it_came(
    recovery_key: bytes, outgoing: list[Any], cast: Cast, carriers: Carriers, door: Door
) -> None:
    row = made("generic", carriers)
    before = timezone.now() - timedelta(days=3)
    with time_machine.travel(before, tick=False):
        say("generic", carriers, door, secret=NEW, at="")
    mend(row)
    actions.verify_again("generic-gao", by=cast.adama)
    assert abs(Case.objects.get().received_at - before) < timedelta(seconds=1)


def test_what_is_in_quarantine_is_sealed_and_shown_to_nobody(administrator: Client, telephone: Telephone) -> None:
    fields = webhooks.inbound("AC", sender=AMINATA, to=TO, body=SEA)
    assert telephone.post("/sms/twilio/", fields, token="guessed").status_code == 403
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM core_quarantined")
        at_rest = b"".join(bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                           for value in cursor.fetchone())  # fmt: skip
    pages = [administrator.get(path).content for path in (PAGE, "/settings/lines/", "/settings/lines/twilio/")]
    for text in (SEA, AMINATA, AMINATA[1:], "00000012"):
        assert not any(sign in content for sign in disguises(text) for content in (at_rest, *pages)), text
    assert "1 requête refusée est gardée scellée" in pages[2].decode()
    assert SealedCase.objects.using("vault").count() == 0


def test_a_sealed_matter_goes_from_quarantine_to_the_vault(
    recovery_key: bytes, outgoing: list[Any], cast: Cast, carriers: Carriers, door: Door
) -> None:
    row = made("kannel", carriers)
    say("kannel", carriers, door, SEA, secret=NEW)
    mend(row)
    actions.verify_again("kannel-gao", by=cast.adama)
    assert (Case.objects.count(), SealedCase.objects.using("vault").count()) == (0, 1)


def test_what_the_carrier_sends_in_another_shape_waits_for_the_right_names(
    recovery_key: bytes, outgoing: list[Any], cast: Cast, carriers: Carriers, door: Door
) -> None:
    row = made("generic", carriers, said={"in_sender": "emetteur"})
    assert say("generic", carriers, door).status_code == 400
    row.said |= {"in_sender": "from"}
    row.save()
    assert actions.verify_again("generic-gao", by=cast.adama) == actions.Verified(1, 0, 0)
    assert Case.objects.count() == 1


def test_a_repeat_is_kept_once_and_no_line_keeps_more_than_its_number_an_hour(
    recovery_key: bytes, carriers: Carriers, door: Door, settings: Settings
) -> None:
    settings.QUARANTINE_PER_HOUR = 3
    made("kannel", carriers)
    for number in (1, 1, 2, 3, 4, 5):
        assert say("kannel", carriers, door, secret="guessed", id=f"m-{number}").status_code == 403
    assert Quarantined.objects.count() == 3
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        say("kannel", carriers, door, secret="guessed", id="m-6")
        assert say("kannel", carriers, door, "x" * 40_000, secret="guessed", id="m-7").status_code == 403
    assert Quarantined.objects.count() == 4


def test_administrators_are_told_once_an_hour_for_each_line_and_told_nothing_of_it(
    recovery_key: bytes, cast: Cast, carriers: Carriers, door: Door, mailoutbox: list[Any]
) -> None:
    made("kannel", carriers)
    made("android", carriers)
    start = timezone.now().replace(minute=5)
    for minutes in (0, 10, 20, 70):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            say("kannel", carriers, door, f"{WORDS} {minutes}", secret="guessed")
    with time_machine.travel(start):
        say("android", carriers, door, secret="guessed")
    told = {person.email for person in cast.people.values() if person.has_role(Role.ADMINISTRATOR)}
    assert told
    assert len(mailoutbox) == 3 * len(told)
    assert {one for mail in mailoutbox for one in mail.to} == told
    assert not any(secret in str(mail.message()) for mail in mailoutbox for secret in (WORDS, AMINATA[1:], "kannel"))
    assert not Outbound.objects.filter(way=Outbound.Way.SMS).exists()


def test_the_alarm_stands_on_the_line_and_on_metrics(recovery_key: bytes, carriers: Carriers, door: Door) -> None:
    made("kannel", carriers)
    say("kannel", carriers, door, secret="guessed")
    health = health_of(["kannel-gao"])["kannel-gao"]
    assert (health.tone, health.is_refusing) == ("late", True)
    assert 'jaabi_quarantined{line="kannel-gao"} 1.0' in Client().get("/metrics").content.decode()


def test_it_is_destroyed_after_its_days(
    recovery_key: bytes, carriers: Carriers, door: Door, settings: Settings
) -> None:
    made("kannel", carriers)
    say("kannel", carriers, door, secret="guessed")
    now = timezone.now()
    forget_what_is_over(now + timedelta(days=settings.QUARANTINE_DAYS - 1))
    assert Quarantined.objects.count() == 1
    forget_what_is_over(now + timedelta(days=settings.QUARANTINE_DAYS, minutes=1))
    assert Quarantined.objects.count() == 0


def test_what_one_press_does_not_finish_the_schedule_does(
    recovery_key: bytes, outgoing: list[Any], cast: Cast, carriers: Carriers, door: Door,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    row = made("kannel", carriers)
    for number in range(3):
        say("kannel", carriers, door, f"{WORDS} {number}", secret=NEW, id=f"m-{number}")
    mend(row)
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    assert actions.verify_again("kannel-gao", by=cast.adama) == actions.Verified(1, 0, 2)
    verify_quarantined()
    assert (Quarantined.objects.count(), Envelope.objects.count()) == (0, 3)


def test_with_nothing_in_quarantine_the_page_says_so(administrator: Client) -> None:
    assert "Rien n’est en quarantaine" in administrator.get(PAGE).content.decode()
