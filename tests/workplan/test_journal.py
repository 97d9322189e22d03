"""An organisation's auditors read what concerns it, and nothing tells them of a restricted or a sealed matter."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core import audit
from core.checkpoints import make_checkpoint
from core.models import AuditEntry, Checkpoint
from directory.actions.people import invite
from directory.actions.turnover import go_away
from directory.credentials import issue
from directory.models import User, UserRole
from directory.roles import Role
from feedback import actions as of_cases
from referrals import actions
from referrals.actions.sending import recall
from referrals.enums import RecallReason
from referrals.models import Referral
from tests.feedback.conftest import recovery_key
from tests.referrals.conftest import House, house
from verifier.verify_audit import Export, check_chain
from workplan.journal import journal_of

__all__ = ["house", "recovery_key"]
SignIn = Callable[[Any], Client]


def acts_of(house: House, short: str) -> set[tuple[str, str]]:
    """(act, target) of all that this organisation's auditors may read."""
    rows = journal_of(house.cast.organisations[short])
    return set(rows.values_list("act", "target_id"))


def acts_on(house: House, short: str, referral: Referral) -> set[str]:
    return {act.rpartition(".")[2] for act, target in acts_of(house, short) if target == str(referral.pk)}


def test_both_sides_read_what_befell_a_referral_and_nobody_else_does(house: House) -> None:
    referral = house.sent()
    actions.accept(referral.pk, responsible=house.cast.fanta, by=house.cast.fanta)
    assert acts_on(house, "nrc", referral) == acts_on(house, "line", referral) == {"create", "send", "accept"}
    assert acts_on(house, "hcr", referral) == set()


