"""The telephone of the demonstration: the same code behind it as behind a real SMS."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import Outbound
from demo.phone import COOKIE, COOKIE_BYTES, NUMBERS, Phone
from feedback.models import Case, Envelope
from psea.models import SealedCase
from tests.vault_keys import recovery_key

pytestmark = pytest.mark.once

NUMBER = "+22300009042"
COMPLAINT = "La pompe du quartier est en panne depuis deux semaines."
DELICATE = "Un monsieur de la distribution dit aux femmes seules de passer le voir le soir pour rester sur la liste."


@pytest.fixture
def phone(db: None, client: Client) -> Client:
    """A browser whose telephone plays a number that nothing else uses."""
    client.post(reverse("demo:phone"), {"number": NUMBER})
    return client


@pytest.fixture
def officers(db: None) -> None:
    recovery_key()


def _send(phone: Client, text: str, *, once: str = "") -> str:
    """Sends one message, and returns what the screen then shows."""
    answer = phone.post(reverse("demo:phone"), {"text": text, "once": once or str(uuid.uuid4())}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def _bubbles(phone: Client) -> list[str]:
    page = phone.get(reverse("demo:thread")).content.decode()
    return [re.sub(r"<[^>]+>", " ", one).strip() for one in page.split("<li")[1:]]


def _receipt(page: str) -> str:
    talk = page.partition('class="bubbles"')[2].partition("</ol>")[0]
    (number,) = set(re.findall(r"\d{4} \d{4} \d{4}|\b\d{12}\b", talk))
    return str(number)


def test_a_complaint_becomes_a_case_and_its_number_comes_back(phone: Client) -> None:
    page = _send(phone, COMPLAINT)
    assert COMPLAINT in page
    assert _receipt(page)
    (case,) = Case.objects.all()
    assert case.unsealed("words") == COMPLAINT
    assert case.channel == "sms"


def test_the_number_asked_for_again_answers_where_it_is(phone: Client) -> None:
    number = _receipt(_send(phone, COMPLAINT))
    before = len(_bubbles(phone))
    _send(phone, f"SUIVI {number}")
    assert len(_bubbles(phone)) == before + 2
    assert Case.objects.count() == 1


def test_the_page_proposes_to_ask_with_the_number_that_came_back(phone: Client) -> None:
    number = _receipt(_send(phone, COMPLAINT)).replace(" ", "")
    page = phone.get(reverse("demo:phone") + "?essai=suivi").content.decode()
    assert f"SUIVI {number[:4]} {number[4:8]} {number[8:]}" in page


def test_a_message_posted_twice_is_one(phone: Client) -> None:
    once = str(uuid.uuid4())
    _send(phone, COMPLAINT, once=once)
    _send(phone, COMPLAINT, once=once)
    assert Envelope.objects.count() == Case.objects.count() == 1
    assert len(_bubbles(phone)) == 2


def test_a_delicate_message_is_sealed_and_gets_the_same_receipt(phone: Client, officers: None) -> None:
    ordinary = _bubbles_of_a_complaint()
    page = _send(phone, DELICATE)
    number = _receipt(page)
    assert Case.objects.filter(phone_hash="").count() == Case.objects.count() - 1
    assert SealedCase.objects.using("vault").count() == 1
    assert re.sub(r"\d", "0", ordinary) == re.sub(r"\d", "0", _text_of_the_receipt(number))


def _bubbles_of_a_complaint() -> str:
    other = Client()
    other.post(reverse("demo:phone"), {"number": "+22300009043"})
    return _text_of_the_receipt(_receipt(_send(other, COMPLAINT)))


def _text_of_the_receipt(number: str) -> str:
    rows = Outbound.objects.filter(kind=Outbound.Kind.RECEIPT)
    (text,) = [row.unsealed("body") for row in rows if number in row.unsealed("body")]
    return text


def test_stop_ends_what_is_sent_to_this_number(phone: Client) -> None:
    _send(phone, "STOP")
    before = len(_bubbles(phone))
    _send(phone, "AIDE")
    assert len(_bubbles(phone)) == before + 1


def test_another_number_sees_nothing_of_it(phone: Client) -> None:
    _send(phone, COMPLAINT)
    phone.post(reverse("demo:phone"), {"number": NUMBERS[2]})
    assert len(_bubbles(phone)) == 1
    assert COMPLAINT not in _bubbles(phone)[0]


@pytest.mark.parametrize("number", ["+22376543210", "70 12 34 56", "bonjour", "", "+223000090421"])
def test_a_number_that_might_be_somebodys_is_refused_with_a_reason(db: None, client: Client, number: str) -> None:
    answer = client.post(reverse("demo:phone"), {"number": number})
    assert answer.status_code == 200
    assert answer.context["number_form"].errors["number"]
    assert answer.context["phone_number"] == NUMBERS[0]


def test_an_empty_message_is_refused_and_nothing_is_stored(phone: Client) -> None:
    answer = phone.post(reverse("demo:phone"), {"text": "", "once": str(uuid.uuid4())})
    assert answer.context["message_form"].errors["text"]
    assert Envelope.objects.count() == 0


def test_the_server_keeps_no_word_of_what_was_typed(phone: Client) -> None:
    _send(phone, COMPLAINT)
    (envelope,) = Envelope.objects.all()
    assert envelope.body is None
    assert envelope.sender is None
    assert COMPLAINT not in str(dict(phone.session))


def test_a_long_talk_still_fits_the_cookie() -> None:
    held = Phone(NUMBER, [[NUMBER, uuid.uuid4().hex * 8, timezone.now().isoformat()] for _message in range(60)])
    assert len(held.to_cookie()) <= COOKIE_BYTES
    kept = Phone.from_cookie(held.to_cookie())
    assert kept.number == NUMBER
    assert kept.sent == held.sent[-len(kept.sent) :]


@pytest.mark.parametrize("cookie", [None, "", "forged", "a:b:c"])
def test_a_cookie_that_is_not_ours_is_a_new_telephone(cookie: str | None) -> None:
    assert Phone.from_cookie(cookie) == Phone()


def test_the_cookie_goes_to_the_telephone_only(phone: Client) -> None:
    assert phone.cookies[COOKIE]["path"] == reverse("demo:phone")
    assert phone.cookies[COOKIE]["httponly"]
