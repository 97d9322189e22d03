"""Notices by WhatsApp: only texts that it approved; what does not pass goes by SMS, then by mail. Over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from core.gateways import StatusUpdate
from core.models import Line, Outbound
from core.outbox import deliver, due_ids, settle
from directory.enums import NoticePace
from directory.models import StaffNotice, User
from directory.notices import Notice, notify, templates
from directory.summaries import send_summaries
from tests.cast import Cast
from tests.standin.client import NUMBER, StandInClient
from tests.standin.door import Door
from tests.standin.fixtures import door, process, twilio

__all__ = ["door", "process", "twilio"]
PHONE = "+22300000077"
WHATSAPP = f"whatsapp:{PHONE}"
ACT, LATE = "HX" + "a" * 32, "HX" + "b" * 32
SENTENCE = "Une action vous attend dans Jaabi."


@pytest.fixture(autouse=True)
def _approved(settings: Settings) -> None:
    """The sentences that WhatsApp approved."""
    settings.TWILIO_WHATSAPP_TEMPLATES = {"act.fr": ACT, "late.fr": LATE}


@pytest.fixture
def person(cast: Cast) -> User:
    return prefers(cast.oumar)


def prefers(person: User, **choices: Any) -> User:
    User.objects.filter(pk=person.pk).update(**{"notices_by": "whatsapp", "phone": PHONE} | choices)
    changed: User = User.objects.get(pk=person.pk)
    return changed


def sent(twilio: StandInClient) -> list[tuple[str, str, str]]:
    return [(one["to"], one["body"], one["content_sid"]) for one in twilio.sent()]


def test_the_approved_text_leaves_and_nothing_else_with_it(twilio: StandInClient, person: User) -> None:
    notify([person], Notice.ACT)
    assert sent(twilio) == [(WHATSAPP, "", ACT)]
    row = Outbound.objects.get()
    assert (row.state, row.gateway, row.template) == ("sent", "twilio-whatsapp", "act.fr")
    assert (row.unsealed("recipient"), row.unsealed("body"), mail.outbox) == ("", "", [])


def test_what_is_not_approved_in_that_language_goes_by_sms(twilio: StandInClient, person: User) -> None:
    notify([person], Notice.INFO)
    prefers(person, language="en")
    notify([User.objects.get(pk=person.pk)], Notice.ACT, is_urgent=True)
    assert sent(twilio) == [
        (PHONE, "Il y a du nouveau pour vous dans Jaabi.", ""),
        (PHONE, "An action is waiting for you in Jaabi.", ""),
    ]


def test_a_number_without_whatsapp_is_told_by_sms_then_by_mail(twilio: StandInClient, person: User, door: Door) -> None:
    notify([person], Notice.ACT)
    (first,) = twilio.sent()
    twilio.deliver(first["sid"], statuses=("failed",), error_code=63003)
    door.let_in(Client())
    assert sent(twilio)[1:] == [(PHONE, SENTENCE, "")]
    assert mail.outbox == []
    twilio.deliver(twilio.sent()[1]["sid"], statuses=("undelivered",), error_code=30005)
    door.let_in(Client())
    assert [(one.to, one.subject) for one in mail.outbox] == [([person.email], SENTENCE)]
    twilio.deliver(first["sid"], statuses=("failed",), error_code=63003)
    door.let_in(Client())
    assert (len(twilio.sent()), len(mail.outbox)) == (2, 1), "said again, it changes nothing"


def test_a_sender_that_is_not_set_up_delays_nobody_for_long(twilio: StandInClient, person: User) -> None:
    twilio.fail(5, status=400, code=63007)
    now = datetime.now(UTC)
    notify([person], Notice.ACT)
    for minutes in range(0, 30, 2):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            for pk in due_ids():
                deliver(pk)
    assert sent(twilio) == [(PHONE, SENTENCE, "")]


def test_who_left_meanwhile_is_not_told_and_their_deputy_is(twilio: StandInClient, person: User, cast: Cast) -> None:
    notify([person], Notice.ACT)
    prefers(person, is_active=False, deputy=cast.fanta)
    _fails(StaffNotice.objects.get())
    assert ([one.to for one in mail.outbox], len(twilio.sent())) == ([[cast.fanta.email]], 1)


def test_while_nobody_stands_in_it_waits_for_a_summary(twilio: StandInClient, person: User) -> None:
    notify([person], Notice.ACT)
    prefers(person, is_active=False, deputy=None)
    _fails(StaffNotice.objects.get())
    assert StaffNotice.objects.get().told_at is None
    assert (len(twilio.sent()), mail.outbox) == (1, [])


def test_a_summary_is_the_gravest_sentence_and_keeps_the_pace(twilio: StandInClient, person: User) -> None:
    person = prefers(person, notices_pace=NoticePace.DAILY)
    with time_machine.travel(datetime(2026, 3, 10, 9, 0, tzinfo=UTC), tick=False):
        notify([person], Notice.ACT)
        notify([person], Notice.LATE)
    assert sent(twilio) == []
    with time_machine.travel(datetime(2026, 3, 11, 9, 0, tzinfo=UTC), tick=False):
        assert send_summaries(datetime(2026, 3, 11, 9, 0, tzinfo=UTC)) == 1
    assert sent(twilio) == [(WHATSAPP, "", LATE)]
    assert StaffNotice.objects.values("outbound").distinct().count() == 1


def test_a_line_of_the_settings_pages_says_what_it_lacks_and_takes_it(
    twilio: StandInClient, person: User, cast: Cast, signed_in: Callable[[Any], Client], settings: Settings
) -> None:
    settings.TWILIO_ACCOUNT_SID = ""
    said = {"account_sid": twilio.account_sid, "auth_token": twilio.auth_token}
    line = Line(name="whatsapp-gao", kind="twilio-whatsapp", label="WhatsApp", number=NUMBER, is_active=True, said=said)
    line.save()
    administrator = signed_in(cast.adama)
    page = administrator.get("/settings/lines/").content.decode()
    assert f"{len(templates())} textes approuvés manquent" in page
    page = administrator.get("/settings/lines/whatsapp-gao/").content.decode()
    assert all(text in page for text in templates().values())
    typed = {"label": "WhatsApp", "number": NUMBER, "said_account_sid": "AC1", "said_auth_token": "jeton"}
    wrong = administrator.post("/settings/lines/whatsapp-gao/", typed | {"said_templates": "act.fr MG12"})
    assert (wrong.status_code, "un identifiant HX" in wrong.content.decode()) == (422, True)
    every = "\n".join(f"{name} {ACT}" for name in templates())
    assert administrator.post("/settings/lines/whatsapp-gao/", typed | {"said_templates": every}).status_code == 302
    assert "manquent" not in administrator.get("/settings/lines/").content.decode()
    profile = signed_in(person)
    assert "WhatsApp n’est pas encore réglé" not in profile.get(reverse("directory:profile")).content.decode()
    Line.objects.update(is_active=False)
    assert "WhatsApp n’est pas encore réglé" in profile.get(reverse("directory:profile")).content.decode()


def _fails(notice: StaffNotice) -> None:
    row = notice.outbound
    assert row is not None
    settle(StatusUpdate(row.provider_id, "failed", "twilio 63003"), gateway_name=row.gateway)
