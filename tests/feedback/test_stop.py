"""STOP holds for what waits already, and staff see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from core import outbox
from core.gateways import GatewayError
from core.gateways.console import ConsoleGateway
from core.models import Outbound
from core.outbox import withhold
from feedback import actions
from feedback.actions.stop import restart, stop
from feedback.enums import Delivery, SafeContact
from feedback.models import Answer, Case
from feedback.preferences import phone_index
from feedback.queue import QueueName, queue
from feedback.timeline import events
from tests.cast import Cast
from tests.feedback.making import PHONE, sorted_case

ANSWER = "Le forage sera repare lundi."
Outgoing = list[tuple[str, str]]


def later() -> None:
    """Ten minutes on, the sweep takes up what did not leave."""
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        for pk in outbox.due_ids():
            outbox.deliver(pk)


@pytest.fixture
def waiting(cast: Cast, outgoing: Outgoing, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """An answer whose message could not leave yet: the carrier was down."""
    case = sorted_case(cast.awa, about={"sms_may_be_read": True}, safe_contact=SafeContact.SMS)
    with monkeypatch.context() as patch:

        def down(*_: Any, **__: Any) -> str:
            raise GatewayError(reason="down", permanent=False)

        patch.setattr(ConsoleGateway, "send", down)
        return actions.answer(case.pk, words=ANSWER, by=cast.awa)


def test_what_waited_leaves_once_the_carrier_is_back(waiting: Answer, outgoing: Outgoing) -> None:
    later()
    assert (PHONE, ANSWER) in outgoing


def test_what_waited_is_withheld_after_stop_and_somebody_must_tell(
    waiting: Answer, cast: Cast, outgoing: Outgoing
) -> None:
    stop(PHONE)
    assert waiting.outbound_id is not None
    assert Outbound.objects.get(pk=waiting.outbound_id).state == "failed"  # at once, not when its turn comes
    later()

    assert ANSWER not in [body for _, body in outgoing]
    row = Outbound.objects.get(pk=str(waiting.outbound_id))
    assert (row.state, row.reason, row.body) == ("failed", "withheld", None)
    waiting.refresh_from_db()
    assert waiting.delivery == Delivery.FAILED
    assert queue(cast.awa, QueueName.TELL).get().pk == waiting.case_id


def test_stop_opens_no_message_and_finds_its_own(waiting: Answer) -> None:
    """What waits for others may be a hundred thousand messages: they are not opened one by one."""
    rows = Outbound.objects.filter(pk=str(waiting.outbound_id))
    assert rows.get().recipient_hash == phone_index(PHONE)
    rows.update(data_key=b"opened by no key")
    withhold("+22300000022")
    assert rows.get().state == "queued"
    withhold(PHONE)
    assert (rows.get().reason, rows.get().recipient_hash) == ("withheld", "")


def test_what_left_no_longer_says_to_whom(db: None, outgoing: Outgoing) -> None:
    row = outbox.queue_sms(PHONE, "Bonjour", kind=Outbound.Kind.ANSWER)
    row.refresh_from_db()
    assert (row.state, row.recipient_hash) == ("sent", "")


def test_the_confirmation_itself_leaves(db: None, outgoing: Outgoing) -> None:
    stop(PHONE)
    assert [to for to, _ in outgoing] == [PHONE]


def test_what_another_number_waits_for_leaves(waiting: Answer, outgoing: Outgoing) -> None:
    stop("+22300000022")
    later()
    assert (PHONE, ANSWER) in outgoing


def test_start_lets_later_messages_leave(cast: Cast, outgoing: Outgoing) -> None:
    stop(PHONE)
    restart(PHONE)
    case = sorted_case(cast.awa, about={"sms_may_be_read": True}, safe_contact=SafeContact.SMS)
    actions.answer(case.pk, words=ANSWER, by=cast.awa)
    assert (PHONE, ANSWER) in outgoing


@pytest.mark.parametrize("page", ["case", "desk"])
def test_whoever_must_answer_is_told(cast: Cast, outgoing: Outgoing, signed_in: Any, page: str) -> None:
    case = sorted_case(cast.awa, safe_contact=SafeContact.SMS)
    where = reverse("referrals:case", args=[case.pk]) if page == "case" else f"/cases/?dossier={case.pk}"
    browser = signed_in(cast.awa)
    assert "ne veut plus de" not in browser.get(where).content.decode()
    stop(PHONE)

    shown = browser.get(where).content.decode()
    assert "ne veut plus de SMS" in shown
    assert "sans les mots de la réponse" not in shown
    restart(PHONE)
    assert "ne veut plus de" not in browser.get(where).content.decode()


def test_the_line_of_time_and_the_queue_say_it_to_who_reads_the_words(
    cast: Cast, outgoing: Outgoing, signed_in: Any
) -> None:
    case = sorted_case(cast.awa, about={"concerned": cast.organisations["hcr"]}, safe_contact=SafeContact.SMS)
    sorted_case(cast.awa, phone="+22300000022")
    said = "La personne ne veut plus de SMS : parlez-lui autrement"
    assert said not in [event["title"] for event in events(case, with_words=True)]
    stop(PHONE)

    assert said in [event["title"] for event in events(case, with_words=True)]
    assert said not in [event["title"] for event in events(case, with_words=False)]
    assert {one.pk: one.wants_no_sms for one in queue(cast.awa, QueueName.ANSWER)} == {  # type: ignore[attr-defined]
        one.pk: one == case for one in Case.objects.all()
    }
    assert "ne veut plus de SMS" not in signed_in(cast.ibrahim).get(f"/cases/{case.pk}/").content.decode()
