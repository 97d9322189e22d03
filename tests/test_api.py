"""The API as a partner's system uses it, with real tokens."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from core.actors import SYSTEM
from directory.credentials import ApiScope, issue, revoke
from directory.models import ApiToken
from feedback.models import Case, Envelope
from psea.models import SealedCase
from referrals import actions
from referrals.api_acts import ACTS
from referrals.enums import Level
from referrals.models import Referral
from tests.described import as_described
from tests.feedback.conftest import recovery_key
from tests.referrals.conftest import House, house
from tests.referrals.test_levels import allow
from workplan.loading import load_plan
from workplan.models import Plan, Reading

__all__ = ["house", "recovery_key"]
ALL = [scope.value for scope in ApiScope]
CASES, REFERRALS, SERVICES = "/api/v1/cases/", "/api/v1/referrals/", "/api/v1/services/"


@dataclass
class Partner:
    """A partner's system with its token."""

    token: ApiToken
    secret: str

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self._asked("GET", path, "", headers)

    def post(self, path: str, said: Any = None, **headers: str) -> HttpResponse:
        return self._asked("POST", path, said if isinstance(said, str) else json.dumps(said or {}), headers)

    def patch(self, path: str, said: dict[str, Any], **headers: str) -> HttpResponse:
        return self._asked("PATCH", path, json.dumps(said), headers)

    def _asked(self, method: str, path: str, body: str, headers: dict[str, str]) -> HttpResponse:
        """One call; whatever it is answered, the description must have said so."""
        headers = {"Authorization": f"Bearer {self.secret}", **headers}
        answer: Any = Client().generic(method, path, body, content_type="application/json", headers=headers)
        as_described(method, path, answer)
        return answer  # type: ignore[no-any-return]  # the test client's own kind of answer

    def act(self, referral: Referral, act: str, **said: Any) -> HttpResponse:
        return self.post(f"{REFERRALS}{referral.pk}/{act}/", said)


@pytest.fixture
def partner(house: House) -> Callable[..., Partner]:
    def make(short: str = "nrc", scopes: list[str] | None = None) -> Partner:
        return Partner(*issue(house.cast.organisations[short], "test", ALL if scopes is None else scopes, by=SYSTEM))

    return make