def test_they_read_what_their_own_people_and_systems_did_and_who_touched_what_is_theirs(house: House) -> None:
    cast = house.cast
    roles = [Role.FOCAL_POINT]
    of_hcr = invite(email="x@hcr.example", name="X", organisation=cast.organisations["hcr"], roles=roles, by=cast.adama)
    _token, secret = issue(cast.organisations["nrc"], "SI", ["services:write", "services:read"], by=cast.adama)
    made = Client().post(
        "/api/v1/services/",
        json.dumps({"kind": "cash", "places": ["ML0703"]}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert made.status_code == 201
    cast.fanta.deputy = cast.oumar
    cast.fanta.save()
    go_away(cast.fanta, by=cast.fanta)
    assert acts_of(house, "hcr") == {("directory.user.invite", str(of_hcr.pk))}
    assert {act for act, _target in acts_of(house, "nrc")} == {
        "directory.apitoken.issue", "directory.service.edit", "directory.user.away",
    }  # fmt: skip
    assert {act for act, _target in acts_of(house, "ocha")} == {"directory.user.invite", "directory.apitoken.issue"}


def test_no_act_on_a_case_and_nothing_restricted_is_there(house: House) -> None:
    cast = house.cast
    UserRole.objects.create(user=cast.oumar, role=Role.INTEGRITY_FOCAL_POINT)
    ordinary, restricted = house.case(), house.case("FRAUDE")
    of_cases.reveal_contact(ordinary.pk, by=cast.awa)
    sent = house.sent(restricted, house.wish("nrc", None), by=cast.salif)
    assert AuditEntry.objects.filter(target_id__in=[str(sent.pk), str(ordinary.pk)]).count() > 3
    for short in ("hcr", "nrc", "line", "ocha"):
        assert acts_of(house, short) == set()


def test_a_referral_whose_case_was_sealed_looks_like_one_that_was_withdrawn(house: House, recovery_key: bytes) -> None:
    """By the person, by Jaabi, or because it was protected: the same rows, before and after."""
    protected, withdrawn = house.sent(), house.sent()
    of_cases.protect(protected.case_id, by=house.cast.awa)
    of_cases.withdraw(withdrawn.case_id, by=house.cast.awa)
    assert {Referral.objects.get(pk=one.pk).state for one in (protected, withdrawn)} == {"recalled"}
    for short in ("nrc", "line"):
        assert acts_on(house, short, protected) == acts_on(house, short, withdrawn) == {"create", "send"}


def test_a_recall_that_somebody_decided_is_read(house: House) -> None:
    referral = house.sent()
    recall(referral.pk, reason=RecallReason.OTHER, by=house.cast.awa)
    assert acts_on(house, "nrc", referral) == {"create", "send", "recall"}


def test_a_case_that_implicates_somebody_of_theirs_is_not_in_their_journal(house: House) -> None:
    referral = house.sent()
    referral.case.implicated_rows.create(organisation=house.cast.organisations["nrc"])
    assert acts_on(house, "nrc", referral) == set()
    assert acts_on(house, "line", referral) == {"create", "send"}


# -- the page ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def auditor(house: House, signed_in: SignIn) -> Client:
    return signed_in(User.objects.get(pk=house.cast.zeina.pk))


def test_the_page_names_their_own_people_and_of_others_the_organisation_alone(house: House, auditor: Client) -> None:
    referral = house.sent()
    actions.accept(referral.pk, responsible=house.cast.fanta, by=house.cast.fanta)
    page = auditor.get("/journal/").content.decode()
    assert all(said in page for said in ("Fanta", "Ligne verte", referral.reference, "Référencement accepté"))
    assert "Awa" not in page
    assert "Point d’eau" not in page
    table = auditor.get("/journal/journal.csv").content.decode("utf-8-sig").splitlines()
    assert [line.split(";")[1:4] for line in table[1:]] == [
        ["Fanta", "Référencement accepté", referral.reference],
        ["Ligne verte", "Référencement envoyé", referral.reference],
        ["Ligne verte", "Référencement préparé", referral.reference],
    ]
    assert "Journal exporté" in auditor.get("/journal/").content.decode(), "taking it away is an act too"


def test_filters_leave_what_was_asked_for(house: House, auditor: Client) -> None:
    referral, fanta = house.sent(), house.cast.fanta
    actions.accept(referral.pk, responsible=fanta, by=fanta)
    audit.record("directory.user.back", by=fanta, target=fanta)

    def acts(query: str) -> list[str]:
        table = auditor.get(f"/journal/journal.csv?{query}").content.decode("utf-8-sig").splitlines()[1:]
        return [line.split(";")[2] for line in table if "exporté" not in line]

    tomorrow = timezone.localdate() + timedelta(days=1)
    assert acts(f"person={fanta.pk}") == ["Absence finie", "Référencement accepté"]
    assert acts(f"person={fanta.pk}&kind=people") == ["Absence finie"]
    assert acts(f"since={tomorrow}") == acts(f"until={tomorrow - timedelta(days=2)}") == []
    assert len(acts("kind=nimporte&since=hier")) == 4
    assert "Aucun acte ne correspond" in auditor.get(f"/journal/?since={tomorrow}").content.decode()


def test_their_export_verifies_and_gives_others_rows_as_hashes(house: House, auditor: Client) -> None:
    begun: datetime = timezone.now() - timedelta(days=2)
    with time_machine.travel(begun, tick=False):
        theirs, other = house.sent(), house.sent(wish=house.wish("hcr", None))
        make_checkpoint(begun)
        refused = auditor.get(f"/journal/journal.jsonl?since={timezone.localdate()}")
        assert refused.status_code == 302, "no day is over yet"
    answer = auditor.get("/journal/journal.jsonl")
    lines = [json.loads(line) for line in answer.content.decode().split("\n") if line]
    rows = [line for line in lines if "position" in line]
    shown = [line["row"] for line in rows if "row" in line]
    assert {row["target_id"] for row in shown} == {str(theirs.pk)}
    assert str(other.pk) not in answer.content.decode()
    assert len(rows) == AuditEntry.objects.exclude(position=None).count() > len(shown)
    points = [json.loads(line) for line in Checkpoint.objects.values_list("line", flat=True)]
    assert list(check_chain(Export(lines, partial=True), points, partial=True)) == []
