"""Who could answer, best first, each with its reasons."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from directory.models import Organisation, Place, Service
from feedback.models import Case, CaseImplicated
from referrals.models import Referral
from referrals.suggestions import Suggestion, suggest
from tests.referrals.conftest import House


def names(case: Case, house: House, **more: object) -> list[str]:
    return [one.name for one in suggest(case, sender=house.cast.awa.organisation, **more)]  # type: ignore[arg-type]


def offer(organisation: Organisation, pcode: str = "ML0703", **more: object) -> Service:
    service = Service.objects.create(organisation=organisation, kind="wash", sector="wash", **more)
    service.places.set([Place.objects.get(pcode=pcode)])
    return service


def first(case: Case, house: House) -> Suggestion:
    return suggest(case, sender=house.cast.awa.organisation)[0]


def test_the_concerned_organisation_comes_first_and_says_so(house: House) -> None:
    offer(house.cast.organisations["nrc"])
    case = house.case(concerned=house.cast.organisations["hcr"], sector="wash")
    assert names(case, house)[0] == "HCR"
    assert [str(reason) for reason in first(case, house).reasons] == ["organisation concernée par ce qui est dit"]


def test_a_service_here_names_the_office_here(house: House) -> None:
    offer(house.cast.organisations["nrc"])
    best = first(house.case(sector="wash"), house)
    assert best.office == house.cast.offices["nrc_gao"]
    assert any("Eau et assainissement" in str(reason) for reason in best.reasons)
    assert any("bureau qui couvre ce lieu" in str(reason) for reason in best.reasons)


def test_a_service_elsewhere_counts_less_than_one_here(house: House) -> None:
    offer(house.cast.organisations["hcr"], "ML0101")
    offer(house.cast.organisations["nrc"])
    assert names(house.case(sector="wash"), house)[:2] == ["NRC Gao", "HCR"]


def test_stale_or_full_services_give_no_reason(house: House) -> None:
    offer(house.cast.organisations["nrc"], valid_until=timezone.localdate() - timedelta(days=1))
    offer(house.cast.organisations["hcr"], has_capacity=False)
    assert names(house.case(sector="wash"), house) == []


def test_a_confidential_place_is_a_reason_only_for_those_who_are_named_to_know_it(house: House) -> None:
    offer(house.cast.organisations["nrc"], is_sensitive=True)
    assert names(house.case(sector="wash"), house) == []
    restricted = house.case("PROT.vbg", sector="wash")
    house.cast.oumar.role_rows.create(role="protection_focal_point")
    assert any("Eau et assainissement" in str(reason) for reason in first(restricted, house).reasons)


def test_of_two_alike_who_answers_in_time_comes_first_and_no_figure_is_told(house: House) -> None:
    for short in ("hcr", "pam"):
        offer(house.cast.organisations[short], "ML0703")
    house.cast.hawa.role_rows.create(role="focal_point")
    case = house.case(sector="wash")
    assert names(case, house)[:2] == ["HCR", "PAM"]
    for short, days in (("hcr", 30), ("pam", 1)):
        for _time in range(5):
            referral = house.sent(house.case(), house.wish(short, None))
            later = timezone.now() + timedelta(days=days)
            Referral.objects.filter(pk=referral.pk).update(
                state="answered", answer_kind="response", received_at=later, accepted_at=later, answered_at=later
            )
    cache.clear()
    assert names(case, house)[:2] == ["PAM", "HCR"]
    assert [str(reason) for reason in first(case, house).reasons][-1] == "répond d’ordinaire dans les délais"


def test_the_service_asked_for_decides(house: House) -> None:
    offer(house.cast.organisations["nrc"])
    cash = Service.objects.create(organisation=house.cast.organisations["hcr"], kind="cash")
    cash.places.set(Place.objects.filter(pcode="ML07"))
    assert names(house.case(), house, service="cash") == ["HCR"]


def test_who_is_implicated_is_left_out(house: House) -> None:
    offer(house.cast.organisations["nrc"])
    case = house.case(concerned=house.cast.organisations["hcr"], sector="wash")
    CaseImplicated.objects.create(case=case, organisation=house.cast.organisations["hcr"])
    CaseImplicated.objects.create(case=case, office=house.cast.offices["nrc_gao"])
    assert names(case, house) == ["NRC"]


def test_where_all_focal_points_are_implicated_people_nobody_is_proposed(house: House) -> None:
    case = house.case(concerned=house.cast.organisations["hcr"])
    CaseImplicated.objects.create(case=case, user=house.cast.ibrahim)
    assert names(case, house) == []


def test_those_already_tried_are_not_proposed_again(house: House) -> None:
    case = house.case(concerned=house.cast.organisations["hcr"])
    assert names(case, house, without=[house.cast.organisations["hcr"].pk]) == []


def test_coordination_is_the_fall_back(house: House) -> None:
    cluster = Organisation.objects.create(name="Cluster Protection", acronym="CP", kind="cluster")
    house.cast.oumar.organisation, house.cast.oumar.office = cluster, None
    house.cast.oumar.save()
    best = first(house.case(), house)
    assert best.organisation == cluster
    assert "coordination inter-organisations" in str(best.reasons[0])


def test_a_restricted_matter_is_proposed_to_those_with_a_named_recipient(house: House) -> None:
    concerned = house.cast.organisations
    assert names(house.case("FRAUDE", concerned=concerned["hcr"]), house) == ["HCR"]
    assert names(house.case("FRAUDE", concerned=concerned["nrc"]), house) == []
