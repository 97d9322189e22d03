"""The square on a sheet: who holds it can answer, and nothing moves before the sender's people take it over."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from core.transitions import Refused
from directory.models import Organisation, StaffNotice
from feedback.actions import protect
from feedback.models import Case
from referrals import actions
from referrals.actions.sheet import Reply, reply_by_sheet, set_reply_aside, take_over
from referrals.enums import Level
from referrals.models import Referral, SheetReply
from referrals.sheets import address_of, token_of
from tests.feedback.conftest import recovery_key
from tests.referrals.conftest import House, house
from tests.referrals.test_levels import allow
from tests.referrals.test_paper import absent
from tests.test_access import TOKENS

__all__ = ["absent", "house", "recovery_key"]

pytestmark = pytest.mark.once
SignIn = Callable[[Any], Client]


@pytest.fixture
def referral(house: House, absent: Organisation) -> Referral:
    """Level 2, on paper: the sheet itself holds the person's words."""
    case = house.case()
    house.cast.organisations["absent"] = absent
    allow(house, case.pk, "absent", words=True, contact=True)
    return house.sent(case, house.wish("absent", None, level=Level.PERSON, request="Pour la famille du puits"))


def path(referral: Referral) -> str:
    return f"/fiche/{token_of(Referral.objects.get(pk=referral.pk))}/"


def says(referral: Referral, says: str = "accept", **fields: str) -> Any:
    said = {"once": str(uuid.uuid4()), "name": "Aïssata, AFG", "says": says} | fields
    return Client().post(path(referral), said)


def test_it_shows_level_1_and_no_more(referral: Referral) -> None:
    page = Client().get(path(referral)).content.decode()
    for said in ("Point d’eau en panne", referral.reference, "AFG"):
        assert said in page
    for kept in ("Le puits est en panne.", "70000001", "Pour la famille", "awa@jaabi.example"):
        assert kept not in page


def test_what_is_said_moves_nothing_until_the_sender_takes_it_over(
    house: House, referral: Referral, signed_in: SignIn
) -> None:
    StaffNotice.objects.all().delete()
    answered = says(referral, "answer", answer_kind="response", words="La pompe vient lundi.")
    assert "Merci" in answered.content.decode()
    assert Referral.objects.get(pk=referral.pk).state == "sent"
    assert Case.objects.get(pk=referral.case_id).latest_answer is None
    assert [one.person for one in StaffNotice.objects.all()] == [house.cast.awa]
    assert "lundi" not in str(list(SheetReply.objects.values()))
    awa = signed_in(house.cast.awa)
    page = awa.get(f"/referrals/{referral.pk}/").content.decode()
    assert "La pompe vient lundi." in page
    assert "Aïssata, AFG" in page
    reply = SheetReply.objects.get()
    awa.post(f"/referrals/{referral.pk}/fiche/{reply.pk}/take/")
    assert Referral.objects.get(pk=referral.pk).state == "answered"
    told = Case.objects.get(pk=referral.case_id).latest_answer
    assert told is not None
    assert told.unsealed("words") == "La pompe vient lundi."
    reply.refresh_from_db()
    assert (reply.was_taken, reply.words, reply.name) == (True, None, None)


def test_each_answer_becomes_the_senders_act(house: House, referral: Referral) -> None:
    says(referral)
    take_over(SheetReply.objects.get(decided_at=None).pk, by=house.cast.awa)
    row = Referral.objects.get(pk=referral.pk)
    assert (row.state, row.responsible) == ("accepted", house.cast.awa)
    says(referral, "refuse", refusal_code="SANS_CAPACITE", words="Pas avant mars")
    take_over(SheetReply.objects.get(decided_at=None).pk, by=house.cast.awa)
    row = Referral.objects.get(pk=referral.pk)
    assert (row.state, row.refusal_code, row.unsealed("note")) == ("refused", "SANS_CAPACITE", "Pas avant mars")


def test_what_is_set_aside_leaves_nothing(house: House, referral: Referral) -> None:
    says(referral)
    reply = SheetReply.objects.get()
    for stranger in (house.cast.ibrahim, house.cast.fanta):
        with pytest.raises(Refused):
            set_reply_aside(reply.pk, by=stranger)
    set_reply_aside(reply.pk, by=house.cast.awa)
    with pytest.raises(Refused):
        take_over(reply.pk, by=house.cast.awa)
    reply.refresh_from_db()
    assert (reply.name, Referral.objects.get(pk=referral.pk).state) == (None, "sent")


