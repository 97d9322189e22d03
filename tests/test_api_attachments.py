"""Files of referrals by the API: listed, fetched and added, as the page shows them to each side and no further."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from core.models import AuditEntry
from feedback.models import Case
from referrals import actions
from referrals.actions.endpoints import add_endpoint
from referrals.enums import Level
from referrals.models import Delivery, Referral, ReferralFile
from tests.core.test_attached import PLACE, a_photo
from tests.core.test_documents import a_pdf
from tests.described import as_described
from tests.feedback.conftest import recovery_key
from tests.referrals.conftest import House, house
from tests.referrals.test_levels import allow
from tests.test_api import REFERRALS, Partner, partner, problem
from tests.test_api_promises import kind_of
from tests.test_api_referrals import of_hcr, read, whole
from tests.voices import OGG

__all__ = ["house", "partner", "recovery_key"]


def path_of(referral: Referral, file: Any = None) -> str:
    return f"{REFERRALS}{referral.pk}/attachments/" + (f"{file}/" if file is not None else "")


def add(
    who: Partner, referral: Referral, content: bytes = a_pdf(), headers: dict[str, str] | None = None, **fields: str
) -> HttpResponse:
    """One upload, as a client library sends it: with a boundary of its own each time."""
    path = path_of(referral)
    headers = {"Authorization": f"Bearer {who.secret}", **(headers or {})}
    client, boundary = Client(), uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{said}\r\n'
        for name, said in fields.items()
    ]
    parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="Fatou Dicko.pdf"\r\n\r\n')
    body = "".join(parts).encode() + content + f"\r\n--{boundary}--\r\n".encode()
    answer: Any = client.generic(
        "POST", path, body, content_type=f"multipart/form-data; boundary={boundary}", headers=headers
    )
    as_described("POST", path, answer)
    return answer  # type: ignore[no-any-return]  # the test client's own kind of answer


def listed(who: Partner, referral: Referral) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(who.get(path_of(referral)))["results"]
    assert found == whole(who, referral.pk)["attachments"]
    return found


def by_hcr(house: House, *, level: str = Level.MATTER) -> Referral:
    """HCR refers a case to NRC; at level 2 the person allowed their words."""
    case = of_hcr(house)
    if level == Level.PERSON:
        allow(house, case.pk)
    return house.sent(case, house.wish(level=level), by=house.cast.ibrahim)


def test_a_file_of_the_person_is_there_for_the_receiver_once_accepted_and_while_consent_lasts(
    partner: Callable[..., Partner], house: House
) -> None:
    referral, hcr, nrc = by_hcr(house, level=Level.PERSON), partner("hcr"), partner()
    made = read(add(hcr, referral), 201)
    assert (made["side"], made["kind"], made["name"], made["is_neutral"]) == ("sender", "pdf", "Fatou Dicko.pdf", False)
    assert (listed(hcr, referral), listed(nrc, referral)) == ([made], [])
    problem(nrc.get(path_of(referral, made["id"])), 404)
    actions.accept(referral.pk, by=house.cast.fanta)
    assert listed(nrc, referral) == [made]
    AuditEntry.objects.filter(act="referrals.referralfile.read").delete()
    got = nrc.get(path_of(referral, made["id"]))
    assert (got.content, got["Content-Type"]) == (a_pdf(), "application/pdf")
    assert AuditEntry.objects.get(act="referrals.referralfile.read").actor_id == f"token:{nrc.token.pk}"
    consent = Referral.objects.get(pk=referral.pk).consent
    assert consent is not None
    actions.withdraw_consent(consent.pk, by=house.cast.ibrahim)
    for who in (hcr, nrc):
        assert listed(who, referral) == []
        problem(who.get(path_of(referral, made["id"])), 404)
    assert not ReferralFile.objects.exists()


def test_at_level_1_only_what_holds_nothing_of_the_person_goes(partner: Callable[..., Partner], house: House) -> None:
    referral, hcr, nrc = by_hcr(house), partner("hcr"), partner()
    assert "accord" in problem(add(hcr, referral), 422)["detail"]
    assert "voix" in problem(add(hcr, referral, OGG, is_neutral="true"), 422)["detail"]
    made = read(add(hcr, referral, a_photo(), is_neutral="true"), 201)
    assert listed(nrc, referral) == [made]
    assert PLACE not in nrc.get(path_of(referral, made["id"])).content
    added = AuditEntry.objects.get(act="referrals.file.add")
    assert (added.facts["neutral"], added.actor_id) == (True, f"token:{hcr.token.pk}")


def test_the_receivers_file_goes_to_the_sender_whose_system_is_told_that_something_changed(
    partner: Callable[..., Partner], house: House
) -> None:
    referral, hcr, nrc = by_hcr(house), partner("hcr"), partner()
    seen = hcr.get(f"{REFERRALS}{referral.pk}/")["ETag"]
    add_endpoint(house.cast.organisations["hcr"], "SI", "https://hcr.example/hook", by=house.cast.adama)
    made = read(add(nrc, referral, OGG), 201)
    assert (made["side"], made["kind"]) == ("receiver", "voice")
    assert listed(hcr, referral) == [made]
    assert hcr.get(path_of(referral, made["id"])).content == OGG
    assert hcr.get(f"{REFERRALS}{referral.pk}/")["ETag"] != seen
    assert [row.event for row in Delivery.objects.all()] == ["referral.changed"]


def test_under_one_key_a_file_is_added_once_whatever_stands_between_its_parts(
    partner: Callable[..., Partner], house: House
) -> None:
    referral, nrc = by_hcr(house), partner()
    key = {"Idempotency-Key": "k"}
    first, second = (add(nrc, referral, headers=key) for _ in range(2))
    assert (first.status_code, first.content) == (201, second.content)
    assert second["Idempotency-Replayed"] == "true"
    assert kind_of(problem(add(nrc, referral, OGG, headers=key), 422)) == "key-used"
    assert ReferralFile.objects.count() == 1
    actions.remove_file(referral.pk, uuid.UUID(json.loads(first.content)["id"]), by=house.cast.fanta)
    problem(add(nrc, referral, headers=key), 404)


def test_a_file_is_not_sent_again_to_who_has_it_and_is_refused_to_who_saw_less(
    partner: Callable[..., Partner], house: House
) -> None:
    referral, nrc = by_hcr(house), partner()
    seen = nrc.get(f"{REFERRALS}{referral.pk}/")["ETag"]
    file = read(add(nrc, referral), 201)["id"]
    tag = nrc.get(path_of(referral, file))["ETag"]
    again = nrc.get(path_of(referral, file), **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    problem(add(nrc, referral, headers={"If-Match": seen}), 412)
    assert nrc.get(path_of(referral, file), Accept="image/png").status_code == 200
    assert problem(nrc.get(path_of(referral, uuid.uuid4()), Accept="image/png"), 404)["detail"]


@pytest.mark.parametrize(
    ("content", "fields", "status"),
    [
        (b"MZ" + bytes(60), {}, 400),
        (a_photo() + bytes(8_000_001), {}, 400),
        (bytes(10_000_001), {}, 413),
        (a_pdf(), {"is_neutral": "oui"}, 400),
        (b"", {}, 400),
    ],
)
def test_what_cannot_be_taken_is_a_problem_and_leaves_nothing(
    partner: Callable[..., Partner], house: House, content: bytes, fields: dict[str, Any], status: int
) -> None:
    problem(add(partner(), by_hcr(house), content, **fields), status)
    assert not ReferralFile.objects.exists()


def test_what_is_no_form_with_a_file_is_a_problem(partner: Callable[..., Partner], house: House) -> None:
    referral, nrc = by_hcr(house), partner()
    problem(nrc.post(path_of(referral), {"file": "x"}), 415)
    headers = {"Authorization": f"Bearer {nrc.secret}"}
    for fields in ({}, {"file": "x"}, {f"f{number}": SimpleUploadedFile("f", b"x") for number in range(101)}):
        answer: Any = Client().post(path_of(referral), fields, headers=headers)
        problem(answer, 400)


def test_a_restricted_matters_files_are_not_there(partner: Callable[..., Partner], house: House) -> None:
    referral, nrc = by_hcr(house), partner()
    file = read(add(nrc, referral), 201)["id"]
    Case.objects.update(lane="restricted", restricted_kind="integrity")
    problem(nrc.get(path_of(referral)), 404)
    problem(nrc.get(path_of(referral, file)), 404)
    problem(add(nrc, referral), 404)


def test_internal_notes_have_no_address_and_change_nothing_that_a_system_sees(
    partner: Callable[..., Partner], house: House
) -> None:
    referral, hcr, nrc = by_hcr(house), partner("hcr"), partner()
    before = [who.get(f"{REFERRALS}{referral.pk}/").content for who in (hcr, nrc)]
    for who in (house.cast.ibrahim, house.cast.fanta):
        actions.write_note(referral.pk, words="Une note, zqx.", by=who)
    assert [who.get(f"{REFERRALS}{referral.pk}/").content for who in (hcr, nrc)] == before
    problem(nrc.get(f"{REFERRALS}{referral.pk}/notes/"), 404)
