"""A message leaves once, after commit, and keeps nothing of what it said."""

from __future__ import annotations

import socket
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from core import outbox, publishing
from core.gateways import GatewayError, StatusUpdate
from core.models import Outbound
from core.tasks import sweep_outbox


class Carrier:
    """A gateway whose answers the test chooses; it keeps what it took."""

    name = "carrier"
    can_be_asked = True

    def __init__(self, *answers: Exception | None) -> None:
        self.answers = list(answers)
        self.taken: list[tuple[str, str]] = []

    def send(self, to: str, body: str, *, reference: str) -> str:
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, GatewayError) and not answer.maybe_taken:
            raise answer
        self.taken.append((to, body))
        if answer is not None:
            raise answer
        return f"id-{len(self.taken)}"

    def find(self, to: str, body: str, since: Any) -> str | None:
        return f"id-{self.taken.index((to, body)) + 1}" if (to, body) in self.taken else None


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> Any:
    def use(*answers: Exception | None) -> Carrier:
        carrier = Carrier(*answers)
        monkeypatch.setattr(outbox, "leaving_by", lambda wanted: carrier.name)
        monkeypatch.setattr(outbox, "gateway", lambda name: carrier)
        return carrier

    return use


def later(monkeypatch: pytest.MonkeyPatch, row: Outbound) -> None:
    Outbound.objects.filter(pk=row.pk).update(not_before=timezone.now() - timedelta(minutes=5))
    for pk in outbox.due_ids():
        outbox.deliver(pk)


def test_a_message_waits_for_the_commit_and_then_leaves_once(db: None, carried: Any) -> None:
    carrier = carried()
    with transaction.atomic():
        row = outbox.queue_sms("+22300000012", "Recu", kind=Outbound.Kind.RECEIPT)
        assert carrier.taken == []
    assert carrier.taken == [("+22300000012", "Recu")]
    outbox.deliver(row.pk)
    assert len(carrier.taken) == 1


def test_a_receipt_keeps_no_text_and_no_number_once_sent(db: None, carried: Any) -> None:
    carried()
    row = outbox.queue_sms("+22300000012", "Recu", kind=Outbound.Kind.RECEIPT)
    row.refresh_from_db()
    assert (row.state, row.provider_id, row.recipient, row.body, row.data_key) == ("sent", "id-1", None, None, None)


def test_a_rolled_back_act_sends_nothing(db: None, carried: Any) -> None:
    carrier = carried()
    with transaction.atomic():
        outbox.queue_sms("+22300000012", "Recu", kind=Outbound.Kind.RECEIPT)
        transaction.set_rollback(True)
    assert carrier.taken == []


def test_the_same_key_twice_is_one_message(db: None, carried: Any) -> None:
    carrier = carried()
    for _ in range(2):
        outbox.queue_sms("+22300000012", "Recu", kind=Outbound.Kind.RECEIPT, dedupe_key="once")
    assert len(carrier.taken) == 1


