"""The statistical fields of a case: codes and numbers, sealed with its facts; exact tables for who has the case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from core.models import AuditEntry
from psea import actions
from psea.databases import VAULT
from psea.models import SealedCase
from tests.psea.conftest import Vault
from tests.psea.test_session import SignedIn, opened

Receive = Callable[..., UUID]
SAID = {"allegation": "exploitation", "author_kind": "outsourced", "measure": "under_way"}
SAID |= {"victims_girl": "2", "victims_woman": "1", "victims_man": "", "authors_male": "1", "authors_female": ""}


def test_they_are_noted_on_the_page_of_the_case_and_add_up_where_one_may_open_it(
    vault: Vault, receive: Receive, signed_in: SignedIn
) -> None:
    case_id, other = receive(), receive(receipt_number="111122223339", source_id="other")
    for one in (case_id, other):
        actions.open_case(case_id=one, **vault.as_("aminata"))
    actions.extract_facts(case_id=case_id, incident_on=date(2025, 3, 1), **vault.as_("aminata"))
    browser, where = opened(vault, signed_in), reverse("psea:statistics", args=[case_id])
    assert browser.post(where, SAID | {"victims_girl": "-1"}).status_code == 422
    browser.post(where, SAID)

    page = browser.get(reverse("psea:figures"))
    tables = dict(page.context["tables"])
    assert page.context["told"] == (1, 2)
    assert tables["Personnes survivantes"] == [(2, "filles de moins de 18 ans"), (1, "femmes")]
    assert tables["Auteurs présumés"] == [(1, "hommes")]
    assert sorted(tables["Type"]) == [(1, "exploitation"), (1, "non précisé")]
    assert sorted(tables["Année des faits"]) == [(1, "2025"), (1, "non précisé")]
    assert tables["Canal"] == [(2, "SMS")]
    again = browser.get(reverse("psea:case", args=[case_id])).context["statistics_form"]
    assert (again["victims_girl"].value(), again["author_kind"].value()) == (2, "outsourced")
    facts = actions.opening.facts_of(SealedCase.objects.using(VAULT).get(pk=case_id), vault.as_("aminata")["reader"])
    assert facts.incident_on == date(2025, 3, 1), "what was known stays"


def test_neither_rows_nor_audit_say_any_of_it(vault: Vault, receive: Receive, signed_in: SignedIn) -> None:
    case_id = receive()
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    opened(vault, signed_in).post(reverse("psea:statistics", args=[case_id]), SAID)
    row = SealedCase.objects.using(VAULT).values().get(pk=case_id)
    assert "exploitation" not in str(
        {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}
    )
    noted = AuditEntry.objects.using(VAULT).get(act="psea.sealedcase.note_statistics")
    assert noted.facts == {}


@pytest.mark.parametrize("name", ["hawa", "coumba"])
def test_who_has_not_the_case_notes_nothing(vault: Vault, receive: Receive, signed_in: SignedIn, name: str) -> None:
    case_id: Any = receive()
    answer = opened(vault, signed_in, name).post(reverse("psea:statistics", args=[case_id]), SAID, follow=True)
    assert answer.status_code in (200, 404)
    assert not AuditEntry.objects.using(VAULT).filter(act="psea.sealedcase.note_statistics").exists()
