"""A machine that answers each of our texts: silence after three, and everything it says is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from core.models import NumberPace
from feedback.models import Case, CaseMessage
from feedback.queue import QueueName, queue
from feedback.sms_texts import text_for
from tests.cast import Cast
from tests.feedback.conftest import Telephone

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
Replies = list[str]


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def war(telephone: Telephone, clock: Any, replies: Replies, *, after: float = 2) -> int:
    """It speaks first; then it replies to each text of ours, so many seconds after it. Out: how many we sent."""
    telephone.says(replies[0])
    for reply in replies[1:]:
        before = len(telephone.heard())
        clock.shift(timedelta(seconds=after))
        telephone.says(reply)
        if len(telephone.heard()) == before:
            break
    return len(telephone.heard())


ORDERS = {
    "the same order each time": ["AIDE"] * 20,
    "orders with a number that changes": [f"SUIVI {n:012}" for n in range(111111111111, 111111111131)],
    "two orders in turn": ["AIDE", "SUIVI 111111111111"] * 10,
}
WORDS = {
    "a bank": [f"Cher client, votre demande {n} est enregistree a 12:{n}. Merci de votre confiance" for n in range(20)],
    "with a name that changes": [
        f"Cher {n}, nous avons bien recu votre message et vous repondrons." for n in "abcdefgh"
    ],
}


@pytest.mark.parametrize("replies", ORDERS.values(), ids=ORDERS)
def test_a_war_of_orders_ends_within_three_messages(telephone: Telephone, clock: Any, replies: Replies) -> None:
    assert war(telephone, clock, replies) <= 3


@pytest.mark.parametrize("replies", WORDS.values(), ids=WORDS)
def test_a_war_of_receipts_ends_within_three_messages(
    telephone: Telephone, clock: Any, settings: Any, replies: Replies
) -> None:
    settings.CONVERSATION_JOIN_MINUTES = 0
    assert war(telephone, clock, replies) <= 3


def test_our_own_texts_that_come_back_are_a_machine_though_never_the_same_twice(
    telephone: Telephone, clock: Any, settings: Any
) -> None:
    """A forwarder, or a second installation of this very system, whose texts are in another language."""
    settings.CONVERSATION_JOIN_MINUTES = 0
    telephone.says("Bonjour a tous")
    for name in ("receipt", "restarted", "settled_thanks", "stopped", "help", "reopened", "number_mistyped"):
        clock.shift(timedelta(seconds=2))
        telephone.says(f"TR: {text_for(name, 'eng', number='123456789012')} (via Samba)")
    assert len(telephone.heard()) == 3


def test_everything_it_says_is_kept(telephone: Telephone, clock: Any) -> None:
    war(telephone, clock, ["AIDE"] * 5)
    assert NumberPace.objects.get().silent_until is not None
    heard = len(telephone.heard())
    telephone.says("Votre solde est de 1500 F")
    telephone.says("Le pont est coupe au nord du village")
    assert len(telephone.heard()) == heard
    words = [case.unsealed("words") for case in Case.objects.all()]
    words += [message.unsealed("body") for message in CaseMessage.objects.all()]
    assert set(words) == {"Votre solde est de 1500 F", "Le pont est coupe au nord du village"}


def test_the_silence_ends(telephone: Telephone, clock: Any, settings: Any) -> None:
    war(telephone, clock, ["AIDE"] * 5)
    heard = len(telephone.heard())
    clock.shift(timedelta(minutes=settings.LOOP_GUARD_SILENCE_MINUTES - 1))
    telephone.says("AIDE")
    assert len(telephone.heard()) == heard
    clock.shift(timedelta(minutes=2))
    telephone.says("AIDE")
    assert len(telephone.heard()) == heard + 1


def test_a_person_who_writes_four_messages_in_a_row_gets_each_receipt(
    telephone: Telephone, clock: Any, settings: Any
) -> None:
    settings.CONVERSATION_JOIN_MINUTES = 0
    for words in ("Le forage est en panne", "Les enfants ont soif", "Le chef le sait", "Nous attendons une reponse"):
        telephone.says(words)
        clock.shift(timedelta(seconds=8))
    assert len(telephone.heard()) == Case.objects.count() == 4


def test_a_person_who_sends_the_same_words_four_times_before_we_answer_is_no_machine(
    telephone: Telephone, clock: Any
) -> None:
    for _ in range(4):
        telephone.says("Le forage est en panne")
        clock.shift(timedelta(seconds=1))
    assert not NumberPace.objects.filter(silent_until__isnull=False).exists()


def test_a_person_who_tries_different_orders_at_once_is_no_machine(telephone: Telephone, clock: Any) -> None:
    telephone.says("Le forage est en panne")
    orders = ["AIDE", f"SUIVI {telephone.last_number()}", "STOP", "START"]
    for order in orders:
        clock.shift(timedelta(seconds=5))
        telephone.says(order)
    assert len(telephone.heard()) == 5


def test_a_slow_replier_is_held_by_the_hours_cap(telephone: Telephone, clock: Any, settings: Any) -> None:
    """Somebody at a telephone, or a machine behind a slow network: nothing tells them apart, and little is sent."""
    sent = war(telephone, clock, ["AIDE"] * 30, after=settings.LOOP_GUARD_REPLY_SECONDS + 5)
    assert sent == settings.SMS_PER_PERSON_HOUR


OFFICE = "Je suis absent jusqu'a lundi. Votre message sera lu a mon retour."
HOURS = (1.2, 6, 2.5, 5, 1.1, 3, 4)


def at_their_pace(telephone: Telephone, clock: Any, said: Replies) -> list[int]:
    """Somebody says these things hours apart. Out: how many texts of ours each brought."""
    brought = []
    for words, hours in zip(said, HOURS, strict=False):
        before = len(telephone.heard())
        telephone.says(words)
        brought.append(len(telephone.heard()) - before)
        clock.shift(timedelta(hours=hours))
    return brought


MACHINES = {
    "an office that is closed": [OFFICE] * 7,
    "which something else began": ["Votre colis est arrive a Gao hier.", *[OFFICE] * 6],
}


def late_war(telephone: Telephone, clock: Any, replies: Replies) -> list[int]:
    """It replies to our texts, hours after them, and to nothing else. Out: how many each of its texts brought."""
    brought: list[int] = []
    for reply in replies:
        if not brought or brought[-1]:
            brought += at_their_pace(telephone, clock, [reply])
            clock.shift(timedelta(hours=HOURS[len(brought)]))
    return brought


@pytest.mark.parametrize("replies", MACHINES.values(), ids=MACHINES)
def test_a_machine_that_answers_after_hours_is_stopped_within_three_messages(
    telephone: Telephone, clock: Any, replies: Replies
) -> None:
    assert late_war(telephone, clock, replies) == [1, 1, 1, 0]
    assert Case.objects.count() == 4, "what it says is kept"


def test_our_own_words_that_come_back_after_hours_are_a_machine(telephone: Telephone, clock: Any) -> None:
    ours = [f"TR: {text_for('receipt', 'eng', number=f'12345678901{n}')} (via Samba)" for n in range(7)]
    assert late_war(telephone, clock, ours) == [1, 1, 1, 0]


PEOPLE = {
    "what is new each time": [f"Il n'y a plus {what} au village" for what in ("d'eau", "de riz", "de sel", "de bois")],
    "the numbers of the day": [f"Malades au centre ce jour : {n}" for n in (12, 15, 15, 19, 22, 22, 30)],
    "a short cry": ["On a faim"] * 7,
    "where it is": ["SUIVI 111111111111"] * 7,
}


@pytest.mark.parametrize("said", PEOPLE.values(), ids=PEOPLE)
def test_people_who_write_every_few_hours_are_answered_each_time(
    telephone: Telephone, clock: Any, said: Replies
) -> None:
    assert at_their_pace(telephone, clock, said) == [1] * len(said)


def test_who_says_the_same_again_and_again_is_answered_as_soon_as_they_say_something_else(
    telephone: Telephone, clock: Any
) -> None:
    same = ["Le forage est toujours en panne"] * 4
    assert at_their_pace(telephone, clock, same) == [1, 1, 1, 0]
    clock.move_to(NOON + timedelta(hours=sum(HOURS[:3]), minutes=10))
    telephone.says("Est-ce que quelqu'un nous lit ?")
    assert NumberPace.objects.get().silent_until is None
    clock.shift(timedelta(hours=2))
    assert at_their_pace(telephone, clock, ["Les enfants boivent au fleuve", same[0], same[0]]) == [1, 1, 1]
    assert Case.objects.count() == 7


def test_haste_is_silenced_for_the_whole_while_whatever_else_it_says(telephone: Telephone, clock: Any) -> None:
    war(telephone, clock, ["AIDE"] * 5)
    heard = len(telephone.heard())
    for words in (OFFICE, "Votre solde est de 1500 F", OFFICE):
        clock.shift(timedelta(minutes=5))
        telephone.says(words)
    assert len(telephone.heard()) == heard


def test_a_person_who_asks_where_it_is_every_few_minutes_is_no_machine(telephone: Telephone, clock: Any) -> None:
    telephone.says("Le forage est en panne")
    number = telephone.last_number()
    for _ in range(5):
        clock.shift(timedelta(minutes=4))
        telephone.says(f"SUIVI {number}")
    assert len(telephone.heard()) == 6


@pytest.mark.parametrize("sender", ["36021", "ORANGE", "Ma Banque"])
def test_a_short_code_or_a_name_is_never_answered(telephone: Telephone, sender: str) -> None:
    for _ in range(3):
        telephone.says("AIDE", sender=sender)
    assert telephone.outgoing == []
    assert Case.objects.count() > 0


def test_staff_see_it_without_the_number(telephone: Telephone, clock: Any, cast: Cast, signed_in: Any) -> None:
    telephone.says("Le forage est en panne")
    clock.shift(timedelta(minutes=5))
    case = Case.objects.get()
    browser = signed_in(cast.awa)
    pages = [reverse("referrals:case", args=[case.pk]), f"/cases/?dossier={case.pk}"]
    assert not any("utomatiques arrêtées" in browser.get(page).content.decode() for page in pages)
    war(telephone, clock, ["AIDE"] * 5)
    assert [row.replies_stopped for row in queue(cast.awa, QueueName.TRIAGE)] == [True]  # type: ignore[attr-defined]
    for page in pages:
        shown = browser.get(page).content.decode()
        assert "Réponses automatiques arrêtées" in shown
        assert "00000012" not in shown
    assert "réponses automatiques arrêtées" in browser.get("/cases/").content.decode()
    settings_page = signed_in(cast.djeneba).get("/settings/thresholds/").content.decode()
    assert "Réponses automatiques arrêtées vers 1 numéro" in settings_page


def test_nothing_readable_of_what_it_said_is_kept_beside_the_number(telephone: Telephone, clock: Any) -> None:
    war(telephone, clock, ["AIDE"] * 2)
    row = str(NumberPace.objects.values_list().get()).casefold()
    assert "aide" not in row
    assert "00000012" not in row
