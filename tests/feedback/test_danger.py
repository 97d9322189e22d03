"""Words that suggest danger: a number to ring if there is one, somebody named within the hour, every lane alike."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from core.receipt_number import grouped, new_number
from directory.enums import NOT_SAID
from directory.models import Place, User
from feedback import actions
from feedback.actions.danger import remind_of_danger
from feedback.actions.person import add_words
from feedback.danger import WORD_LISTS, suggests_danger
from feedback.enums import Priority
from feedback.models import Case
from feedback.queue import QueueName, queue
from psea.actions.reminding import remind
from psea.models import SealedCase, SealedMessage
from tests.cast import Cast
from tests.feedback.conftest import Telephone
from tests.feedback.making import made_case, place, sorting

pytestmark = pytest.mark.usefixtures("db")

ORDINARY = "Nous n'avons pas eu d'eau au forage depuis dix jours"
DANGER = "Des hommes armés arrivent maintenant dans le village, venez vite"
SEA_IN_DANGER = "L'agent de l'ONG m'a demandé de coucher avec lui, il menace de me tuer"
NUMBERS = [{"label": "Police", "number": "17"}, {"label": "Protection civile", "number": "18"}]
Another = Callable[[str], Telephone]


@pytest.mark.parametrize(
    "text",
    [
        DANGER,
        "il menace de me tuer",
        "AU SECOURS on nous attaque",
        "je veux mourir",
        "U bɛna an faga",
        "They are going to kill us",
        "انقذونا من فضلكم",
        "Ɓe njiɗi warde min, ngaree law",
    ],
)
def test_danger_is_heard(text: str) -> None:
    assert suggests_danger(text)


@pytest.mark.parametrize(
    "text", ["", ORDINARY, "Je suis hors de danger maintenant", "Le forage est en panne, merci de venir"]
)
def test_what_is_no_danger_is_not(text: str) -> None:
    assert not suggests_danger(text)


def test_every_language_of_screening_has_its_words() -> None:
    screening = {path.name for path in (WORD_LISTS.parent / "screening_words").glob("*.yaml")}
    assert {path.name for path in WORD_LISTS.glob("*.yaml")} == screening


def test_the_receipt_shows_the_numbers_that_the_deployment_gave_in_every_lane(
    telephone: Telephone, another_telephone: Another, settings: Any
) -> None:
    settings.URGENT_NUMBERS = NUMBERS
    other = another_telephone("+22300000013")
    telephone.says(DANGER)
    other.says(SEA_IN_DANGER)
    assert (Case.objects.count(), SealedCase.objects.using("vault").count()) == (1, 1)
    receipts = [phone.heard()[0].replace(grouped(phone.last_number()), "N") for phone in (telephone, other)]
    assert receipts[0] == receipts[1]
    assert receipts[0].endswith("En danger maintenant, appelez : 17, 18")


def test_without_a_number_of_the_deployment_none_is_invented(telephone: Telephone, settings: Any) -> None:
    settings.URGENT_NUMBERS = []
    telephone.says(DANGER)
    telephone.says(DANGER)
    assert len(telephone.heard()) == 1
    assert "appelez" not in telephone.heard()[0]


def test_words_added_get_the_numbers_alike_in_every_lane(
    telephone: Telephone, another_telephone: Another, settings: Any
) -> None:
    settings.URGENT_NUMBERS = NUMBERS
    other = another_telephone("+22300000013")
    telephone.says(ORDINARY)
    other.says("L'agent de l'ONG m'a demandé de coucher avec lui pour être sur la liste")
    for phone in (telephone, other):
        phone.says("il menace de me tuer")
    assert telephone.heard()[1:] == other.heard()[1:]
    assert telephone.heard()[1:] == ["En danger maintenant, appelez : 17, 18. Ce que vous avez écrit est bien arrivé."]


@pytest.mark.parametrize("numbers", [NUMBERS, []])
def test_what_is_said_on_the_web_shows_the_numbers_whatever_was_said_and_in_every_lane(
    recovery_key: bytes, settings: Any, numbers: list[dict[str, str]]
) -> None:
    settings.URGENT_NUMBERS = numbers
    shown = []
    for words, added in ((ORDINARY, ORDINARY), (DANGER, DANGER), (SEA_IN_DANGER, SEA_IN_DANGER)):
        browser = Client()
        browser.post("/parler/", {"words": words, "once": str(uuid.uuid4()), "safe_contact": "none"})
        receipt = browser.get("/parler/recu/")
        number = receipt.context["slip"].number
        asked = {"number": number, "more": added, "once": str(uuid.uuid4())}
        followed = [browser.post("/suivi/", asked), browser.post("/suivi/", {"number": new_number()})]
        pages = (receipt, *followed)
        assert {(page.status_code, len(page.content) < 50_000) for page in pages} == {(200, True)}
        asked_for = [page.content.decode().partition("En danger maintenant ?")[2] for page in pages]
        shown.append([text.partition("</div>")[0] for text in asked_for])
    assert (Case.objects.count(), SealedCase.objects.using("vault").count()) == (2, 1)
    assert shown[0] == shown[1] == shown[2]
    for part in shown[0]:
        assert all(f"{one['label']} : {one['number']}" in part for one in numbers)
        assert bool(part) == bool(numbers)


def test_the_contacts_of_the_place_have_an_hour_and_read_it(
    telephone: Telephone, cast: Cast, mailoutbox: list[EmailMessage]
) -> None:
    before = timezone.now()
    telephone.says(DANGER)
    case = Case.objects.get()
    assert case.priority == Priority.EMERGENCY
    assert case.danger_due_at is not None
    assert timedelta(minutes=59) < case.danger_due_at - before < timedelta(minutes=61)
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted([cast.kadia.email, cast.moussa.email])
    assert {mail.subject for mail in mailoutbox} == {"Une action vous attend dans Jaabi."}
    assert "armés" not in mailoutbox[0].body
    readers = {user.email for user in cast.people.values() if case in Case.objects.visible_to(user)}
    assert readers == {cast.awa.email, cast.kadia.email, cast.moussa.email}


def test_somebody_nearer_is_told_instead_of_the_whole_country(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    cast.moussa.place_scope.set(Place.objects.filter(pcode="ML07"))
    cast.kadia.place_scope.set(Place.objects.filter(pcode="ML09"))
    made_case(words=DANGER, place=place("ML0703"))
    assert [mail.to for mail in mailoutbox] == [[cast.moussa.email]]


def test_nobody_implicated_is_told(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    case = made_case()
    case.implicated_rows.create(organisation=cast.organisations["hcr"])
    add_words(case.pk, source_key="later", words=DANGER, channel="sms")
    assert [mail.to for mail in mailoutbox] == [[cast.awa.email]]


def test_a_restricted_matter_stays_with_its_recipients(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    case = made_case()
    actions.triage(case.pk, sorting("FRAUDE"), by=cast.awa)
    mailoutbox.clear()
    add_words(case.pk, source_key="later", words=DANGER, channel="sms")
    assert [mail.to for mail in mailoutbox] == [[cast.salif.email]]
    case = Case.objects.get()
    readers = {user.email for user in cast.people.values() if case in Case.objects.visible_to(user)}
    assert (case.lane, readers) == ("restricted", {cast.salif.email})


def test_it_stands_first_until_somebody_has_called(telephone: Telephone, cast: Cast, signed_in: Any) -> None:
    made_case(received_at=timezone.now() - timedelta(days=3), language=NOT_SAID)
    telephone.says(DANGER)
    first = queue(cast.awa, QueueName.TRIAGE)[0]
    assert first.is_in_danger
    browser = signed_in(cast.moussa)
    page = browser.get(f"/cases/{first.pk}/")
    assert "Danger évoqué" in page.content.decode()

    response = browser.post(f"/cases/{first.pk}/danger-over/", {"seen": "new"})
    assert response.status_code == 302
    case = Case.objects.get(pk=first.pk)
    assert (case.is_in_danger, case.priority) == (False, Priority.EMERGENCY)
    assert case not in Case.objects.visible_to(cast.moussa)


def test_after_an_hour_it_is_said_once_more(telephone: Telephone, cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    telephone.says(DANGER)
    later = timezone.now() + timedelta(minutes=61)
    assert remind_of_danger(timezone.now()) == 0
    mailoutbox.clear()
    with time_machine.travel(later):
        assert [remind_of_danger(later), remind_of_danger(later)] == [1, 1]
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted([cast.kadia.email, cast.moussa.email])
    assert {mail.subject for mail in mailoutbox} == {"Une action en retard vous attend dans Jaabi."}
    actions.danger_over(Case.objects.get().pk, by=cast.awa)
    assert remind_of_danger(later) == 0


def test_in_the_vault_the_officers_have_the_hour(telephone: Telephone, officer_told: Callable[[], list[str]]) -> None:
    telephone.says(SEA_IN_DANGER)
    assert officer_told() == ["Une action vous attend dans Jaabi."] * 2
    assert SealedCase.objects.using("vault").get().call_by is not None
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert remind(at=timezone.now()) == 1
    assert officer_told()[2:] == ["Une action en retard vous attend dans Jaabi."] * 2


def test_words_added_to_a_sealed_case_have_it_too(telephone: Telephone, officer_told: Callable[[], list[str]]) -> None:
    telephone.says("L'agent de l'ONG m'a demandé de coucher avec lui pour être sur la liste")
    SealedCase.objects.using("vault").update(opened_at=timezone.now())
    told = len(officer_told())
    telephone.says("il menace de me tuer")
    assert officer_told()[told:] == ["Une action vous attend dans Jaabi."] * 2
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert remind(at=timezone.now()) == 1
    SealedMessage.objects.using("vault").update(read_at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert remind(at=timezone.now()) == 0


def test_a_second_cry_does_not_put_the_clock_back(telephone: Telephone) -> None:
    telephone.says(DANGER)
    due = Case.objects.get().danger_due_at
    with time_machine.travel(timezone.now() + timedelta(minutes=30)):
        telephone.says("on nous attaque")
    assert Case.objects.get().danger_due_at == due


def test_nobody_in_charge_leaves_the_listening_team(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    User.objects.filter(pk__in=[cast.kadia.pk, cast.moussa.pk]).update(is_active=False)
    made_case(words=DANGER)
    assert [mail.to for mail in mailoutbox] == [[cast.awa.email]]
