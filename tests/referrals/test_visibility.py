"""Who knows of a referral: two sides, their zone, office and lane; nobody implicated; nobody else."""

from __future__ import annotations

import pytest

from core.transitions import Refused
from directory.models import Place, User, UserRole
from directory.roles import Role
from feedback.models import CaseImplicated
from referrals import actions
from referrals.models import Referral
from tests.referrals.conftest import House


def who_sees(referral: Referral, house: House) -> set[str]:
    rows = Referral.objects.filter(pk=referral.pk)
    return {name for name, person in house.cast.people.items() if rows.visible_to(person).exists()}


def test_an_ordinary_referral_to_an_office_is_seen_by_both_sides_alone(house: House) -> None:
    assert who_sees(house.sent(), house) == {"awa", "fanta"}


def test_one_to_an_organisation_is_seen_by_its_focal_points_whose_zone_it_is(house: House) -> None:
    in_gao = house.sent(house.case(), house.wish("nrc", None))
    elsewhere = house.sent(house.case(place=Place.objects.get(pcode="ML0501")), house.wish("nrc", None))
    assert who_sees(in_gao, house) == {"awa", "oumar", "fanta"}
    assert who_sees(elsewhere, house) == {"awa", "oumar"}


def test_whose_zone_is_the_whole_country_sees_what_their_organisation_sent(house: House) -> None:
    colleague = User.objects.create(email="pays@jaabi.example", name="P", organisation=house.cast.organisations["nrc"])
    UserRole.objects.create(user=colleague, role=Role.FOCAL_POINT)
    house.cast.people["colleague"] = colleague
    referral = house.sent(house.case(concerned=colleague.organisation), house.wish("hcr", None), by=house.cast.oumar)
    assert who_sees(referral, house) == {"oumar", "fanta", "colleague", "ibrahim"}


def test_a_draft_is_the_senders_alone(house: House) -> None:
    draft = actions.create(house.case().pk, house.wish(), by=house.cast.awa)
    assert who_sees(draft, house) == {"awa"}


@pytest.mark.parametrize(
    ("category", "sender", "role"),
    [
        ("FRAUDE", "salif", Role.INTEGRITY_FOCAL_POINT),
        ("PROT.mines", "kadia", Role.PROTECTION_FOCAL_POINT),
        ("SECU", "moussa", Role.SECURITY_FOCAL_POINT),
    ],
)
def test_a_restricted_one_is_seen_by_the_named_people_of_its_kind(
    house: House, category: str, sender: str, role: Role
) -> None:
    named = User.objects.create(email="nommee@jaabi.example", name="N", organisation=house.cast.organisations["nrc"])
    UserRole.objects.create(user=named, role=role)
    house.cast.people["named"] = named
    referral = house.sent(house.case(category), house.wish("nrc", None), by=getattr(house.cast, sender))
    assert who_sees(referral, house) == {sender, "named"}


def test_a_restricted_matter_does_not_go_where_nobody_is_named_for_it(house: House) -> None:
    case = house.case("FRAUDE")
    with pytest.raises(Refused, match="personne"):
        house.sent(case, house.wish("nrc", None), by=house.cast.salif)


def test_whoever_is_implicated_sees_nothing_and_is_sent_nothing(house: House) -> None:
    referral = house.sent()
    CaseImplicated.objects.create(case=referral.case, user=house.cast.fanta)
    assert who_sees(referral, house) == {"awa"}
    with pytest.raises(Refused):
        actions.accept(referral.pk, by=house.cast.fanta)
    CaseImplicated.objects.create(case=referral.case, organisation=house.cast.organisations["hcr"])
    with pytest.raises(Refused):
        house.sent(referral.case, house.wish("hcr", None))


def test_an_implicated_office_is_left_out_while_the_organisation_still_answers(house: House) -> None:
    case = house.case()
    CaseImplicated.objects.create(case=case, office=house.cast.offices["nrc_gao"])
    with pytest.raises(Refused):
        house.sent(case)
    referral = house.sent(case, house.wish("nrc", None))
    assert who_sees(referral, house) == {"awa", "oumar"}


def test_a_case_made_restricted_leaves_the_ordinary_lists_at_once(house: House) -> None:
    referral = house.sent()
    assert who_sees(referral, house) == {"awa", "fanta"}
    referral.case.lane, referral.case.restricted_kind = "restricted", "integrity"
    referral.case.save()
    assert who_sees(referral, house) == set()


def test_a_closed_account_sees_nothing(house: House) -> None:
    referral = house.sent()
    house.cast.fanta.is_active = False
    house.cast.fanta.save()
    assert who_sees(referral, house) == {"awa"}


def test_an_organisations_system_reads_ordinary_matters_sent_to_it(house: House) -> None:
    nrc = house.cast.organisations["nrc"]
    mine, not_mine = house.sent(), house.sent(house.case(), house.wish("hcr", None))
    draft = actions.create(house.case().pk, house.wish(), by=house.cast.awa)
    assert set(Referral.objects.addressed_to(nrc)) == {mine}
    CaseImplicated.objects.create(case=mine.case, organisation=nrc)
    assert not Referral.objects.addressed_to(nrc).exists()
    assert {not_mine.state, draft.state} == {"sent", "draft"}
