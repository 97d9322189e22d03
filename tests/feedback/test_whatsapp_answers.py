"""Who wrote by WhatsApp hears back after its 24 hours too: by SMS, whether it is refused at once or later."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from core.gateways.twilio_whatsapp import WhatsAppGateway
from core.models import Outbound
from feedback import actions
from feedback.actions.stop import stop
from feedback.enums import Delivery
from feedback.models import Answer, Case
from tests.cast import Cast
from tests.feedback.making import sorting
from tests.standin.client import NUMBER, StandInClient
from tests.standin.door import Door
from tests.standin.fixtures import door, process, twilio

__all__ = ["door", "process", "twilio"]
pytestmark = pytest.mark.usefixtures("recovery_key")
PHONE = "+22300000077"
WHATSAPP = f"whatsapp:{PHONE}"
WORDS = "Le forage sera repare lundi par l'equipe de l'eau."
DOORS = pytest.mark.parametrize("later", [False, True], ids=["at sending", "by a status"])


def said(twilio: StandInClient, door: Door, cast: Cast, code: str = "INSAT_MIN") -> Case:
    """A case that somebody said by WhatsApp, and chose SMS for; its receipt has left."""
    twilio.receive(f"{door.url}/sms/twilio/", WHATSAPP, "Le forage est en panne", to=f"whatsapp:{NUMBER}")
    assert [answer.status_code for answer in door.let_in(Client())] == [200]
    case = Case.objects.get()
    Case.objects.filter(pk=case.pk).update(safe_contact="sms")
    assert [one["to"] for one in twilio.sent()] == [WHATSAPP]
    return actions.triage(case.pk, sorting(code, about={"sms_may_be_read": True}), by=cast.awa)


def news(twilio: StandInClient, door: Door, *, again: int = 1) -> None:
    """The carrier says what became of everything that it took so far."""
    twilio.deliver(repeat=again)
    assert {answer.status_code for answer in door.let_in(Client())} == {200}


def to_them(twilio: StandInClient) -> list[tuple[str, str]]:
    return [(one["to"], one["body"]) for one in twilio.sent()][1:]


@DOORS
@pytest.mark.parametrize("code", ["INSAT_MIN", "FRAUDE"])
def test_the_answer_goes_by_sms_once_and_nobody_is_unreachable(
    twilio: StandInClient, door: Door, cast: Cast, later: bool, code: str
) -> None:
    case = said(twilio, door, cast, code)
    twilio.close_window(WHATSAPP, later=later)
    actions.record_answer(case.pk, words=WORDS, kind="response", by=cast.ibrahim)
    assert ((WHATSAPP, WORDS) in to_them(twilio), (PHONE, WORDS) in to_them(twilio)) == (later, not later)
    news(twilio, door, again=2)
    assert ((PHONE, WORDS) in to_them(twilio)) == later
    assert (WHATSAPP, WORDS) not in to_them(twilio), "what was refused does not stay at the carrier"
    news(twilio, door)
    news(twilio, door)
    row = Outbound.objects.get(kind="answer")
    assert (row.gateway, row.state, Answer.objects.get().delivery) == ("twilio", "delivered", Delivery.DELIVERED)
    case.refresh_from_db()
    assert (case.failed_deliveries, case.unreachable_at) == (0, None)
    assert [to for to, _body in to_them(twilio)].count(PHONE) == 2, (
        "the answer, and if it settled the matter: each once"
    )


@DOORS
def test_stop_and_quiet_hours_hold_for_what_changes_its_way(
    twilio: StandInClient, door: Door, cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch, later: bool
) -> None:
    def night_falls(*about: Any, **more: Any) -> str:
        settings.QUIET_HOURS = "00:00-23:59"
        return hand_over(*about, **more)

    case = said(twilio, door, cast)
    hand_over = WhatsAppGateway.hand_over
    monkeypatch.setattr(WhatsAppGateway, "hand_over", night_falls)
    twilio.close_window(WHATSAPP, later=later)
    actions.record_answer(case.pk, words=WORDS, kind="response", by=cast.ibrahim)
    news(twilio, door)
    row = Outbound.objects.get(kind="answer")
    assert (row.state, row.gateway, row.reason, row.unsealed("body")) == ("queued", "twilio", "quiet hours", WORDS)
    stop(PHONE)
    row.refresh_from_db()
    assert (row.state, row.reason) == ("failed", "withheld")
    assert (PHONE, WORDS) not in to_them(twilio)


@DOORS
def test_where_the_default_line_is_the_same_it_fails_as_before(
    twilio: StandInClient, door: Door, cast: Cast, settings: Settings, later: bool
) -> None:
    settings.SMS_GATEWAY = "twilio-whatsapp"
    case = said(twilio, door, cast)
    twilio.close_window(WHATSAPP, later=later)
    actions.record_answer(case.pk, words=WORDS, kind="response", by=cast.ibrahim)
    news(twilio, door)
    assert (Outbound.objects.get(kind="answer").state, Answer.objects.get().delivery) == ("failed", Delivery.FAILED)
