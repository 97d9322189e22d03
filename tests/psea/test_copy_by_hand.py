"""An entity outside Jaabi holds its copy: one person enters what its signed paper says, another confirms it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from core.transitions import Refused
from psea import actions
from psea.actions.retention import forget_what_is_over
from psea.databases import VAULT
from psea.enums import Part
from psea.models import SealedCase
from tests.psea.conftest import INTAKE, Vault, holders
from tests.psea.test_pages import shown
from tests.psea.test_session import SignedIn, opened

Receive = Callable[..., UUID]
PAPER = {"reference": "HQ-12", "statement": "Nous détenons notre copie."}


def by_hand(vault: Vault, receive: Receive) -> UUID:
    case_id = receive()
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    actions.reach_outside(case_id=case_id, **vault.as_("aminata"))
    return case_id


def stated(vault: Vault, case_id: UUID, who: str = "aminata", **changes: Any) -> SealedCase:
    known = {**PAPER, "held_on": timezone.localdate(), **changes}
    return actions.state_copy(case_id=case_id, **known, **vault.as_(who))


def test_two_people_make_the_narrative_leave_and_one_does_not(vault: Vault, receive: Receive) -> None:
    case_id = by_hand(vault, receive)
    with pytest.raises(Refused, match="a accusé"):
        stated(vault, case_id)
    actions.acknowledge(case_id=case_id, by=vault.cast.aminata)
    with pytest.raises(Refused, match="n’attend d’être confirmée"):
        actions.confirm_copy(case_id=case_id, by=vault.cast.rokia)
    with pytest.raises(Refused, match="phrase en entier"):
        stated(vault, case_id, statement="oui")
    stated(vault, case_id)
    with pytest.raises(Refused, match="Une autre personne"):
        actions.confirm_copy(case_id=case_id, by=vault.cast.aminata)
    later = timezone.now() + timedelta(days=60)
    forget_what_is_over(by=INTAKE, at=later)
    assert SealedCase.objects.using(VAULT).get().words is not None

    actions.confirm_copy(case_id=case_id, by=vault.cast.coumba)
    readers = {vault.readers[name].key_id for name in ("aminata", "rokia")}
    assert not readers & holders(case_id, Part.WORDS)
    assert readers <= holders(case_id, Part.FACTS)
    forget_what_is_over(by=INTAKE, at=later)
    assert SealedCase.objects.using(VAULT).get().words is None


def test_not_for_an_entity_that_is_here_nor_while_a_conflict_is_open(vault: Vault, receive: Receive) -> None:
    here = receive("SM2", receipt_number="123456789023")
    pam = vault.cast.organisations["pam"].pk
    actions.transmit(case_id=here, organisation_id=pam, **vault.as_("aminata"))
    actions.acknowledge(case_id=here, by=vault.cast.hawa)
    with pytest.raises(Refused):
        stated(vault, here)
    case_id = by_hand(vault, receive)
    actions.acknowledge(case_id=case_id, by=vault.cast.aminata)
    stated(vault, case_id)
    actions.raise_conflict(case_id=case_id, by=vault.cast.rokia)
    with pytest.raises(Refused):
        actions.confirm_copy(case_id=case_id, by=vault.cast.rokia)


def test_from_the_page(vault: Vault, receive: Receive, signed_in: SignedIn) -> None:
    case_id = by_hand(vault, receive)
    actions.acknowledge(case_id=case_id, by=vault.cast.aminata)
    officer, other = opened(vault, signed_in), opened(vault, signed_in, "rokia")
    where, confirm = (reverse(f"psea:{name}", args=[case_id]) for name in ("copy_stated", "copy_confirmed"))
    assert officer.post(where, {"reference": ""}).status_code == 422
    officer.post(where, {**PAPER, "held_on": timezone.localdate().isoformat()})
    assert "HQ-12" in shown(officer, "case", case_id)
    assert confirm not in shown(officer, "case", case_id)
    assert confirm in shown(other, "case", case_id)
    other.post(confirm)
    assert SealedCase.objects.using(VAULT).get().copy_held_at is not None
