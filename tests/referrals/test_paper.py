"""An agency that is not here yet receives a sheet of paper, and its answer comes back through the sender."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.models import AuditEntry
from core.transitions import Refused
from directory.enums import OrganisationKind
from directory.models import Organisation
from referrals.actions import accept, answer, create_and_send
from referrals.actions.sending import Wish
from referrals.enums import Level
from referrals.models import Referral
from tests.referrals.conftest import House
from tests.referrals.test_levels import allow

SignIn = Callable[[Any], Client]


@pytest.fixture
def absent(house: House) -> Organisation:
    """An association without anybody here."""
    return Organisation.objects.create(name="Association des femmes de Gao", acronym="AFG", kind=OrganisationKind.NNGO)


def test_it_is_sent_on_paper_and_the_sender_notes_what_comes_back(
    house: House, absent: Organisation, signed_in: SignIn
) -> None:
    awa = signed_in(house.cast.awa)
    case = house.case()
    page = awa.get(f"/referrals/new/{case.pk}/")
    assert "AFG (par papier ou téléphone)" in page.content.decode()
    fields = {
        "once": page.context["form"]["once"].value(),
        "priority": "normal",
        "request": "Une pompe, s’il vous plaît",
    }
    sheet = awa.post(f"/referrals/new/{case.pk}/", fields | {"receiver": "other", "other": absent.pk}, follow=True)

    words = sheet.content.decode()
    assert "Fiche prête. Remettez-la à AFG" in words
    for said in ("Point d’eau en panne", "Une pompe", "À remplir par qui reçoit", "hors de notre zone"):
        assert said in words
    assert "Le puits est en panne." not in words, "the person's own words stay here"
    assert "+22370000001" not in words

    referral = Referral.objects.get(receiver=absent)
    accept(referral.pk, by=house.cast.awa)
    answered = answer(referral.pk, kind="response", words="La pompe vient lundi.", by=house.cast.awa)
    assert (answered.state, answered.responsible) == ("answered", house.cast.awa)


def test_the_sheet_says_what_the_person_allowed_and_nothing_more(
    house: House, absent: Organisation, signed_in: SignIn
) -> None:
    case = house.case()
    house.cast.organisations["absent"] = absent
    allow(house, case.pk, "absent", words=True, contact=False)
    referral = create_and_send(case.pk, Wish(absent.pk, level=Level.PERSON), by=house.cast.awa)

    sheet = signed_in(house.cast.awa).get(f"/referrals/{referral.pk}/fiche/").content.decode()

    assert "Le puits est en panne." in sheet, "on paper nothing waits for a click"
    assert "+22370000001" not in sheet
    assert AuditEntry.objects.filter(act="referrals.referral.read").count() == 1


def test_nobody_else_acts_for_an_agency_on_paper_nor_for_one_that_is_here(house: House, absent: Organisation) -> None:
    referral = create_and_send(house.case().pk, Wish(absent.pk), by=house.cast.awa)
    with pytest.raises(Refused, match="au destinataire"):
        accept(referral.pk, by=house.cast.ibrahim)
    with pytest.raises(Refused, match="au destinataire"):
        accept(house.sent().pk, by=house.cast.awa)


def test_a_restricted_matter_never_goes_on_paper(house: House, absent: Organisation, signed_in: SignIn) -> None:
    with pytest.raises(Refused, match="Joignez-le par téléphone"):
        create_and_send(house.case("FRAUDE").pk, Wish(absent.pk), by=house.cast.salif)
    referral = house.sent()
    browser = signed_in(house.cast.awa)
    assert browser.get(f"/referrals/{referral.pk}/fiche/").status_code == 200
    referral.case.lane, referral.case.restricted_kind = "restricted", "integrity"
    referral.case.save()
    assert browser.get(f"/referrals/{referral.pk}/fiche/").status_code == 404


def test_who_has_not_signed_the_protocol_is_told_on_paper_though_somebody_is_here(
    house: House, signed_in: SignIn
) -> None:
    nrc = house.cast.organisations["nrc"]
    before = house.sent()
    nrc.protocol_version = ""
    nrc.save()
    page = signed_in(house.cast.awa).get(f"/referrals/new/{before.case_id}/").content.decode()
    assert "NRC (par papier ou téléphone)" in page
    sent = create_and_send(house.case().pk, Wish(nrc.pk), by=house.cast.awa)
    assert (sent.is_on_paper, Referral.objects.get(pk=before.pk).is_on_paper) == (True, False)
    with pytest.raises(Refused, match="Joignez-le par téléphone"):
        create_and_send(house.case("FRAUDE").pk, Wish(nrc.pk), by=house.cast.salif)