def shown(address: str) -> tuple[int, bytes]:
    """What is answered, but for what differs at each time, and the address itself."""
    answer = Client().get(address)
    return answer.status_code, TOKENS.sub(b"", answer.content).replace(address.encode(), b"")


def test_a_wrong_square_and_one_that_is_over_are_the_same_nothing(
    house: House, referral: Referral, signed_in: SignIn, recovery_key: bytes
) -> None:
    known, unknown = path(referral), shown("/fiche/inconnue/")
    assert unknown[0] == 404
    altered = known[:-2] + ("0" if known[-2] != "0" else "1") + "/"
    assert shown(altered) == shown(f"/fiche/{'A' * 22}-{'0' * 20}/") == unknown
    assert shown(known)[0] == 200
    row, case = Referral.objects.filter(pk=referral.pk), Case.objects.filter(pk=referral.case_id)
    row.update(answer_by=timezone.now() - timedelta(days=31))
    assert shown(known) == unknown
    row.update(answer_by=timezone.now() + timedelta(days=9))
    case.update(lane="restricted", restricted_kind="protection")
    assert shown(known) == unknown
    case.update(lane="ordinary", restricted_kind="")
    says(referral)
    protect(referral.case_id, by=house.cast.awa)
    assert shown(known) == unknown
    assert not SheetReply.objects.exists()


def test_the_squares_of_those_who_have_a_system_or_an_answer_open_nothing(house: House, referral: Referral) -> None:
    assert address_of(house.sent()) == ""
    assert Client().get(path(house.sent())).status_code == 404
    actions.answer(referral.pk, kind="response", words="C’est fait.", by=house.cast.awa)
    assert Client().get(path(referral)).status_code == 404


def test_a_lost_sheets_square_is_closed_and_the_next_one_opens(
    house: House, referral: Referral, signed_in: SignIn
) -> None:
    awa, lost = signed_in(house.cast.awa), path(referral)
    before = awa.get(f"/referrals/{referral.pk}/fiche/").context["answer_square"]
    assert before == awa.get(f"/referrals/{referral.pk}/fiche/").context["answer_square"], "printed twice, the same"
    awa.post(f"/referrals/{referral.pk}/fiche/autre/")
    assert Client().get(lost).status_code == 404
    assert Client().get(path(referral)).status_code == 200
    assert awa.get(f"/referrals/{referral.pk}/fiche/").context["answer_square"] != before


def test_three_unread_ones_are_enough_and_the_same_form_is_one(referral: Referral) -> None:
    once = str(uuid.uuid4())
    for _time in range(2):
        assert says(referral, once=once).status_code == 200
    assert SheetReply.objects.count() == 1
    answers = [says(referral).status_code for _time in range(4)]
    assert answers == [200, 200, 422, 422]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"says": "refuse"}, "pourquoi"),
        ({"says": "answer", "words": "Oui"}, "type de réponse"),
        ({"says": "answer", "answer_kind": "response"}, "sera dit"),
        ({"says": "refuse", "refusal_code": "HORS_ZONE", "words": "Voir le 70 11 12 13"}, "numéro"),
        ({"says": "answer", "answer_kind": "response", "words": "L’agent demande des faveurs sexuelles"}, "ici"),
        ({"says": "x"}, "choix"),
        ({"name": ""}, "obligatoire"),
    ],
)
def test_what_is_wrong_is_said_and_kept_on_the_page(referral: Referral, fields: dict[str, str], error: str) -> None:
    page = says(referral, **fields)
    assert page.status_code == 422
    assert error in page.content.decode()
    assert escape(fields.get("words", "")) in page.content.decode()
    assert not SheetReply.objects.exists()


def test_a_reply_by_a_form_that_lies_open_is_refused_after_the_fact(house: House, referral: Referral) -> None:
    known = path(referral)
    actions.recall(referral.pk, reason="solved", by=house.cast.awa)
    assert Client().post(known, {"name": "A", "says": "accept"}).status_code == 404
    reply = reply_by_sheet(referral.pk, Reply("accept", "A"), pk=uuid.uuid4())
    with pytest.raises(Refused):
        take_over(reply.pk, by=house.cast.awa)
