"""Who could answer, best first, each with its reasons."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.formats import format_date
from directory.models import Intervention, Organisation, Place, Service, User, UserRole
from directory.roles import Role
from feedback.models import Case, CaseImplicated
from referrals import actions
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


def test_of_two_that_could_the_one_that_answered_this_category_comes_first(house: House) -> None:
    pam = house.cast.organisations["pam"]
    fatou = User.objects.create_user("fatou@jaabi.example", name="Fatou", organisation=pam)
    UserRole.objects.create(user=fatou, role=Role.FOCAL_POINT)
    for organisation in (house.cast.organisations["hcr"], pam):
        offer(organisation)
    case = house.case("INSAT_MAJ.qualite", sector="wash")
    assert names(case, house) == ["HCR", "PAM"]
    other = house.sent(house.case("INFO"), house.wish("pam", None))
    actions.answer(other.pk, kind="response", words="Lundi.", by=fatou)
    assert names(case, house) == ["HCR", "PAM"], "of another category"
    alike = house.sent(house.case("INSAT_MAJ.qualite"), house.wish("pam", None))
    actions.answer(alike.pk, kind="response", words="Lundi.", by=fatou)
    assert names(case, house) == ["PAM", "HCR"]
    assert "a répondu il y a peu à une demande de cette catégorie" in map(str, first(case, house).reasons)
    Case.objects.filter(pk=alike.case_id).update(lane="restricted", restricted_kind="integrity")
    assert names(case, house) == ["HCR", "PAM"], "restricted matters say nothing here"


def test_an_office_is_named_where_its_manager_says_it_answers_until_it_is_closed(house: House, signed_in: Any) -> None:
    """The office of Gao, for a matter of Mopti."""
    nrc, gao = house.cast.organisations["nrc"], house.cast.offices["nrc_gao"]
    User.objects.filter(pk=house.cast.fanta.pk).update(office=None)
    house.cast.fanta.place_scope.clear()
    mopti = Place.objects.get(pcode="ML0501")
    offer(nrc, mopti.pcode)
    case = house.case(sector="wash", place=mopti)
    said = {"name": gao.name, "place": gao.place_id, "covers": [mopti.parent_id], "is_active": "on"}
    page, client = f"/settings/organisations/{nrc.pk}/offices/{gao.pk}/", signed_in(house.cast.adama)

    assert first(case, house).office is None
    assert client.post(page, said).status_code == 302
    assert first(case, house).office == gao
    assert client.post(page, said | {"covers": []}).status_code == 302
    assert first(case, house).office is None
    client.post(page, said)
    del said["is_active"]
    assert client.post(page, said).status_code == 302
    assert first(case, house).office is None
    assert "fermé" in client.get(f"/directory/organisations/{nrc.pk}/").content.decode()


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
    house.cast.oumar.role_rows.create(role="security_focal_point")
    assert names(house.case("SECU", sector="wash"), house) == []


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


def joins(house: House, short: str, person: str, deputy: str) -> Organisation:
    """All that joining asks is there."""
    organisation = house.cast.organisations[short]
    organisation.protocol_version, organisation.psea_covered_by_duty = "1.0", True
    organisation.save()
    User.objects.filter(pk=house.cast.people[person].pk).update(deputy=house.cast.people[deputy])
    for role in (Role.AGENCY_MANAGER, Role.FOCAL_POINT):
        UserRole.objects.get_or_create(user=house.cast.people[deputy], role=role)
    return organisation


def active(organisation: Organisation, *, told_days_ago: int = 0, **more: Any) -> Intervention:
    """A line of the 5W: at work on water in the cercle of Gao."""
    where = {"place": Place.objects.get(pcode="ML0703"), "sector": "wash", **more}
    told = timezone.now() - timedelta(days=told_days_ago)
    key = f"{organisation.pk}:{Intervention.objects.count()}"
    said = {"key": key, "activity": "Puits", "source": organisation, "source_name": "5W", "changed_at": told}
    return Intervention.objects.create(organisation=organisation, **said, **where)


def test_whoever_the_5w_says_is_active_here_comes_after_a_service_here_and_says_why(house: House) -> None:
    active(joins(house, "nrc", "fanta", "oumar"))
    offer(house.cast.organisations["hcr"])
    case = house.case(sector="wash")
    assert names(case, house) == ["HCR", "NRC Gao"], "an office here does not outweigh a service that is vouched for"
    day = format_date(timezone.localdate())
    reasons = [str(reason) for reason in suggest(case, sender=house.cast.awa.organisation)[1].reasons]
    assert f"présente dans ce lieu d’après le 5W repris le {day}" in reasons


def test_an_old_5w_counts_for_less_and_says_so(house: House) -> None:
    active(joins(house, "nrc", "fanta", "oumar"), told_days_ago=91)
    active(joins(house, "hcr", "ibrahim", "mariam"))
    house.cast.offices["nrc_gao"].delete()
    case = house.case(sector="wash")
    assert names(case, house) == ["HCR", "NRC"]
    last = suggest(case, sender=house.cast.awa.organisation)[-1]
    assert "ancien : à confirmer" in str(last.reasons[0])


@pytest.mark.parametrize("what", ["sector", "place", "over", "not joined", "implicated"])
def test_the_5w_suggests_nobody_who_is_not_at_work_there_or_may_not_have_it(house: House, what: str) -> None:
    organisation = house.cast.organisations["hcr"] if what == "not joined" else joins(house, "hcr", "ibrahim", "mariam")
    other: dict[str, dict[str, Any]] = {
        "sector": {"sector": "health"},
        "place": {"place": Place.objects.get(pcode="ML0101")},
        "over": {"ends_on": timezone.localdate() - timedelta(days=1)},
    }
    active(organisation, **other.get(what, {}))
    case = house.case(sector="wash")
    if what == "implicated":
        CaseImplicated.objects.create(case=case, organisation=organisation)
    assert names(case, house) == []


def test_suggestions_take_as_many_queries_for_ten_lines_of_the_5w_as_for_one(house: House) -> None:
    case = house.case(sector="wash")
    sender, counts = house.cast.awa.organisation, []
    for _round in range(2):
        for organisation in Organisation.objects.all():
            active(organisation)
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            suggest(Case.objects.select_related("place").get(pk=case.pk), sender=sender)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_service_asked_for_ranks_anew_and_keeps_what_was_typed(
    house: House, signed_in: Callable[[Any], Client]
) -> None:
    offer(house.cast.organisations["nrc"])
    hcr = offer(house.cast.organisations["hcr"])
    hcr.kind, hcr.sector = "health", "health"
    hcr.save()
    case, awa = house.case(sector="wash"), signed_in(house.cast.awa)
    page = f"/referrals/new/{case.pk}/"

    def best(answer: Any) -> str:
        return str(answer.context["suggestions"][0].name)

    assert [best(awa.get(page)), best(awa.get(page + "?service=health")), best(awa.get(page + "?service=x"))] == [
        "NRC Gao", "HCR", "NRC Gao",
    ]  # fmt: skip
    key = str(house.cast.organisations["hcr"].pk)
    typed = {"service": "health", "request": "Appelez le 70 00 00 01", "priority": "urgent", "several": [key]}
    again = awa.post(page, {"suggest": "1", "once": uuid.uuid4(), "other": key, **typed})
    form = again.context["form"]
    assert (again.status_code, best(again)) == (200, "HCR")
    assert [form[name].value() for name in ("service", "request", "priority", "other")] == [
        "health", typed["request"], "urgent", key,
    ]  # fmt: skip
    assert re.search(rf'name="several" value="{key}" checked', again.content.decode())
    assert not Referral.objects.exists()


def test_whom_not_us_named_comes_first_and_says_who_named_it(house: House, signed_in: Callable[[Any], Client]) -> None:
    """Before the concerned organisation; on paper too; never one that the matter implicates."""
    pam, nrc = house.cast.organisations["pam"], house.cast.organisations["nrc"]
    sent = house.sent(house.case(concerned=house.cast.organisations["hcr"], sector="wash"))
    actions.refuse(sent.pk, code="HORS_MANDAT", competent=pam, by=house.cast.fanta)
    page = signed_in(house.cast.awa).get(f"/referrals/{sent.pk}/plus-loin/")
    assert [one.name for one in page.context["suggestions"]][:2] == ["PAM", "HCR"]
    assert f"compétent selon {nrc}" in page.content.decode()
    CaseImplicated.objects.create(case=sent.case, organisation=pam)
    page = signed_in(house.cast.awa).get(f"/referrals/{sent.pk}/plus-loin/")
    assert [one.name for one in page.context["suggestions"]][:1] == ["HCR"]
    assert "compétent selon" not in page.content.decode()
