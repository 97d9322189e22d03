"""What the API promises of every call: said once is done once, versions, a rate, and errors in two languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.models import AuditEntry
from directory import idempotency
from directory.models import IdempotentCall
from feedback.api import Cases
from feedback.models import Case
from psea.models import SealedCase
from referrals import actions
from referrals.enums import Level
from referrals.models import Referral
from tests.access.addresses import addresses
from tests.feedback.conftest import recovery_key
from tests.referrals.conftest import House, house
from tests.referrals.test_levels import allow
from tests.test_api import CASES, REFERRALS, Partner, partner, problem

__all__ = ["house", "partner", "recovery_key"]
SEA = "Un agent de l'ONG demande du sexe contre des vivres."
WATER = "Le puits est en panne."
ENGLISH = {"Accept-Language": "en"}


def key(value: str) -> dict[str, str]:
    return {"Idempotency-Key": value}


def kind_of(said: dict[str, Any]) -> str:
    return str(said["type"]).rpartition("#")[2]


# -- once ------------------------------------------------------------------------------------------------------------


def test_a_key_stands_for_one_request(partner: Callable[..., Partner]) -> None:
    nrc = partner()
    first, second = (nrc.post(CASES, {"words": WATER}, **key("k")) for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert (first.has_header("Idempotency-Replayed"), second["Idempotency-Replayed"]) == (False, "true")
    assert kind_of(problem(nrc.post(CASES, {"words": "Autre chose."}, **key("k")), 422)) == "key-used"
    assert Case.objects.count() == 1
    for wrong in ("", "a b", "é", "x" * 201):
        assert list(problem(nrc.post(CASES, {"words": WATER}, **key(wrong)), 400)["errors"]) == ["Idempotency-Key"]


def test_while_the_first_is_answered_a_second_is_told_to_wait(
    partner: Callable[..., Partner], monkeypatch: Any
) -> None:
    nrc = partner()
    seen: list[Any] = []
    again = Cases._source

    def meanwhile(self: Cases) -> str:
        if not seen:
            seen.append(nrc.post(CASES, {"words": WATER}, **key("k")))
        return again(self)

    monkeypatch.setattr(Cases, "_source", meanwhile)
    assert nrc.post(CASES, {"words": WATER}, **key("k")).status_code == 201
    assert kind_of(problem(seen[0], 409)) == "in-flight"
    assert seen[0]["Retry-After"] == "1"
    assert Case.objects.count() == 1


def test_whoever_was_cut_off_is_taken_over_and_cannot_finish_after_all(partner: Callable[..., Partner]) -> None:
    organisation = partner().token.organisation
    lost = idempotency.claim(organisation, "k", "same")
    with pytest.raises(idempotency.StillRunning):
        idempotency.claim(organisation, "k", "same")
    IdempotentCall.objects.update(claimed_at=timezone.now() - timedelta(minutes=3))
    fresh = idempotency.claim(organisation, "k", "same")
    assert fresh.pk != lost.pk
    with pytest.raises(idempotency.StillRunning):
        idempotency.finish(lost, 201, "")


def test_what_failed_leaves_its_key_free(partner: Callable[..., Partner]) -> None:
    nrc = partner()
    problem(nrc.post(CASES, {"words": ""}, **key("k")), 400)
    assert nrc.post(CASES, {"words": WATER}, **key("k")).status_code == 201


def test_a_key_used_again_when_it_is_over_swallows_no_other_words(partner: Callable[..., Partner]) -> None:
    nrc = partner()
    nrc.post(CASES, {"words": WATER}, **key("k"))
    IdempotentCall.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert nrc.post(CASES, {"words": "Autre chose."}, **key("k")).status_code == 201
    assert Case.objects.count() == 2
    IdempotentCall.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert idempotency.forget_calls(timezone.now()) == 1
    assert not IdempotentCall.objects.exists()


def test_what_went_to_the_vault_leaves_the_same_row_as_anything(
    partner: Callable[..., Partner], recovery_key: bytes
) -> None:
    nrc = partner()
    numbers = [json.loads(nrc.post(CASES, {"words": SEA}, **key("sea")).content) for _ in range(2)]
    assert numbers[0] == numbers[1]
    assert SealedCase.objects.using("vault").count() == 1
    nrc.post(CASES, {"words": WATER}, **key("water"))
    rows = list(IdempotentCall.objects.values())
    assert {(row["status"], row["made"], len(row["fingerprint"]), len(row["key_hash"])) for row in rows} == {
        (201, "", 64, 64)
    }
    digits = numbers[0]["receipt_number"].replace(" ", "")
    assert not any(word in str(rows) for word in ("vivres", "puits", "water", "sea", digits))


def test_an_act_repeated_is_done_once_and_tells_no_more_than_may_be_read_now(
    partner: Callable[..., Partner], house: House
) -> None:
    case = house.case(words="Mon puits est sec.")
    allow(house, case.pk, words=True)
    referral, nrc = house.sent(case, house.wish(level=Level.PERSON)), partner()
    path, said = f"{REFERRALS}{referral.pk}/accept/", {"responsible": "fanta@jaabi.example"}
    answers = [nrc.post(path, said, **key("k")) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert AuditEntry.objects.filter(act="referrals.referral.accept").count() == 1
    consent = Referral.objects.get(pk=referral.pk).consent
    assert consent is not None
    actions.withdraw_consent(consent.pk, by=house.cast.awa)
    late = nrc.post(path, said, **key("k"))
    assert (late.status_code, json.loads(late.content)["person"]) == (200, None)


def test_every_post_of_the_api_can_be_repeated() -> None:
    views = [getattr(one.view, "view_class", getattr(one.view, "cls", None)) for one in addresses() if one.is_api]
    posts = [view for view in views if view is not None and hasattr(view, "again") and hasattr(view, "post")]
    assert len(posts) > 5
    for view in posts:
        assert view.post.is_once, view
        assert view.again.__qualname__ != "PartnerView.again", view


# -- versions --------------------------------------------------------------------------------------------------------


def test_what_has_not_changed_is_not_sent_again(partner: Callable[..., Partner], house: House) -> None:
    referral, nrc = house.sent(), partner()
    for path in (REFERRALS, f"{REFERRALS}{referral.pk}/"):
        tag = nrc.get(path)["ETag"]
        same = nrc.get(path, **{"If-None-Match": f'"other", W/{tag}'})
        assert (same.status_code, same.content, same["ETag"]) == (304, b"", tag)
        assert nrc.get(path, **{"If-None-Match": '"other"'}).status_code == 200
    seen = nrc.get(REFERRALS)["ETag"]
    actions.receive(referral.pk, by=house.cast.fanta)
    assert nrc.get(REFERRALS, **{"If-None-Match": seen}).status_code == 200


def test_an_act_on_what_has_changed_is_not_done(partner: Callable[..., Partner], house: House) -> None:
    referral, nrc = house.sent(), partner()
    path = f"{REFERRALS}{referral.pk}/"
    seen = nrc.get(path)["ETag"]
    actions.say(referral.pk, words="Un mot de plus.", by=house.cast.awa)
    refusal = nrc.post(f"{path}refuse/", {"code": "HORS_ZONE"}, **{"If-Match": seen})
    assert kind_of(problem(refusal, 412)) == "changed-meanwhile"
    assert Referral.objects.get(pk=referral.pk).state == "sent"
    fresh = nrc.get(path)["ETag"]
    done = nrc.post(f"{path}refuse/", {"code": "HORS_ZONE"}, **{"If-Match": f'"old", {fresh}'})
    assert (done.status_code, done["ETag"]) == (200, nrc.get(path)["ETag"])


# -- rate ------------------------------------------------------------------------------------------------------------


def test_a_credential_has_its_rate(partner: Callable[..., Partner], settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    nrc, other = partner(), partner()
    assert [nrc.get(REFERRALS).status_code for _ in range(2)] == [200, 200]
    slow = nrc.get(REFERRALS)
    assert kind_of(problem(slow, 429)) == "too-many"
    assert 0 < int(slow["Retry-After"]) <= 60
    assert other.get(REFERRALS).status_code == 200


# -- errors ----------------------------------------------------------------------------------------------------------


def test_every_error_is_a_problem_in_the_callers_language(
    partner: Callable[..., Partner], settings: Any, monkeypatch: Any
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 500
    nrc, bare, broken = partner(), partner(scopes=[]), Client(raise_request_exception=False)

    def accident(*_: Any) -> None:
        raise RuntimeError("de l'eau")

    asked: dict[int, Callable[..., Any]] = {
        400: lambda **headers: nrc.post(CASES, "{", **headers),
        401: lambda **headers: Client().get(REFERRALS, headers=headers),
        403: lambda **headers: bare.get(REFERRALS, **headers),
        404: lambda **headers: nrc.get("/api/v1/nowhere/", **headers),
        405: lambda **headers: nrc.post("/api/v1/organisations/", **headers),
        406: lambda **headers: nrc.get(REFERRALS, Accept="text/csv", **headers),
        413: lambda **headers: nrc.post(CASES, {"words": "a" * 600}, **headers),
        415: lambda **headers: Client().post(
            CASES, "a", content_type="text/plain", headers={"Authorization": f"Bearer {nrc.secret}", **headers}
        ),
    }
    kinds = set()
    for status, ask in asked.items():
        french, english = problem(ask(), status), problem(ask(**ENGLISH), status)
        assert kind_of(french) == kind_of(english)
        assert french["title"] != english["title"] or status == 413
        assert ask(**ENGLISH)["Content-Language"] == "en"
        kinds.add(kind_of(french))
    assert len(kinds) == len(asked)
    monkeypatch.setattr(Cases, "_source", accident)
    headers = {"Authorization": f"Bearer {nrc.secret}"}
    answer: Any = broken.post(CASES, json.dumps({"words": WATER}), content_type="application/json", headers=headers)
    assert kind_of(problem(answer, 500)) == "broken"
    assert b"eau" not in answer.content
