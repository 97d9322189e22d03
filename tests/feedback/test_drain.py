"""What keeps the drain of a burst short: few statements for a message, and sweeps that go as fast as the workers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import publishing
from core.gateways import InboundSms
from core.models import Outbound
from core.reading_once import read_once, reading_once
from feedback import envelopes, intake
from feedback.models import Case, Envelope, PhonePreference
from feedback.preferences import learn, locked_preference, phone_index
from feedback.tasks import sweep_envelopes

Handed = list[tuple[str, tuple[str, ...]]]
# Locked: envelope, pace, preference. Asked: the vault, earlier cases. Written: preference twice,
# case, receipt, envelope. Begin and commit are not counted; for a carrier that keeps copies comes the erasure.
FOR_ONE_MESSAGE = 10


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> Handed:
    """What was published, instead of being done."""
    found: Handed = []
    monkeypatch.setattr(publishing, "_send", lambda task, ids, *_moment: found.append((task, ids)))
    return found


def stored(count: int) -> list[str]:
    now = timezone.now()
    for number in range(count):
        sender, words = f"+2230000{number:04}", f"Le forage du quartier {number} est en panne"
        envelopes.store(InboundSms(f"SM{number:032}", sender, "", words, now), gateway="console")
    return [str(pk) for pk in Envelope.objects.order_by("received_at").values_list("pk", flat=True)]


def statements(pks: list[str]) -> int:
    with CaptureQueriesContext(connection) as own, CaptureQueriesContext(connections["vault_intake"]) as vault:
        intake.handle(*pks)
    return sum("SAVEPOINT" not in query["sql"] for query in [*own, *vault])


def test_a_plain_first_message_takes_few_statements(db: None, handed: Handed) -> None:
    pks = stored(10)
    intake.handle(pks[0])
    one, eight = statements(pks[1:2]), statements(pks[2:])
    assert Case.objects.count() == Outbound.objects.count() == PhonePreference.objects.count() == 10
    assert (eight - one) / 7 <= FOR_ONE_MESSAGE


def test_a_message_handled_already_costs_nothing_more(db: None, handed: Handed) -> None:
    pks = stored(20)
    intake.handle(*pks)
    assert statements(pks) == 1
    assert Case.objects.count() == 20


def test_what_staff_set_is_read_anew_for_each_task(db: None) -> None:
    asked: list[str] = []

    @read_once
    def text(name: str) -> str:
        asked.append(name)
        return name

    for _task in range(2):
        with reading_once():
            assert [text("a"), text("a"), text("b")] == ["a", "a", "b"]
    assert asked == ["a", "b", "a", "b"]
    assert [text("a"), text("a")] == ["a", "a"]
    assert len(asked) == 6


def test_a_sweep_goes_on_as_long_as_something_waits(db: None, handed: Handed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelopes, "PUBLISHED_ANEW_AFTER", timedelta())
    pks = stored(publishing.AT_ONCE + 2)
    handed.clear()
    sweep_envelopes()
    assert [(task, len(ids)) for task, ids in handed] == [(envelopes.TASK, publishing.AT_ONCE), (envelopes.TASK, 2)]
    assert [pk for _task, ids in handed for pk in ids] == pks


def test_a_sweep_adds_nothing_to_a_long_queue(db: None, handed: Handed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelopes, "PUBLISHED_ANEW_AFTER", timedelta())
    stored(2)
    handed.clear()
    monkeypatch.setattr(publishing, "_queued", lambda task: publishing.MANY_TASKS)
    sweep_envelopes()
    assert handed == []


def test_the_same_number_twice_is_one_preference(db: None) -> None:
    for line in ("gao", "kidal"):
        learn(locked_preference(phone_index("+22300000012"), line=line), line=line)
    assert PhonePreference.objects.get().line == "kidal"
