from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core.models import AuditEntry
from feedback.deadlines import rule_for
from feedback.enums import Clock
from feedback.models import Category, DeadlineRule, ReadyAnswer
from psea.clocks import CLOCKS
from psea.promises import USUAL, hours_of
from tests.cast import Cast
from tests.standin.client import ROOT

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("db")]

SignIn = Callable[[Any], Client]
PAGES = ["categories", "deadlines", "ready-answers", "texts", "thresholds"]


@pytest.mark.parametrize("page", PAGES)
def test_the_working_group_keeps_them(cast: Cast, signed_in: SignIn, page: str) -> None:
    assert signed_in(cast.djeneba).get(f"/settings/{page}/").status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["ibrahim", "kadia", "robert", "lassana"])
def test_they_do_not_exist_for_others(cast: Cast, signed_in: SignIn, name: str, page: str) -> None:
    assert signed_in(getattr(cast, name)).get(f"/settings/{page}/").status_code == 404


def test_an_edited_deadline_holds_for_what_comes_next(cast: Cast, signed_in: SignIn) -> None:
    rule = DeadlineRule.objects.get(clock=Clock.TRIAGE)
    changed = {"clock": rule.clock, "hours": "36", "basis": "Groupe de travail, mars"}
    signed_in(cast.djeneba).post(f"/settings/deadlines/{rule.pk}/", changed)
    now = rule_for(Clock.TRIAGE)
    assert now is not None
    assert (now.hours, now.basis) == (36, "Groupe de travail, mars")
    assert AuditEntry.objects.filter(act="feedback.deadlinerule.change", actor_id=str(cast.djeneba.pk)).count() == 1


def test_each_deadline_of_the_page_is_read_by_some_code_and_no_other_is_offered(cast: Cast, signed_in: SignIn) -> None:
    sources = [path for app in ("feedback", "referrals") for path in (ROOT / app).rglob("*.py")]
    code = "\n".join(path.read_text() for path in sources if path.name not in ("enums.py", "reference_data.py"))
    read = {
        clock
        for clock in Clock
        if re.search(rf"(_from|due_at|rule_for|_rules\[|return enums\.|else enums\.)[^\n]*Clock\.{clock.name}\b", code)
    }
    vault = "\n".join((ROOT / "psea" / name).read_text() for name in ("clocks.py", "service_clocks.py"))
    read |= {clock for clock in Clock if clock.startswith("sea_") and f'"{clock}"' in vault}
    client = signed_in(cast.djeneba)
    shown = {row.clock for row in client.get("/settings/deadlines/").context["page"]}
    offered = {code for code, _label in client.get("/settings/deadlines/new/").context["form"].fields["clock"].choices}
    assert shown == offered == read


def test_the_vault_counts_the_hours_that_are_set_for_it_day_and_night_for_every_matter(
    cast: Cast, signed_in: SignIn
) -> None:
    rule = DeadlineRule.objects.get(clock=Clock.SEA_TRANSMIT)
    client, address = signed_in(cast.djeneba), f"/settings/deadlines/{rule.pk}/"
    assert client.post(address, {"clock": rule.clock, "hours": "12"}).status_code == 422
    typed = {"clock": rule.clock, "hours": "12", "around_the_clock": "on"}
    assert client.post(address, typed | {"priority": "urgent"}).status_code == 422
    assert {promise: hours_of(promise) for promise in USUAL} == USUAL
    assert client.post(address, typed).status_code == 302
    lasts = {clock.name: clock.lasts() for clock in CLOCKS}
    assert (lasts["transmit"], lasts["transmit_hard"]) == (timedelta(hours=12), timedelta(hours=24))
    assert (lasts["acknowledge"], lasts["chase"]) == (timedelta(hours=24), timedelta(hours=48))
    DeadlineRule.objects.all().delete()
    assert {clock.name: clock.lasts() for clock in CLOCKS if clock.promise} == {
        clock.name: timedelta(hours=clock.hours) for clock in CLOCKS if clock.promise
    }


def test_hours_and_days_together_are_refused_with_a_sentence(cast: Cast, signed_in: SignIn) -> None:
    rule = DeadlineRule.objects.get(clock=Clock.TRIAGE)
    wrong = {"clock": rule.clock, "hours": "36", "days": "2"}
    response = signed_in(cast.djeneba).post(f"/settings/deadlines/{rule.pk}/", wrong)
    assert response.status_code == 422
    assert "Donnez des heures ou des jours" in response.content.decode()


def test_a_sensitive_category_cannot_lose_its_recipients(cast: Cast, signed_in: SignIn) -> None:
    wrong = {"label": "Fraude", "level": "4", "sensitivity": "S3", "restricted_kind": "", "is_active": "on"}
    response = signed_in(cast.djeneba).post("/settings/categories/FRAUDE/", wrong)
    assert response.status_code == 422
    assert Category.objects.get(pk="FRAUDE").restricted_kind == "integrity"


def test_a_ready_answer_is_written_and_operators_read_it(cast: Cast, signed_in: SignIn) -> None:
    typed = {"title": "Horaires", "language": "fra", "words": "Ouvert de 8 h à 16 h.", "is_active": "on"}
    signed_in(cast.djeneba).post("/settings/ready-answers/new/", typed)
    assert ReadyAnswer.objects.get().use_count == 0
    content = signed_in(cast.awa).get("/settings/ready-answers/").content.decode()
    assert "Horaires" in content
    assert "/settings/ready-answers/new/" not in content
    assert signed_in(cast.awa).post("/settings/ready-answers/new/", typed).status_code == 404


def test_texts_are_shown_with_their_approval_and_length(cast: Cast, signed_in: SignIn) -> None:
    response = signed_in(cast.djeneba).get("/settings/texts/")
    approved = {one.code: one.is_approved for one in response.context["languages"]}
    assert approved == {"fra": True, "eng": True, **dict.fromkeys(["bam", "ful", "ses", "taq", "ara"], False)}
    assert "1234 5678 9012" in response.content.decode()


def test_the_thresholds_page_says_what_is_in_force(cast: Cast, signed_in: Any, settings: Any) -> None:
    settings.RETENTION_ORDINARY_DAYS, settings.RELEASE_THRESHOLD = 431, 1
    page = signed_in(cast.djeneba).get("/settings/thresholds/").content.decode()
    assert "<dd>431 jours</dd>" in page
    assert "<dd>1 dossier</dd>" in page
