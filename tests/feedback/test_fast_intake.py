"""What makes intake fast keeps its promises: sealed each to its own row, once, and handed over without waiting."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from queue import SimpleQueue
from typing import Any

import pytest
from django.db import DataError, OperationalError, connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerIsAway

from core import inserting, keyring, publishing
from core.gateways import InboundSms
from core.inserting import insert_once
from core.sealing import SealBroken
from feedback import envelopes, intake, tasks
from feedback.models import Envelope

pytestmark = pytest.mark.again


def message(number: int) -> InboundSms:
    return InboundSms(f"SM{number:032}", "+22300000012", "+22300000099", f"Le forage {number}", None)


def row_of(provider_id: str) -> Envelope:
    return Envelope(gateway="twilio", provider_id=provider_id, received_at=timezone.now())


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[str, ...]]]:
    """What was published, instead of being done."""
    found: list[tuple[str, tuple[str, ...]]] = []
    monkeypatch.setattr(publishing, "_send", lambda task, ids, *_moment: found.append((task, ids)))
    return found


def test_messages_of_a_moment_share_a_key_and_open_each_for_itself_only(db: None, handed: list[Any]) -> None:
    for number in (1, 2):
        envelopes.store(message(number), gateway="twilio")
    first, second = Envelope.objects.order_by("provider_id")
    assert bytes(first.data_key or b"") == bytes(second.data_key or b"")
    assert [first.unsealed("body"), second.unsealed("body")] == ["Le forage 1", "Le forage 2"]
    first.body = second.body
    with pytest.raises(SealBroken):
        first.unsealed("body")


def test_the_shared_key_is_another_after_a_few_minutes_and_under_a_new_online_key(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = Envelope().sealing_context("data_key")
    key, wrapped = keyring.shared_key(context)
    assert keyring.shared_key(context) == (key, wrapped)
    assert keyring.unwrap_online(wrapped, context) == key
    later = time.monotonic() + keyring.SHARED_SECONDS + 1
    with monkeypatch.context() as clock:
        clock.setattr(time, "monotonic", lambda: later)
        after, _wrap = keyring.shared_key(context)
    assert after != key
    settings.SEALING_KEYS = ["A" * 43 + "=", *settings.SEALING_KEYS]
    assert keyring.is_newest(keyring.shared_key(context)[1])


def test_a_row_is_inserted_once_and_the_second_time_changes_nothing(db: None, handed: list[Any]) -> None:
    rows = [row_of("SM1") for _twice in range(2)]
    assert [insert_once(row) for row in rows] == [True, False]
    assert Envelope.objects.get().pk == rows[0].pk
    assert Envelope.objects.get().recorded_at == rows[0].recorded_at


def test_rows_of_a_moment_go_in_one_statement_and_each_hears_whether_it_is_new(
    db: None, django_assert_num_queries: Any
) -> None:
    insert_once(row_of("SM2"))
    rows = [row_of(provider_id) for provider_id in ("SM3", "SM2", "SM1", "SM3")]
    values = [inserting.values_of(row, connection) for row in rows]
    with django_assert_num_queries(1):
        assert inserting.insert(Envelope, values, connection) == [True, False, True, False]
    assert set(Envelope.objects.values_list("provider_id", flat=True)) == {"SM1", "SM2", "SM3"}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL alone")
def test_a_connection_prepares_the_insert_once_and_a_new_connection_does_anew(db: None) -> None:
    """In a thread, whose connection is its own: what it commits is taken away again, and nothing else."""
    with ThreadPoolExecutor(1) as apart:
        apart.submit(_over_two_connections).result()


def _over_two_connections() -> None:
    rows = [row_of(f"SM-prepared-{number}") for number in range(4)]
    try:
        for row in rows[:3]:
            insert_once(row)
        first = getattr(connection.connection, inserting.KEPT)
        with connection.cursor() as cursor:
            cursor.execute("select statement from pg_prepared_statements")
            kept = [one for (one,) in cursor.fetchall() if one.startswith('INSERT INTO "feedback_envelope"')]
        assert len(kept) == 1
        with pytest.raises(OperationalError), connection.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(pg_backend_pid())")
        assert insert_once(rows[3]), "the connection that died is opened anew"
        assert getattr(connection.connection, inserting.KEPT) is not first
    finally:
        count, _each = Envelope.objects.filter(pk__in=[row.pk for row in rows]).delete()
        connection.close()
    assert count == 4


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL alone")
def test_what_one_insert_could_not_write_spoils_none_of_the_next(db: None) -> None:
    with pytest.raises(DataError), transaction.atomic():
        insert_once(row_of("S" * 200))
    assert insert_once(row_of("SM1"))


def test_only_a_new_message_is_published(db: None, handed: list[Any]) -> None:
    assert [envelopes.store(message(1), gateway="twilio") for _twice in range(2)] == [True, False]
    assert handed == [(envelopes.TASK, (str(Envelope.objects.get().pk),))]


def test_what_a_clock_that_was_ahead_received_is_due_now(db: None, handed: list[Any]) -> None:
    envelopes.store(message(1), gateway="twilio")
    for ahead, due in ((timedelta(minutes=1), 0), (timedelta(hours=3), 1)):
        Envelope.objects.update(received_at=timezone.now() + ahead)
        assert len(envelopes.waiting_ids()) == due


def test_what_comes_together_is_handed_over_together(monkeypatch: pytest.MonkeyPatch, handed: list[Any]) -> None:
    box: SimpleQueue[publishing.Handed] = SimpleQueue()
    for number in range(publishing.AT_ONCE + 2):
        box.put(publishing.Handed(False, "task", str(number)))
    publishing._hand_over(box)
    assert [len(ids) for _task, ids in handed] == [publishing.AT_ONCE, 2]


def test_one_task_handles_all_that_it_is_given(db: None, handed: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    for number in (1, 2):
        envelopes.store(message(number), gateway="twilio")
    monkeypatch.setattr(intake, "take", lambda heard: done.append(heard.body))
    tasks.handle_envelope(*[ids[0] for _task, ids in handed])
    assert done == ["Le forage 1", "Le forage 2"]


def test_a_broker_that_is_away_fails_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def apply_async(self, ids: Sequence[str], **how: Any) -> None:
            raise BrokerIsAway

    monkeypatch.setattr(publishing, "import_string", lambda name: Away())
    publishing._send("some.task", ("1",))
