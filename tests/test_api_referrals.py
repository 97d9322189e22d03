"""Referrals by the API, both ways: sent and received, every act of the pages, and no more shown than on the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.actors import SYSTEM
from directory.actions.services import keep_service
from directory.models import Office, Place, Service
from feedback.actions import protect
from feedback.models import Case, CaseImplicated
from referrals import actions
from referrals.api_acts import ACTS
from referrals.enums import Level
from referrals.models import Consent, Referral
from referrals.page import page_context
from tests.feedback.conftest import recovery_key
from tests.referrals.conftest import House, house
from tests.referrals.test_levels import allow
from tests.test_api import CASES, REFERRALS, SERVICES, Partner, partner, problem

__all__ = ["house", "partner", "recovery_key"]
OVERRIDDEN = {"answer": "override", "contact": True, "override": "child_at_risk"}
STATUS = {"given": "given", "override": "not_required", "refused": "refused"}
HOW = {"answer": "given", "method": "oral", "giver": "self"}
GIVEN = HOW | {"words": True, "contact": True}
NAMED = HOW | {"name": True, "given_name": "Aminata Cissé"}


def read(answer: HttpResponse, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    found: dict[str, Any] = json.loads(answer.content)
    return found


def of_hcr(house: House, **about: Any) -> Case:
    """A sorted case that concerns HCR."""
    return house.case(concerned=house.cast.organisations["hcr"], **about)


def to_nrc(house: House, case: Case | str, **more: Any) -> dict[str, Any]:
    office = house.cast.offices["nrc_gao"]
    return {"case": str(getattr(case, "pk", case)), "receiver": office.organisation_id, "office": office.pk, **more}


def whole(who: Partner, pk: Any) -> dict[str, Any]:
    return read(who.get(f"{REFERRALS}{pk}/"))


# -- sending ---------------------------------------------------------------------------------------------------------


def test_a_system_reads_its_cases_and_sends_one(partner: Callable[..., Partner], house: House) -> None:
    case, hcr, nrc = of_hcr(house), partner("hcr"), partner()
    house.case()
    house.unsorted()
    assert [row["id"] for row in read(hcr.get(CASES))["results"]] == [str(case.pk)]
    assert read(hcr.get(f"{CASES}{case.pk}/"))["words"] is None
    sent = read(hcr.post(REFERRALS, to_nrc(house, case, request="Réparer", priority="urgent")), 201)
    assert (sent["side"], sent["state"], sent["level"], sent["priority"]) == ("sender", "sent", "1", "urgent")
    assert (sent["case"], sent["request"], sent["receiver"]) == (str(case.pk), "Réparer", "NRC Gao")
    row = Referral.objects.get(pk=sent["id"])
    assert (row.sender, row.created_by, row.case.state) == (house.cast.organisations["hcr"], None, "referred")
    assert [one["id"] for one in read(hcr.get(f"{REFERRALS}?side=sender"))["results"]] == [sent["id"]]
    assert read(hcr.get(REFERRALS))["results"] == []
    (received,) = read(nrc.get(REFERRALS))["results"]
    assert (received["id"], received["side"]) == (sent["id"], "receiver")
    assert (whole(nrc, sent["id"])["case"], whole(nrc, sent["id"])["consent"]) == (None, None)


def test_what_a_system_took_in_it_reads_in_the_persons_words(partner: Callable[..., Partner], house: House) -> None:
    case, hcr = of_hcr(house), partner("hcr")
    Case.objects.filter(pk=case.pk).update(entered_for=house.cast.organisations["hcr"])
    assert read(hcr.get(f"{CASES}{case.pk}/"))["words"] == "Le puits est en panne."


def test_a_case_that_is_not_ones_own_is_sent_no_further_than_one_that_is_not_there(
    partner: Callable[..., Partner], house: House
) -> None:
    hcr, foreign = partner("hcr"), house.case()
    absent = "00000000-0000-4000-8000-000000000000"
    hidden = problem(hcr.post(REFERRALS, to_nrc(house, foreign)), 400)
    assert hidden == problem(hcr.post(REFERRALS, to_nrc(house, absent)), 400)
    assert list(hidden["errors"]) == ["case"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"receiver": 999_999}, 400),
        ({"office": 999_999}, 400),
        ({"receiver": "1"}, 400),
        ({"request": "Appelez le 70 00 00 01."}, 422),
        ({"said": {"answer": "given", "words": True}}, 422),
        ({"said": {"answer": "given", "method": "oral", "giver": "self"}}, 422),
        ({"said": {"answer": "given", "words": True, "method": "sms", "giver": "self"}}, 400),
        ({"said": {"answer": "given", "name": True, "method": "oral", "giver": "self"}}, 422),
        ({"said": {"answer": "override", "contact": True}}, 422),
        ({"teller": "receiver"}, 422),
    ],
)
def test_what_cannot_go_leaves_nothing(
    partner: Callable[..., Partner], house: House, change: dict[str, Any], status: int
) -> None:
    case = of_hcr(house)
    problem(partner("hcr").post(REFERRALS, to_nrc(house, case) | change), status)
    assert not Referral.objects.exists()
    assert not Consent.objects.exists()


def test_level_2_goes_with_what_the_person_said(partner: Callable[..., Partner], house: House) -> None:
    hcr, nrc = partner("hcr"), partner()
    for said, level, shown in (
        (GIVEN, "2", {"words": "Le puits est en panne.", "name": "", "contact": "+22370000001"}),
        (NAMED, "2", {"words": "", "name": "Aminata Cissé", "contact": ""}),
        (OVERRIDDEN, "2", {"words": "", "name": "", "contact": "+22370000001"}),
        ({"answer": "refused"}, "1", None),
    ):
        sent = read(hcr.post(REFERRALS, to_nrc(house, of_hcr(house), said=said)), 201)
        assert (sent["level"], sent["person"]) == (level, None)
        assert sent["consent"]["status"] == STATUS[str(said["answer"])]
        taken = read(nrc.post(f"{REFERRALS}{sent['id']}/accept/", {"responsible": "fanta@jaabi.example"}))
        assert taken["person"] == shown


# -- acting ----------------------------------------------------------------------------------------------------------


def test_two_systems_take_a_referral_its_whole_way(partner: Callable[..., Partner], house: House) -> None:
    hcr, nrc = partner("hcr"), partner()
    pk = read(hcr.post(REFERRALS, to_nrc(house, of_hcr(house), said=GIVEN)), 201)["id"]
    steps: list[tuple[Partner, str, dict[str, Any], str]] = [
        (nrc, "receive", {}, "received"),
        (nrc, "ask", {"words": "Quel quartier ?"}, "info_requested"),
        (hcr, "reply", {"words": "Le quatrième."}, "received"),
        (nrc, "accept", {"responsible": "fanta@jaabi.example"}, "accepted"),
        (nrc, "start", {}, "in_progress"),
        (hcr, "say", {"words": "Merci."}, "in_progress"),
        (nrc, "answer", {"kind": "adjustment", "words": "La pompe est changée."}, "answered"),
        (hcr, "feed-back", {"how": "call", "satisfaction": "no"}, "fed_back"),
        (hcr, "close", {"outcome": "successful"}, "closed"),
        (hcr, "reopen", {"reason": "answer_incomplete"}, "reopened"),
        (hcr, "withdraw-consent", {}, "recalled"),
        (nrc, "confirm-erasure", {}, "recalled"),
    ]
    for who, act, said, state in steps:
        assert act in whole(who, pk)["acts"], act
        answer = who.post(f"{REFERRALS}{pk}/{act}/", said)
        assert read(answer, 201 if act == "say" else 200)["state"] == state, act
    end = whole(hcr, pk)
    assert (end["cycle"], end["recall_reason"], end["erasure_confirmed_at"] is None) == (2, "consent_withdrawn", False)
    assert end["thread"] == []


def test_what_is_offered_is_done_and_nothing_else(partner: Callable[..., Partner], house: House) -> None:
    """The list of acts says the truth, for both sides, in each state on the way."""
    hcr, nrc = partner("hcr"), partner()
    said: dict[str, dict[str, Any]] = {
        "accept": {"responsible": "fanta@jaabi.example"},
        "refuse": {"code": "HORS_ZONE"},
        "ask": {"words": "Quel quartier ?"},
        "reply": {"words": "Le quatrième."},
        "say": {"words": "Merci."},
        "answer": {"kind": "response", "words": "C’est fait."},
        "recall": {"reason": "other"},
        "feed-back": {"how": "call"},
        "close": {"outcome": "unreachable"},
        "reopen": {"reason": "error"},
        "pause": {"reason": "access"},
    }
    fanta: dict[str, Any] = {"by": house.cast.fanta}
    way: list[Callable[[Any], Any]] = [
        lambda pk: None,
        lambda pk: actions.ask(pk, words="Quel quartier ?", **fanta),
        lambda pk: actions.accept(pk, **fanta),
        lambda pk: actions.answer(pk, kind="response", words="C’est fait.", **fanta),
    ]
    pk = read(hcr.post(REFERRALS, to_nrc(house, of_hcr(house))), 201)["id"]
    for step in way:
        step(pk)
        for who in (hcr, nrc):
            # these two are acts of their own kind, tried elsewhere
            offered = set(whole(who, pk)["acts"]) - {"forward", "attachments"}
            done = {act for act in ACTS if tried(who, f"{REFERRALS}{pk}/{act}/", said.get(act)) in (200, 201)}
            assert done == offered


def tried(who: Partner, path: str, said: Any) -> int:
    """What an act would be answered; undone."""
    with transaction.atomic():
        status = who.post(path, said).status_code
        transaction.set_rollback(True)
    return status


def test_what_comes_back_is_sent_on_and_the_chain_is_shown(partner: Callable[..., Partner], house: House) -> None:
    hcr, nrc = partner("hcr"), partner()
    first = read(hcr.post(REFERRALS, to_nrc(house, of_hcr(house))), 201)["id"]
    pam = {"receiver": house.cast.organisations["pam"].pk}
    problem(hcr.post(f"{REFERRALS}{first}/forward/", pam), 422)
    read(nrc.post(f"{REFERRALS}{first}/refuse/", {"code": "HORS_MANDAT", "competent": "PAM", "note": "Vivres."}))
    back = whole(hcr, first)
    assert (back["refusal_code"], back["competent"], back["note"]) == ("HORS_MANDAT", "PAM", "Vivres.")
    assert "forward" in back["acts"]
    problem(nrc.post(f"{REFERRALS}{first}/forward/", pam), 404)
    second = read(hcr.post(f"{REFERRALS}{first}/forward/", pam), 201)
    assert [(hop["receiver"], hop["state"]) for hop in second["chain"]] == [("NRC Gao", "refused"), ("PAM", "sent")]


def test_the_person_is_asked_by_sms_at_the_senders_wish(partner: Callable[..., Partner], house: House) -> None:
    case, hcr, nrc = of_hcr(house), partner("hcr"), partner()
    pk = read(hcr.post(REFERRALS, to_nrc(house, case)), 201)["id"]
    problem(hcr.post(f"{REFERRALS}{pk}/ask-consent/"), 422)
    Case.objects.filter(pk=case.pk).update(safe_contact="sms")
    problem(nrc.post(f"{REFERRALS}{pk}/ask-consent/"), 422)
    assert "ask-consent" in whole(hcr, pk)["acts"]
    read(hcr.post(f"{REFERRALS}{pk}/ask-consent/"))
    assert Referral.objects.get(pk=pk).consent_question is not None
    problem(hcr.post(f"{REFERRALS}{pk}/ask-consent/"), 422)


# -- what is seen ----------------------------------------------------------------------------------------------------


def test_a_receiver_sees_exactly_what_its_page_shows(
    partner: Callable[..., Partner], house: House, recovery_key: bytes
) -> None:
    nrc, fanta = partner(), house.cast.fanta
    case = house.case(words="Mon puits est sec.")
    allow(house, case.pk, words=True, contact=True)
    referral = house.sent(case, house.wish(level=Level.PERSON, request="Réparer"))
    consent = Referral.objects.get(pk=referral.pk).consent
    assert consent is not None
    steps: list[Callable[[], Any]] = [
        lambda: None,
        lambda: actions.accept(referral.pk, by=fanta),
        lambda: Consent.objects.update(expires_at=timezone.now() - timedelta(days=1)),
        lambda: Consent.objects.update(expires_at=None, scope_words=False),
        lambda: actions.answer(referral.pk, kind="response", words="C’est réparé.", by=fanta),
        lambda: actions.withdraw_consent(consent.pk, by=house.cast.awa),
        lambda: actions.reopen(referral.pk, by=house.cast.awa),
        lambda: actions.refuse(referral.pk, code="HORS_ZONE", by=fanta),
        lambda: protect(case.pk, by=house.cast.awa),
    ]
    shown = []
    for step in steps:
        step()
        row = Referral.objects.with_life().select_related("consent", "case").get(pk=referral.pk)
        page, api = page_context(row, fanta), whole(nrc, referral.pk)
        person = api["person"] or {"words": "", "name": "", "contact": ""}
        assert person == page["person"]
        assert (api["request"], api["answer_words"]) == (page["asked"], page["answer_words"])
        assert (api["summary"] != "", api["profile"] is not None) == (page["seen"].matter, page["seen"].matter)
        shown.append((bool(person["words"]), bool(person["contact"])))
    assert shown[:4] == [(False, False), (True, True), (False, False), (False, True)]
    assert not any(any(one) for one in shown[5:])


def test_what_was_protected_looks_like_what_was_taken_back(
    partner: Callable[..., Partner], house: House, recovery_key: bytes
) -> None:
    found = []
    for take_back in (
        lambda row: actions.recall(row.pk, reason="other", by=house.cast.awa),
        lambda row: protect(row.case_id, by=house.cast.awa),
    ):
        referral = house.sent()
        take_back(referral)
        seen = whole(partner(), referral.pk)
        times = {name for name in seen if name.endswith(("_at", "_by"))}
        found.append({name: bool(value) if name in times else value for name, value in seen.items()})
    for one in found:
        for name in ("id", "reference"):
            del one[name]
    assert found[0] == found[1]
    assert found[0]["acts"] == []


@pytest.mark.parametrize("who", ["organisation", "office", "person"])
def test_what_implicates_anyone_of_theirs_is_not_there(partner: Callable[..., Partner], house: House, who: str) -> None:
    case, hcr, nrc = of_hcr(house), partner("hcr"), partner()
    pk = read(hcr.post(REFERRALS, to_nrc(house, case)), 201)["id"]
    office = Office.objects.create(
        organisation=house.cast.organisations["hcr"], name="Ailleurs", place=house.cast.offices["nrc_gao"].place
    )
    parties: dict[str, dict[str, Any]] = {
        "organisation": {"organisation": house.cast.organisations["hcr"]},
        "office": {"office": office},
        "person": {"user": house.cast.mariam},
    }
    CaseImplicated.objects.create(case=case, **parties[who])
    assert read(hcr.get(f"{REFERRALS}?side=sender"))["results"] == []
    assert read(hcr.get(CASES))["results"] == []
    problem(hcr.post(f"{REFERRALS}{pk}/recall/", {"reason": "other"}), 404)
    problem(hcr.get(f"{CASES}{case.pk}/"), 404)
    assert whole(nrc, pk)["state"] == "sent"


def test_a_restricted_matter_leaves_the_senders_system_too(partner: Callable[..., Partner], house: House) -> None:
    case, hcr = of_hcr(house), partner("hcr")
    pk = read(hcr.post(REFERRALS, to_nrc(house, case)), 201)["id"]
    Case.objects.filter(pk=case.pk).update(lane="restricted", restricted_kind="protection")
    assert read(hcr.get(f"{REFERRALS}?side=sender"))["results"] == read(hcr.get(CASES))["results"] == []
    problem(hcr.get(f"{REFERRALS}{pk}/"), 404)
    problem(hcr.post(REFERRALS, to_nrc(house, case)), 400)


def test_a_list_takes_as_many_queries_for_three_rows_as_for_one(partner: Callable[..., Partner], house: House) -> None:
    hcr = partner("hcr")

    def one_more() -> None:
        case = of_hcr(house)
        house.sent(case, house.wish(), by=house.cast.ibrahim)
        house.sent(case, house.wish("hcr", None))
        service = Service(organisation=house.cast.organisations["hcr"], kind="cash")
        keep_service(service, places=Place.objects.filter(pcode="ML0703"), by=SYSTEM)

    paths = (REFERRALS, f"{REFERRALS}?side=sender", CASES, SERVICES, "/api/v1/organisations/")

    def queries() -> list[int]:
        counted = []
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                read(hcr.get(path))
            counted.append(len(captured))
        return counted

    one_more()
    queries()  # whatever is read once and kept is read now
    before = queries()
    one_more()
    one_more()
    assert len(read(hcr.get(REFERRALS))["results"]) == 3
    assert queries() == before


# -- the directory ---------------------------------------------------------------------------------------------------


def test_organisations_say_whom_one_can_send_to(partner: Callable[..., Partner], house: House) -> None:
    rows = {row["acronym"]: row for row in read(partner().get("/api/v1/organisations/"))["results"]}
    assert (rows["NRC"]["is_here"], rows["Ambassade"]["is_here"]) == (True, False)
    assert {one["name"] for one in rows["NRC"]["offices"]} == {"Bamako", "Gao"}


def test_a_system_keeps_its_own_services(partner: Callable[..., Partner], house: House) -> None:
    nrc, hcr = partner(), partner("hcr")
    new = {"kind": "cash", "places": ["ML0703"], "office": house.cast.offices["nrc_gao"].pk, "languages": ["bam"]}
    made = read(nrc.post(SERVICES, new), 201)
    path = f"{SERVICES}{made['id']}/"
    row = Service.objects.get(pk=made["id"])
    assert (row.organisation, row.pcodes, row.is_free) == (house.cast.organisations["nrc"], ["ML0703"], True)
    Service.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    seen = nrc.get(path)["ETag"]
    assert read(nrc.post(f"{path}confirm/"))["valid_until"] == str(timezone.localdate() + timedelta(days=90))
    problem(nrc.patch(path, {"hours": "8 h"}, **{"If-Match": seen}), 412)
    assert read(nrc.patch(path, {"hours": "8 h", "has_capacity": False}))["places"] == ["ML0703"]
    assert [one["hours"] for one in read(nrc.get(SERVICES))["results"]] == ["8 h"]
    for method in (hcr.get(path), hcr.patch(path, {"hours": "9 h"}), hcr.post(f"{path}confirm/")):
        problem(method, 404)
    wrongs: tuple[dict[str, Any], ...] = (
        {"places": ["ML9999"]},
        {"kind": "x"},
        {"office": "1"},
        {"is_free": "oui"},
        {"places": []},
    )
    for wrong in wrongs:
        assert list(problem(nrc.patch(path, wrong), 400)["errors"]) == list(wrong)


def test_a_service_says_where_to_go_whom_to_ask_for_and_how_much_it_can_take_unless_its_place_is_confidential(
    partner: Callable[..., Partner], house: House
) -> None:
    nrc = partner()
    said = {"directions": "Derrière le marché", "deputy_role": "Sage-femme", "capacity": "20 par jour"}
    made = read(nrc.post(SERVICES, {"kind": "cash", "places": ["ML0703"]} | said), 201)
    assert {name: made[name] for name in said} == said
    assert made["organisation"] == house.cast.organisations["nrc"].pk
    path = f"{SERVICES}{made['id']}/"
    assert list(problem(nrc.patch(path, {"is_sensitive": True}), 400)["errors"]) == ["directions"]
    assert not Service.objects.get(pk=made["id"]).is_sensitive
    assert read(nrc.patch(path, {"is_sensitive": True, "directions": ""}))["is_sensitive"]
    assert list(problem(nrc.patch(path, {"directions": "Rue 12"}), 400)["errors"]) == ["directions"]


def test_a_system_reads_the_current_services_of_others_but_no_confidential_site(
    partner: Callable[..., Partner], house: House
) -> None:
    nrc, yesterday = house.cast.organisations["nrc"], timezone.localdate() - timedelta(days=1)
    shown = Service.objects.create(organisation=nrc, kind="cash", has_capacity=False)
    Service.objects.create(organisation=nrc, kind="safety", is_sensitive=True)
    Service.objects.create(organisation=nrc, kind="food", valid_until=yesterday)
    own = Service.objects.create(organisation=house.cast.organisations["hcr"], kind="safety", is_sensitive=True)
    for row in Service.objects.all():
        row.places.set(Place.objects.filter(pcode="ML0703"))
    hcr = partner("hcr")

    def ids(asked: str) -> list[tuple[int, int]]:
        return [(one["id"], one["organisation"]) for one in read(hcr.get(SERVICES + asked))["results"]]

    assert ids("?of=others") == [(shown.pk, nrc.pk)]
    assert ids("") == ids("?of=own") == [(own.pk, own.organisation_id)]
    problem(hcr.patch(f"{SERVICES}{shown.pk}/", {"hours": "9 h"}), 404)
    assert list(problem(hcr.get(SERVICES + "?of=nrc"), 400)["errors"]) == ["of"]