def test_a_passing_fault_is_tried_again_and_a_permanent_one_is_not(
    db: None, carried: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier = carried(GatewayError("busy", permanent=False), None, GatewayError("no such number", permanent=True))
    first = outbox.queue_sms("+22300000012", "un", kind=Outbound.Kind.ANSWER)
    first.refresh_from_db()
    assert (first.state, first.reason) == ("queued", "busy")
    later(monkeypatch, first)
    second = outbox.queue_sms("+22300000013", "deux", kind=Outbound.Kind.ANSWER)
    second.refresh_from_db()
    assert carrier.taken == [("+22300000012", "un")]
    assert (second.state, second.reason) == ("failed", "no such number")


def test_what_the_carrier_already_took_is_not_sent_twice(
    db: None, carried: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier = carried(GatewayError("no answer", permanent=False, maybe_taken=True))
    row = outbox.queue_sms("+22300000012", "un", kind=Outbound.Kind.ANSWER)
    later(monkeypatch, row)
    row.refresh_from_db()
    assert (len(carrier.taken), row.state, row.provider_id) == (1, "sent", "id-1")


def test_the_carriers_news_settles_a_message_and_unknown_news_is_left_alone(db: None, carried: Any) -> None:
    carried()
    row = outbox.queue_sms("+22300000012", "un", kind=Outbound.Kind.ANSWER)
    outbox.settle(StatusUpdate("someone else's", "failed", "x"), gateway_name="carrier")
    outbox.settle(StatusUpdate("id-1", "delivered", ""), gateway_name="carrier")
    row.refresh_from_db()
    assert (row.state, row.body) == ("delivered", None)
    outbox.settle(StatusUpdate("id-1", "failed", "late news"), gateway_name="carrier")
    row.refresh_from_db()
    assert row.state == "delivered"


def test_what_a_clock_that_was_ahead_wrote_is_due_now(db: None, carried: Any) -> None:
    now = timezone.now()
    ahead, later_on = now + timedelta(hours=3), now + timedelta(hours=2)
    rows = {}
    for key, created, due in (("ahead", ahead, ahead), ("cut off", ahead, ahead), ("waits", now, later_on)):
        rows[key] = outbox.queue_mail("a@example.org", "x", "y", dedupe_key=key)
        state = Outbound.State.SENDING if key == "cut off" else Outbound.State.QUEUED
        Outbound.objects.filter(pk=rows[key].pk).update(state=state, created_at=created, not_before=due)
    assert outbox.due_ids() == [rows["ahead"].pk]
    rows["cut off"].refresh_from_db()
    assert rows["cut off"].not_before < now + timedelta(minutes=1)


def test_a_mail_server_that_stays_silent_holds_nobody_for_long(db: None, settings: Any) -> None:
    assert settings.EMAIL_TIMEOUT == 15
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", silent.getsockname()[1], 0.2
        outbox.queue_mail("awa@jaabi.example", "Objet", "Corps")
    row = Outbound.objects.get()
    assert (row.state, row.reason, row.attempts) == (Outbound.State.QUEUED, "SMTPServerDisconnected", 1)


def test_a_mail_is_a_row_first_too(db: None) -> None:
    outbox.queue_mail("awa@jaabi.example", "Objet", "Corps")
    assert [(sent.to, sent.subject, sent.body) for sent in mail.outbox] == [(["awa@jaabi.example"], "Objet", "Corps")]


def test_notices_are_handed_to_a_queue_apart_at_once_and_by_the_sweep(
    db: None, carried: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    sent: list[tuple[str, tuple[str, ...]]] = []
    monkeypatch.setattr(publishing, "_send", lambda task, ids, not_before=None: sent.append((task, ids)))
    letter = outbox.queue_mail("awa@jaabi.example", "Objet", "Corps")
    notice, urgent, receipt = (
        outbox.queue_sms("+22300000012", "x", kind=kind)
        for kind in (Outbound.Kind.NOTICE, Outbound.Kind.URGENT, Outbound.Kind.RECEIPT)
    )
    at_once = {task: {one for name, ids in sent if name == task for one in ids} for task, _ids in sent}
    people, staff = {str(urgent.pk), str(receipt.pk)}, {str(letter.pk), str(notice.pk)}
    assert at_once == {"core.tasks.deliver": people, "core.tasks.deliver_notices": staff}
    sent.clear()
    sweep_outbox()
    assert {task: set(ids) for task, ids in sent} == at_once
    routes = settings.CELERY_TASK_ROUTES
    assert "core.tasks.deliver" not in routes
    assert routes["core.tasks.deliver_notices"] == {"queue": "notices"}


def test_every_task_of_a_queue_is_one(db: None, settings: Any) -> None:
    assert all(callable(import_string(task)) for task in settings.CELERY_TASK_ROUTES)
