"""Networks go down for days: what comes late, or in another order, is put where it was said."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from feedback import actions
from feedback.enums import CaseState, SafeContact
from feedback.models import Case, CaseMessage, Envelope
from feedback.timeline import events
from tests.cast import Cast
from tests.feedback.carrying import AMINATA, WORDS, carriers, door, made, process, say
from tests.feedback.making import sorted_case
from tests.standin.carriers import Carriers
from tests.standin.door import Door

__all__ = ["carriers", "door", "process"]

SEA = "L'agent de l'ONG m'a demandé de coucher avec lui pour être sur la liste"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Network:
    """Hands over what was sent at some moment, now."""

    def __init__(self, carriers: Carriers, door: Door) -> None:
        made("generic", carriers)
        self.carriers, self.door, self.now = carriers, door, timezone.now()

    def brings(self, text: str, sent_at: datetime, *, sender: str = AMINATA) -> None:
        answer = say("generic", self.carriers, self.door, text, at=sent_at.isoformat(), sender=sender)
        assert answer.status_code == 200

    def receipts(self, sender: str = AMINATA) -> int:
        return [one["to"] for one in self.carriers.sent()].count(sender)


@pytest.fixture
def network(recovery_key: bytes, outgoing: list[Any], carriers: Carriers, door: Door) -> Network:
    return Network(carriers, door)


def threads() -> list[list[str]]:
    """Each case's words in their order, the case that was begun first, first."""
    cases = Case.objects.order_by("said_at")
    return [[case.unsealed("words"), *(one.unsealed("body") for one in case.messages.all())] for case in cases]


def test_when_it_was_said_when_it_came_and_when_it_was_written_down_are_three_dates(network: Network) -> None:
    sent_at = network.now - 3 * DAY
    network.brings(WORDS, sent_at)
    case = Case.objects.get()
    assert (case.said_at, case.last_spoke_at) == (sent_at, sent_at)
    assert case.received_at - sent_at >= 3 * DAY
    assert case.recorded_at >= case.received_at
    envelope = Envelope.objects.get()
    assert (envelope.sent_at, envelope.received_at < envelope.recorded_at) == (sent_at, True)


def test_a_date_of_tomorrow_is_no_later_than_its_arrival(network: Network) -> None:
    network.brings(WORDS, network.now + DAY)
    case = Case.objects.get()
    assert case.said_at == case.received_at


def test_a_thread_is_in_the_order_in_which_it_was_said(network: Network) -> None:
    start = network.now - 30 * MINUTE
    for minute, text in ((5, "deuxième"), (20, "cinquième"), (10, "troisième"), (15, "quatrième")):
        network.brings(text, start + minute * MINUTE)
    assert threads() == [["deuxième", "troisième", "quatrième", "cinquième"]]
    shown = [event.get("words") for event in events(Case.objects.get(), with_words=True) if "words" in event]
    assert shown == ["cinquième", "quatrième", "troisième"], "newest first"
    assert network.receipts() == 1


def test_what_comes_late_opens_a_case_of_its_own_time_and_the_rest_joins_it(network: Network) -> None:
    network.brings("Ce matin", network.now)
    for minute, text in ((0, "Il y a trois jours"), (20, "Et aussi"), (10, "J'ajoute")):
        network.brings(text, network.now - 3 * DAY + minute * MINUTE)
    network.brings("Ce matin encore", network.now)
    assert threads() == [["Il y a trois jours", "J'ajoute", "Et aussi"], ["Ce matin", "Ce matin encore"]]
    assert network.receipts() == 2


def test_what_was_said_in_the_conversation_before_joins_that_one(network: Network) -> None:
    before = network.now - 3 * DAY
    with time_machine.travel(before):
        network.brings("Il y a trois jours", before)
    network.brings("Ce matin", network.now)
    network.brings("Oublié sur la route", before + 40 * MINUTE)
    assert threads() == [["Il y a trois jours", "Oublié sur la route"], ["Ce matin"]]
    assert network.receipts() == 2


def test_late_words_are_answered_alike_in_every_lane(network: Network) -> None:
    other = "+22300000013"
    for sender, first in ((AMINATA, SEA), (other, WORDS)):
        before = network.now - 3 * DAY
        with time_machine.travel(before):
            network.brings(first, before, sender=sender)
        for text, at in (
            ("Ce matin", network.now),
            ("En retard", before + 30 * MINUTE),
            ("Plus en retard", before - DAY),
            ("De ce jour-là", before - DAY + MINUTE),
        ):
            network.brings(text, at, sender=sender)
    assert network.receipts() == network.receipts(other) == 3


def test_what_was_sent_before_we_asked_answers_nothing(network: Network, cast: Cast) -> None:
    with time_machine.travel(network.now - 10 * DAY):
        about = {"sms_may_be_read": True}
        case = sorted_case(cast.awa, phone=AMINATA, safe_contact=SafeContact.SMS, about=about)
    with time_machine.travel(network.now - DAY):
        actions.answer(case.pk, words="Le forage sera repare lundi.", by=cast.awa)
    network.brings("oui", network.now - 2 * DAY)
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.settled, case.settled_asked_at is not None) == (CaseState.ANSWERED, "", True)
    network.brings("oui", network.now)
    assert Case.objects.get(pk=case.pk).state == CaseState.CLOSED


def test_a_question_to_the_person_is_not_answered_by_older_words(network: Network, cast: Cast) -> None:
    with time_machine.travel(network.now - 10 * DAY):
        about = {"sms_may_be_read": True}
        case = sorted_case(cast.awa, phone=AMINATA, safe_contact=SafeContact.SMS, about=about)
    with time_machine.travel(network.now - DAY):
        actions.ask_person(case.pk, pk=uuid.uuid4(), words="Quel quartier ?", by=cast.awa)
    network.brings("Le marché est fermé", network.now - 2 * DAY)
    assert not CaseMessage.objects.filter(case=case, direction="in").exists()
    network.brings("Quartier Farandjiré", network.now)
    assert CaseMessage.objects.get(case=case, direction="in").unsealed("body") == "Quartier Farandjiré"
