"""Organisations keep the signed checkpoints of the audit: by mail, by API, from a public page."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from core.actors import SYSTEM
from core.audit_keys import public_keys
from core.checkpoints import make_checkpoint
from core.models import Checkpoint
from directory.actions.witnesses import faults, mail_checkpoints, name_witness
from directory.credentials import issue
from directory.models import Witness
from tests.cast import Cast
from verifier.verify_audit import check_points, objects

SignIn = Callable[[Any], Client]


def hourly(count: int) -> None:
    now, before = timezone.now(), Checkpoint.objects.count()
    for hour in range(count):
        make_checkpoint(now + timedelta(seconds=before + hour))


@pytest.fixture
def named(cast: Cast) -> Witness:
    hourly(3)
    return name_witness(Witness(organisation=cast.organisations["hcr"], email="audit@hcr.example"), by=cast.mariam)


def test_each_mail_brings_what_was_signed_since_the_last_and_is_kept_to_verify(named: Witness) -> None:
    now = timezone.now()
    assert [mail_checkpoints(now) for _ in range(2)] == [1, 0]
    hourly(2)
    assert mail_checkpoints(now) == 1
    assert [one.to for one in mail.outbox] == [["audit@hcr.example"]] * 2
    bodies = [str(one.body) for one in mail.outbox]
    kept = [point for body in bodies for point in objects(body)]
    assert [point["number"] for point in kept] == [3, 4, 5]
    shown = objects("".join(f"{row.line}\n" for row in Checkpoint.objects.order_by("number")))
    assert list(check_points(shown, public_keys()[0], kept)) == []
    assert all(public_keys()[0] in body and "/preuves/" in body for body in bodies)


def test_an_organisation_that_left_hears_nothing(named: Witness) -> None:
    named.organisation.is_active = False
    named.organisation.save()
    assert mail_checkpoints(timezone.now()) == 0


def test_the_settings_warn_until_two_organisations_bear_witness_and_while_nothing_is_signed(
    cast: Cast, named: Witness, signed_in: SignIn
) -> None:
    administrator = signed_in(cast.adama)
    assert "Moins de deux organisations" in administrator.get("/settings/").content.decode()
    said = {"organisation": cast.organisations["hcr"].pk, "email": "siege@hcr.example"}
    assert administrator.post("/settings/temoins/", said).status_code == 302
    assert len(faults(timezone.now())) == 1, "two addresses of one organisation are one witness"
    said = {"organisation": cast.organisations["nrc"].pk, "email": "archives@nrc.example"}
    administrator.post("/settings/temoins/", said)
    assert faults(timezone.now()) == []
    assert "Moins de deux" not in administrator.get("/settings/temoins/").content.decode()
    assert "trois heures" in " ".join(faults(timezone.now() + timedelta(hours=4)))


def test_a_manager_names_for_their_own_organisation_alone(cast: Cast, named: Witness, signed_in: SignIn) -> None:
    other = name_witness(Witness(organisation=cast.organisations["nrc"], email="a@nrc.example"), by=cast.adama)
    manager = signed_in(cast.mariam)
    page = manager.get("/settings/temoins/").content.decode()
    assert ("audit@hcr.example" in page, "a@nrc.example" in page) == (True, False)
    refused = manager.post("/settings/temoins/", {"organisation": other.organisation_id, "email": "b@nrc.example"})
    assert (refused.status_code, "b@nrc.example" in refused.content.decode()) == (422, True)
    twice = manager.post("/settings/temoins/", {"organisation": named.organisation_id, "email": named.email})
    assert "déjà témoin" in twice.content.decode()
    assert Witness.objects.count() == 2


def test_whoever_is_removed_is_told_so_for_silence_must_not_pass_unseen(
    cast: Cast, named: Witness, signed_in: SignIn
) -> None:
    assert signed_in(cast.mariam).post(f"/settings/temoins/{named.pk}/remove/").status_code == 302
    assert not Witness.objects.exists()
    assert [(one.to, "ne reçoit plus" in str(one.body)) for one in mail.outbox] == [(["audit@hcr.example"], True)]


def test_the_public_page_shows_the_last_one_word_for_word_and_its_month_as_lines(db: None) -> None:
    client = Client()
    assert "Aucun point de contrôle" in client.get("/preuves/").content.decode()
    hourly(2)
    newest = Checkpoint.objects.get(number=2)
    assert newest.line.replace('"', "&quot;") in client.get("/preuves/").content.decode()
    lines = objects(client.get("/preuves/points.jsonl").content.decode())
    assert [line["number"] for line in lines] == [1, 2]
    assert objects(client.get("/preuves/points.jsonl?mois=2020-01").content.decode()) == []
    assert client.get("/preuves/verify_audit.py").content.startswith(b"#!/usr/bin/env python3")


def test_a_system_with_the_right_fetches_those_after_the_last_it_has(cast: Cast) -> None:
    hourly(3)
    _row, secret = issue(cast.organisations["nrc"], "archives", ["audit:read"], by=SYSTEM)
    headers = {"Authorization": f"Bearer {secret}"}
    answer = Client().get("/api/v1/checkpoints/?after=1&page_size=1", headers=headers)
    said = json.loads(answer.content)
    assert said["results"] == [json.loads(Checkpoint.objects.get(number=2).line)]
    assert said["next"]
    assert json.loads(Client().get("/api/v1/checkpoints/?after=3", headers=headers).content)["results"] == []
    for wrong in ("-1", "x", ""):
        assert Client().get(f"/api/v1/checkpoints/?after={wrong}", headers=headers).status_code == 400
