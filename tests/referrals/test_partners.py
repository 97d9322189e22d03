"""An agency sees the matter of what its partner under contract was sent, while it is; never the person, never more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.transitions import Refused
from directory.models import PartnerLink, Place
from feedback.models import Case, CaseImplicated
from referrals import actions
from referrals.models import Referral
from tests.referrals.conftest import House

LIST = "/referrals/partenaires/"


@pytest.fixture
def link(house: House) -> PartnerLink:
    """NRC works under contract for HCR: Ibrahim reads what NRC is sent."""
    hcr, nrc = house.cast.organisations["hcr"], house.cast.organisations["nrc"]
    return PartnerLink.objects.create(agency=hcr, partner=nrc, starts_on=timezone.localdate() - timedelta(days=9))


def who_reads(referral: Referral, house: House) -> set[str]:
    rows = Referral.objects.filter(pk=referral.pk)
    return {name for name, person in house.cast.people.items() if rows.contracted_by(person).exists()}


@pytest.mark.usefixtures("link")
def test_the_agency_reads_the_matter_and_the_dates_and_nothing_of_the_person(house: House, signed_in: Any) -> None:
    referral = house.sent(house.case(words="Le puits de Mme Zq est en panne."))
    actions.ask(referral.pk, words="Quel jour, zqx ?", by=house.cast.fanta)
    client = signed_in(house.cast.ibrahim)
    assert who_reads(referral, house) == {"ibrahim"}
    assert referral.summary in client.get(LIST).content.decode()
    page = client.get(f"{LIST}{referral.pk}/").content.decode()
    assert [one for one in (referral.summary, "NRC Gao", "Niveau 1") if one not in page] == []
    assert not any(word in page for word in ("Zq", "zqx"))
    assert "Chez nos partenaires" in client.get("/referrals/").content.decode()


@pytest.mark.usefixtures("link")
def test_reading_is_all_that_the_agency_may_do(house: House, signed_in: Any) -> None:
    referral = house.sent()
    client = signed_in(house.cast.ibrahim)
    for tail in ("", "fiche/", "pas-pour-nous/"):
        assert client.get(f"/referrals/{referral.pk}/{tail}").status_code == 404
    assert client.post(f"/referrals/{referral.pk}/accept/").status_code == 404
    assert not Referral.objects.visible_to(house.cast.ibrahim).exists()
    with pytest.raises(Refused):
        actions.accept(referral.pk, responsible=house.cast.ibrahim, by=house.cast.ibrahim)


def test_only_what_was_sent_during_the_contract_and_only_while_it_lasts(house: House, link: PartnerLink) -> None:
    referral, today = house.sent(), timezone.localdate()
    for starts_on, ends_on, readers in (
        (today, None, {"ibrahim"}),
        (today, today, {"ibrahim"}),
        (today + timedelta(days=1), None, set()),
        (today - timedelta(days=9), today - timedelta(days=1), set()),
    ):
        PartnerLink.objects.filter(pk=link.pk).update(starts_on=starts_on, ends_on=ends_on)
        assert who_reads(referral, house) == readers, (starts_on, ends_on)
    PartnerLink.objects.filter(pk=link.pk).update(starts_on=today, ends_on=None)
    Referral.objects.filter(pk=referral.pk).update(first_sent_at=timezone.now() - timedelta(days=3))
    assert who_reads(referral, house) == set(), "sent before the contract"


@pytest.mark.usefixtures("link")
def test_no_restricted_matter_none_taken_back_none_that_the_person_would_not_pass_on(house: House) -> None:
    house.cast.oumar.role_rows.create(role="integrity_focal_point")
    house.cast.ibrahim.role_rows.create(role="integrity_focal_point")
    fraud = house.sent(house.case("FRAUDE"), house.wish("nrc", None), by=house.cast.salif)
    assert who_reads(fraud, house) == set()
    draft = actions.create(house.case().pk, house.wish(), by=house.cast.awa)
    assert who_reads(draft, house) == set()
    taken_back, objects = house.sent(), house.sent()
    assert who_reads(taken_back, house) == {"ibrahim"}
    actions.recall(taken_back.pk, reason="sent_in_error", by=house.cast.awa)
    Case.objects.filter(pk=objects.case_id).update(objects_to_sharing=True)
    assert [who_reads(one, house) for one in (taken_back, objects)] == [set(), set()]


@pytest.mark.usefixtures("link")
def test_nobody_implicated_and_nobody_out_of_the_place(house: House) -> None:
    referral = house.sent()
    house.cast.ibrahim.place_scope.set(Place.objects.filter(pcode="ML05"))
    assert who_reads(referral, house) == set()
    house.cast.ibrahim.place_scope.clear()
    del house.cast.ibrahim.pcodes
    assert who_reads(referral, house) == {"ibrahim"}
    CaseImplicated.objects.create(case=referral.case, organisation=house.cast.organisations["hcr"])
    assert who_reads(referral, house) == set()


def test_an_agency_does_not_name_its_own_partners(house: House, signed_in: Any) -> None:
    hcr, nrc = house.cast.organisations["hcr"], house.cast.organisations["nrc"]
    address = f"/settings/organisations/{hcr.pk}/partners/new/"
    said = {"partner": nrc.pk, "starts_on": "2026-01-01", "ends_on": ""}
    assert signed_in(house.cast.mariam).post(address, said).status_code == 404
    administrator = signed_in(house.cast.adama)
    assert administrator.post(address, said).status_code == 302
    assert administrator.post(address, said).status_code == 200, "once"
    assert [(one.agency, one.partner) for one in PartnerLink.objects.all()] == [(hcr, nrc)]
    for organisation in (hcr, nrc):
        assert (
            "01/01/2026"
            in signed_in(house.cast.robert).get(f"/directory/organisations/{organisation.pk}/").content.decode()
        )
    with pytest.raises(ValidationError):
        PartnerLink(agency=hcr, partner=hcr, starts_on=date(2026, 1, 1)).full_clean()