def problem(answer: HttpResponse, status: int) -> dict[str, Any]:
    """The problem document of an answer with this status."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    said: dict[str, Any] = json.loads(answer.content)
    assert said["status"] == status
    assert said["title"]
    assert said["detail"]
    return said


def test_a_case_is_deposited_once_for_one_key(partner: Callable[..., Partner]) -> None:
    nrc = partner()
    said = {"words": "Le puits est en panne.", "place": "ML0703", "sex": "female", "language": "bam"}
    answers = [nrc.post(CASES, said, **{"Idempotency-Key": "42"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    case = Case.objects.get()
    assert (case.channel, case.entered_for, case.unsealed("words")) == ("api", nrc.token.organisation, said["words"])
    assert partner("hcr").post(CASES, said, **{"Idempotency-Key": "42"}).status_code == 201
    assert Case.objects.count() == 2


def test_without_a_key_each_deposit_is_its_own(partner: Callable[..., Partner]) -> None:
    nrc = partner()
    numbers = {nrc.post(CASES, {"words": "Bonjour"}).content for _ in range(2)}
    assert (len(numbers), Case.objects.count()) == (2, 2)


def test_what_suggests_sea_goes_to_the_vault_with_the_same_answer(
    partner: Callable[..., Partner], recovery_key: bytes
) -> None:
    nrc = partner()
    sealed = nrc.post(CASES, {"words": "Un agent de l'ONG demande du sexe contre des vivres."})
    ordinary = nrc.post(CASES, {"words": "Le puits est en panne."})
    assert Case.objects.count() == 1
    assert SealedCase.objects.using("vault").count() == 1
    blank = re.compile(rb"\d{4} \d{4} \d{4}")
    assert sealed.status_code == ordinary.status_code == 201
    assert blank.sub(b"", sealed.content) == blank.sub(b"", ordinary.content)
    assert sealed.headers.keys() == ordinary.headers.keys()


def test_what_nobody_can_open_yet_is_kept_with_the_same_answer(partner: Callable[..., Partner]) -> None:
    nrc = partner()
    kept = nrc.post(CASES, {"words": "Un agent de l'ONG demande du sexe contre des vivres."})
    ordinary = nrc.post(CASES, {"words": "Le puits est en panne."})
    blank = re.compile(rb"\d{4} \d{4} \d{4}")
    assert kept.status_code == ordinary.status_code == 201
    assert blank.sub(b"", kept.content) == blank.sub(b"", ordinary.content)
    assert (Case.objects.count(), Envelope.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "words"),
        ({"words": ""}, "words"),
        ({"words": "a" * 10_001}, "words"),
        ({"words": "a\x00b"}, "words"),
        ({"words": "a", "place": "ML9999"}, "place"),
        ({"words": "a", "concerned": "Personne"}, "concerned"),
        ({"words": "a", "phone": "bonjour"}, "phone"),
        ({"words": "a", "sex": "x"}, "sex"),
        ({"words": "a", "said_at": "2999-01-01T00:00:00Z"}, "said_at"),
    ],
)
def test_a_wrong_field_is_named(partner: Callable[..., Partner], said: dict[str, Any], field: str) -> None:
    assert list(problem(partner().post(CASES, said), 400)["errors"]) == [field]
    assert not Case.objects.exists()


def test_broken_json_is_a_problem_and_no_accident(partner: Callable[..., Partner]) -> None:
    problem(partner().post(CASES, "{"), 400)
    problem(partner().post(CASES, "[1]"), 400)


def test_no_token_a_wrong_one_a_revoked_one(partner: Callable[..., Partner], house: House) -> None:
    answer: Any = Client().get(REFERRALS)
    problem(answer, 401)
    assert answer["WWW-Authenticate"] == 'Bearer realm="jaabi"'
    nrc = partner()
    problem(Partner(nrc.token, "jaabi_wrong").get(REFERRALS), 401)
    revoke(nrc.token, by=SYSTEM)
    problem(nrc.get(REFERRALS), 401)


def test_a_signed_in_member_of_staff_has_no_way_in_by_their_session(house: House, signed_in: Any) -> None:
    problem(signed_in(house.cast.fanta).get(REFERRALS), 401)


@pytest.mark.parametrize(
    ("path", "method", "scopes"),
    [
        (CASES, "post", [scope for scope in ALL if scope != "cases:write"]),
        (REFERRALS, "get", [scope for scope in ALL if scope != "referrals:read"]),
        (f"{REFERRALS}00000000-0000-0000-0000-000000000000/accept/", "post", ["referrals:read"]),
        (f"{REFERRALS}00000000-0000-0000-0000-000000000000/accept/", "post", ["referrals:write"]),
    ],
)
def test_a_scope_that_is_missing_is_refused(
    partner: Callable[..., Partner], path: str, method: str, scopes: list[str]
) -> None:
    problem(getattr(partner(scopes=scopes), method)(path), 403)


def test_errors_speak_the_callers_language(partner: Callable[..., Partner]) -> None:
    nrc = partner()
    assert problem(nrc.get("/api/v1/nowhere/"), 404)["title"] == "Introuvable"
    assert problem(nrc.get("/api/v1/nowhere/", **{"Accept-Language": "fr"}), 404)["title"] == "Introuvable"


def test_a_method_that_is_not_allowed(partner: Callable[..., Partner]) -> None:
    answer = partner().post("/api/v1/organisations/")
    problem(answer, 405)
    assert "GET" in answer["Allow"]


def test_an_organisation_lists_what_is_addressed_to_it_by_pages(partner: Callable[..., Partner], house: House) -> None:
    nrc = partner()
    mine = [house.sent() for _ in range(3)]
    house.sent(house.case(), house.wish("hcr", None))
    first = json.loads(nrc.get(f"{REFERRALS}?page_size=2").content)
    second = json.loads(nrc.get(first["next"].removeprefix("http://testserver")).content)
    found = [row["reference"] for row in first["results"] + second["results"]]
    assert sorted(found) == sorted(row.reference for row in mine)
    assert (len(first["results"]), second["next"]) == (2, None)


def test_a_list_is_narrowed_by_state(partner: Callable[..., Partner], house: House) -> None:
    nrc = partner()
    accepted, _sent = house.sent(), house.sent()
    actions.accept(accepted.pk, by=house.cast.fanta)
    found = json.loads(nrc.get(f"{REFERRALS}?state=accepted").content)["results"]
    assert [row["id"] for row in found] == [str(accepted.pk)]
    problem(nrc.get(f"{REFERRALS}?state=lost"), 400)
    problem(nrc.get(f"{REFERRALS}?cursor=nonsense"), 404)
    problem(nrc.get(f"{REFERRALS}?statut=accepted"), 400)
    problem(nrc.get("/api/v1/no%0Awhere/"), 404)
    for size in ("0", "201", "x", "2&page_size=3"):
        problem(nrc.get(f"{REFERRALS}?page_size={size}"), 400)


def test_another_organisations_referral_is_the_404_of_what_does_not_exist(
    partner: Callable[..., Partner], house: House
) -> None:
    foreign = house.sent(house.case(), house.wish("hcr", None))
    nrc = partner()
    hidden = nrc.get(f"{REFERRALS}{foreign.pk}/")
    absent = nrc.get(f"{REFERRALS}00000000-0000-0000-0000-000000000000/")
    assert problem(hidden, 404) == problem(absent, 404)
    problem(nrc.act(foreign, "refuse", code="HORS_ZONE"), 404)
    assert Referral.objects.get(pk=foreign.pk).state == "sent"


def test_restricted_matters_do_not_leave_by_the_api(partner: Callable[..., Partner], house: House) -> None:
    referral = house.sent()
    Case.objects.filter(pk=referral.case_id).update(lane="restricted", restricted_kind="integrity")
    assert json.loads(partner().get(REFERRALS).content)["results"] == []
    problem(partner().get(f"{REFERRALS}{referral.pk}/"), 404)


def test_a_referral_goes_its_whole_way(partner: Callable[..., Partner], house: House) -> None:
    referral, nrc = house.sent(None, house.wish(request="Réparer")), partner()
    whole = json.loads(nrc.get(f"{REFERRALS}{referral.pk}/").content)
    assert (whole["request"], whole["place"]["pcode"], whole["person"]) == ("Réparer", "ML0703", None)
    steps = [
        ("ask", {"words": "Quel quartier ?"}, "info_requested"),
        ("accept", {"responsible": "fanta@jaabi.example"}, "accepted"),
        ("start", {}, "in_progress"),
        ("answer", {"kind": "adjustment", "words": "La pompe est changée."}, "answered"),
    ]
    for act, said, state in steps:
        answer = nrc.act(referral, act, **said)
        assert (answer.status_code, json.loads(answer.content)["state"]) == (200, state)
    assert Referral.objects.get(pk=referral.pk).responsible == house.cast.fanta
    assert Case.objects.get(pk=referral.case_id).state == "answered"


def test_refusing_names_who_is_competent(partner: Callable[..., Partner], house: House) -> None:
    referral, nrc = house.sent(), partner()
    problem(nrc.act(referral, "refuse", code="HORS_ZONE", competent="Personne"), 400)
    assert nrc.act(referral, "refuse", code="HORS_ZONE", competent="HCR").status_code == 200
    row = Referral.objects.get(pk=referral.pk)
    assert (row.state, row.competent) == ("refused", house.cast.organisations["hcr"])


def test_an_act_that_cannot_be_done_says_why(partner: Callable[..., Partner], house: House) -> None:
    referral, nrc = house.sent(), partner()
    problem(nrc.act(referral, "start"), 422)
    problem(nrc.act(referral, "accept", responsible="ibrahim@jaabi.example"), 400)
    problem(nrc.act(referral, "answer", kind="response"), 422)
    actions.accept(referral.pk, by=house.cast.fanta)
    problem(nrc.act(referral, "refuse", code="HORS_ZONE", seen="sent"), 409)
    assert Referral.objects.get(pk=referral.pk).state == "accepted"


def test_the_person_shows_once_accepted_and_as_far_as_allowed(partner: Callable[..., Partner], house: House) -> None:
    case = house.case(words="Mon puits est sec.")
    allow(house, case.pk, words=True)
    referral, nrc = house.sent(case, house.wish(level=Level.PERSON)), partner()
    assert json.loads(nrc.get(f"{REFERRALS}{referral.pk}/").content)["person"] is None
    whole = json.loads(nrc.act(referral, "accept", responsible="fanta@jaabi.example").content)
    assert whole["person"] == {"words": "Mon puits est sec.", "name": "", "contact": ""}


def test_what_was_taken_back_keeps_its_dates_only(partner: Callable[..., Partner], house: House) -> None:
    referral, nrc = house.sent(None, house.wish(request="Réparer")), partner()
    actions.recall(referral.pk, reason="other", by=house.cast.awa)
    whole = json.loads(nrc.get(f"{REFERRALS}{referral.pk}/").content)
    silent = {name: whole[name] for name in ("summary", "request", "category", "place", "profile", "person", "thread")}
    assert silent == {
        "summary": "",
        "request": "",
        "category": "",
        "place": None,
        "profile": None,
        "person": None,
        "thread": [],
    }


PLANS = "/api/v1/workplan/plans/"


def test_the_plan_is_read_with_its_live_and_verified_figures(partner: Callable[..., Partner], house: House) -> None:
    plan = load_plan()
    Plan.objects.filter(pk=plan.pk).update(years=[*plan.years, timezone.localdate().year])
    house.sent()
    nrc = partner(scopes=["workplan:read"])
    listed = json.loads(nrc.get(PLANS).content)
    whole = json.loads(nrc.get(f"{PLANS}{plan.code}/").content)
    assert [one["code"] for one in listed] == [plan.code]
    assert len(whole["indicators"]) == 54
    by_number = {one["number"]: one for one in whole["indicators"]}
    live = by_number["3.2.1.e"]["latest"]
    assert (live["standing"], live["value"]["number"]) == ("live", 1)
    assert by_number["3.2.2.b"]["latest"] is None
    manual = by_number["1.1.1.a"]
    assert manual["latest"] is None
    report_verified(manual["id"], house)
    figures = json.loads(nrc.get(f"/api/v1/workplan/indicators/{manual['id']}/").content)["figures"]
    assert [(one["period"], one["value"]["number"]) for one in figures] == [("2021-T1", 7)]
    assert figures[0]["value"]["breakdown"] == {"secteur": {"humanitaire": 7}}
    assert figures[0]["value"]["reached_on"] is None


def report_verified(indicator_id: int, house: House) -> None:
    """A verified value of 7 for the first quarter of 2021, and a draft that nobody else may see."""
    common = {"indicator_id": indicator_id, "drafted_by": house.cast.lassana, "submitted_by": house.cast.lassana}
    Reading.objects.bulk_create(
        [
            Reading(
                **common,
                year=2021,
                quarter=1,
                number=7,
                breakdown={"secteur": {"humanitaire": 7}},
                state="verified",
                verified_by=house.cast.djeneba,
                verified_at=timezone.now(),
            ),
            Reading(**common, year=2021, quarter=2, number=9),
        ]
    )


def test_the_plan_needs_its_scope_and_knows_no_other(partner: Callable[..., Partner]) -> None:
    problem(partner(scopes=["referrals:read"]).get(PLANS), 403)
    problem(partner().get(f"{PLANS}nowhere/"), 404)
    problem(partner().get("/api/v1/workplan/indicators/1/"), 404)


def test_the_description_lists_every_address_with_its_errors(house: House) -> None:
    found = yaml.safe_load(Client().get("/api/v1/schema/").content)
    plan = {PLANS, f"{PLANS}{{code}}/", f"{PLANS}{{code}}/registers/{{kind}}/", "/api/v1/workplan/indicators/{id}/"}
    plan.add("/api/v1/workplan/dashboard/")
    paths = set(found["paths"])
    acts = {f"/api/v1/referrals/{{id}}/{act}/" for act in ("forward", *ACTS)}
    rows = {f"{kind}{{id}}/" for kind in (CASES, REFERRALS, SERVICES)}
    lists = {CASES, REFERRALS, SERVICES, f"{SERVICES}{{id}}/confirm/", "/api/v1/organisations/"}
    files = {f"{REFERRALS}{{id}}/attachments/", f"{REFERRALS}{{id}}/attachments/{{file}}/"}
    others = {"/api/v1/checkpoints/", "/api/v1/feedback/", "/api/v1/feedback/figures/", "/api/v1/exchange/{id}/"}
    assert {path.replace("{pk}", "{id}") for path in paths} == lists | rows | acts | files | plan | others
    for path in paths:
        for operation in found["paths"][path].values():
            assert {"400", "401", "403", "404", "429"} <= set(operation["responses"])
            opened_by = [["peer"]] if "/exchange/" in path else [["token"], ["client"]]
            assert [list(way) for way in operation["security"]] == opened_by


def test_the_page_of_the_api_loads_nothing_from_elsewhere_and_holds_no_script(house: House) -> None:
    page = Client().get("/api/docs/")
    text = page.content.decode()
    assert page.status_code == 200
    assert re.findall(r"(?:src|href)=\"(?!/|\?|http://testserver/)[^\"]*\"", text) == []
    assert "<style" not in text
    assert re.findall(r"<script(?![^>]*src=)", text) == []
    start = Client().get("/api/docs/?script=")
    assert (start.status_code, start["Content-Type"].split(";")[0]) == (200, "application/javascript")
