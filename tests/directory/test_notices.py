"""A notice says that something waits, never what; what is not urgent comes in one summary instead of a flood."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from core.models import Outbound
from directory.enums import NoticePace, NoticeWay
from directory.models import StaffNotice, User
from directory.notices import Notice, notify
from directory.summaries import send_summaries
from tests.cast import Cast

TUESDAY = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
PHONE = "+22300000077"


def told(person: User) -> list[str]:
    """The subjects of the mails that reached somebody."""
    return [str(message.subject) for message in mail.outbox if message.to == [person.email]]


def prefers(person: User, **choices: Any) -> User:
    User.objects.filter(pk=person.pk).update(**choices)
    changed: User = User.objects.get(pk=person.pk)
    return changed


def test_the_first_is_told_at_once_and_the_flood_that_follows_in_one_summary(cast: Cast) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        for number in range(12):
            notify([cast.oumar], Notice.LATE if number == 7 else Notice.ACT, dedupe_key=f"matter-{number}")
        assert send_summaries(TUESDAY + timedelta(minutes=59)) == 0
    assert told(cast.oumar) == ["Une action vous attend dans Jaabi."]
    with time_machine.travel(TUESDAY + timedelta(minutes=61), tick=False):
        assert send_summaries(TUESDAY + timedelta(minutes=61)) == 1
        assert send_summaries(TUESDAY + timedelta(minutes=61)) == 0
    assert told(cast.oumar)[1:] == ["Une action en retard vous attend dans Jaabi."]
    assert "– 1 avis de retard\n– 10 actions à faire" in mail.outbox[-1].body


def test_what_is_urgent_never_waits(cast: Cast) -> None:
    person = prefers(cast.oumar, notices_pace=NoticePace.DAILY)
    for number in range(3):
        notify([person], Notice.ACT, dedupe_key=f"alarm-{number}", is_urgent=True)
    notify([person], Notice.ACT)
    assert told(person) == ["Une action vous attend dans Jaabi."] * 3


def test_a_summary_a_day_comes_on_the_morning_of_a_working_day(cast: Cast) -> None:
    person = prefers(cast.oumar, notices_pace=NoticePace.DAILY)
    saturday, monday = datetime(2026, 3, 14, 9, 0, tzinfo=UTC), datetime(2026, 3, 16, 7, 29, tzinfo=UTC)
    with time_machine.travel(saturday, tick=False):
        notify([person], Notice.INFO)
    for moment, count in (
        (saturday, 0),
        (saturday + timedelta(days=1), 0),
        (monday, 0),
        (monday + timedelta(minutes=1), 1),
    ):
        with time_machine.travel(moment, tick=False):
            assert (send_summaries(moment), moment) == (count, moment)
    assert told(person) == ["Il y a du nouveau pour vous dans Jaabi."]


def test_a_summary_goes_to_whoever_stands_in_and_waits_while_nobody_does(cast: Cast) -> None:
    person = prefers(cast.oumar, notices_pace=NoticePace.DAILY, deputy=None)
    with time_machine.travel(TUESDAY, tick=False):
        notify([person], Notice.ACT)
    tomorrow = TUESDAY + timedelta(days=1)
    prefers(person, is_away=True)
    assert send_summaries(tomorrow) == 0
    prefers(person, deputy=cast.fanta)
    assert send_summaries(tomorrow) == 1
    assert (told(person), len(told(cast.fanta))) == ([], 1)


@pytest.mark.parametrize(("way", "mails", "messages"), [("email", 1, 0), ("sms", 0, 1), ("both", 1, 1)])
def test_everyone_is_told_by_the_way_they_chose_in_their_language(
    cast: Cast, way: NoticeWay, mails: int, messages: int
) -> None:
    person = prefers(cast.oumar, notices_by=way, phone=PHONE, language="en")
    with time_machine.travel(TUESDAY, tick=False):
        notify([person], Notice.ACT)
    rows = list(Outbound.objects.filter(way="sms"))
    assert (len(told(person)), len(rows)) == (mails, messages)
    for row in rows:
        assert row.kind == Outbound.Kind.NOTICE
        assert row.unsealed("recipient") in (PHONE, ""), "forgotten once it left"


@pytest.mark.parametrize(("phone", "messages"), [(PHONE, 1), ("", 0)])
@pytest.mark.parametrize("way", NoticeWay)
def test_what_is_urgent_comes_by_mail_and_by_sms_whatever_was_chosen(
    cast: Cast, way: NoticeWay, phone: str, messages: int
) -> None:
    way = way if phone else NoticeWay.EMAIL
    person = prefers(cast.oumar, notices_by=way, phone=phone)
    notify([person], Notice.ACT, is_urgent=True, dedupe_key="urgent")
    rows = list(Outbound.objects.filter(way="sms"))
    assert (told(person), len(rows)) == (["Une action vous attend dans Jaabi."], messages)
    assert all(row.kind == Outbound.Kind.URGENT for row in rows)


def test_nobody_whose_account_is_closed_is_told(cast: Cast) -> None:
    person = prefers(cast.oumar, notices_by=NoticeWay.BOTH, phone=PHONE, notices_pace=NoticePace.DAILY, deputy=None)
    notify([person], Notice.ACT)
    prefers(person, is_active=False)
    assert send_summaries(datetime.now(UTC) + timedelta(days=4)) == 0
    assert (mail.outbox, Outbound.objects.filter(way="sms").count()) == ([], 0)


def test_a_profile_takes_a_number_as_it_is_written_and_asks_for_one_that_sms_needs(cast: Cast, signed_in: Any) -> None:
    browser = signed_in(cast.oumar)
    form = {"language": "fr", "deputy": cast.fanta.pk, "notices_by": "sms", "notices_pace": "daily"}
    page = browser.post(reverse("directory:profile"), form | {"phone": ""}).content.decode()
    assert "indiquez un numéro de téléphone" in page
    page = browser.post(reverse("directory:profile"), form | {"phone": "00 00"}).content.decode()
    assert "n’est pas complet" in page
    assert "00 00" in page
    browser.post(reverse("directory:profile"), form | {"phone": "00 00 00 77"})
    person = User.objects.get(pk=cast.oumar.pk)
    assert (person.phone, person.notices_by, person.notices_pace) == (PHONE, "sms", "daily")


def test_notices_that_were_told_are_not_kept_for_ever(cast: Cast) -> None:
    notify([cast.oumar], Notice.INFO)
    send_summaries(datetime.now(UTC) + timedelta(days=61))
    assert not StaffNotice.objects.exists()
