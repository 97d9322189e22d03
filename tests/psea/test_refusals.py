"""What nobody may do, or nobody in that role, is refused with its own sentence, and leaves nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from core.models import AuditEntry
from core.transitions import Refused
from directory.models import User, UserRole
from directory.roles import Role
from psea import actions
from psea.models import LegalHold, Question, Recovery, SealedCase
from tests.psea.conftest import Vault
from tests.psea.test_session import SignedIn, opened
from tests.vault_keys import without_custodians

Receive = Callable[..., UUID]


def test_each_act_refuses_whoever_or_whatever_it_must(vault: Vault, receive: Receive) -> None:
    case_id, cast = receive(), vault.cast
    without_custodians()
    officer, coordinator = vault.as_("aminata"), cast.coumba
    case: dict[str, Any] = {"case_id": case_id}
    asked: dict[str, Any] = {"colleague": cast.rokia, "case_id": case_id}
    refused: dict[str, Callable[[], object]] = {
        "Seule la coordination le fait.": lambda: actions.make_recovery_key(by=cast.aminata),
        "Il faut deux dépositaires": lambda: actions.make_recovery_key(by=coordinator),
        "Seules les personnes du coffre le demandent": lambda: actions.ask_recovery(**asked, reason="x", by=cast.awa),
        "Dites pourquoi.": lambda: actions.ask_recovery(**asked, reason=" ", by=coordinator),
        "Ce dossier n’existe pas.": lambda: actions.ask_recovery(
            colleague=cast.rokia, case_id=uuid4(), reason="x", by=coordinator
        ),
        "Seuls les dépositaires le font.": lambda: actions.give_half(recovery_id=uuid4(), **officer),
        "Seuls les dépositaires et la coordination": lambda: actions.refuse_recovery(
            recovery_id=uuid4(), by=cast.aminata
        ),
        "Écrivez votre question.": lambda: actions.ask_person(**case, words=" ", **officer),
        "Cette personne n’a pas de code": lambda: actions.ask_person(**case, words="Où ?", **officer),
        "Écrivez pourquoi rien ne doit être détruit.": lambda: actions.ask_hold(**case, reason=" ", **officer),
        "Aucune conservation n’attend": lambda: actions.confirm_hold(**case, by=cast.aminata),
        "Aucune conservation n’est posée.": lambda: actions.lift_hold(**case, by=cast.aminata),
        "Seule la coordination règle": lambda: actions.settle_conflict(**case, by=cast.aminata),
        "Aucun conflit d’intérêts n’est signalé.": lambda: actions.settle_conflict(**case, by=coordinator),
        "Dites à qui": lambda: actions.hand_copy(**case, to_whom=" ", own_passphrase="x", **officer),
        "Une note ne peut pas être vide.": lambda: actions.add_note(**case, words=" ", **officer),
    }
    before = AuditEntry.objects.using("vault").count()
    for sentence, act in refused.items():
        with pytest.raises(Refused, match=sentence):
            act()
    assert AuditEntry.objects.using("vault").exclude(act="psea.sealedcase.read").count() == before
    assert [model.objects.using("vault").count() for model in (Recovery, LegalHold, Question)] == [0, 0, 0]


def test_a_hold_or_a_conflict_is_not_raised_twice(vault: Vault, receive: Receive) -> None:
    case_id = receive()
    actions.ask_hold(case_id=case_id, reason="procès", **vault.as_("aminata"))
    with pytest.raises(Refused, match="déjà demandée"):
        actions.ask_hold(case_id=case_id, reason="encore", **vault.as_("rokia"))
    actions.raise_conflict(case_id=case_id, by=vault.cast.aminata)
    with pytest.raises(Refused, match="déjà signalé"):
        actions.raise_conflict(case_id=case_id, by=vault.cast.rokia)


def test_a_custodian_without_an_envelope_gives_no_half(vault: Vault, receive: Receive) -> None:
    case_id, organisation = receive(), vault.cast.organisations["line"]
    late = User.objects.create_user("late@jaabi.example", name="Late", organisation=organisation)
    UserRole.objects.create(user=late, role=Role.RECOVERY_CUSTODIAN)
    vault.cast.people["late"] = late
    vault.enrol("late")
    asked = actions.ask_recovery(colleague=vault.cast.rokia, case_id=case_id, reason="perdue", by=vault.cast.coumba)
    with pytest.raises(Refused, match="aucune enveloppe"):
        actions.give_half(recovery_id=asked.pk, by=late, reader=vault.readers["late"])
    asked.refresh_from_db(using="vault")
    assert (asked.first_by, asked.halves) == (None, {})


def test_what_another_mechanism_hands_over_is_typed_by_handlers_alone(vault: Vault, signed_in: SignedIn) -> None:
    said = {"words": "Un collègue a vu", "child": "unknown", "danger": "no", "once": str(uuid4())}
    officer = opened(vault, signed_in)
    assert officer.get(reverse("psea:handed")).status_code == 200
    refused = officer.post(reverse("psea:handed"), said | {"words": ""})
    assert refused.status_code == 422
    page = officer.post(reverse("psea:handed"), said).content.decode()
    assert SealedCase.objects.using("vault").count() == 1
    assert sum(sign.isdigit() for sign in page.partition("<main")[2]) >= 12
    assert opened(vault, signed_in, "coumba").get(reverse("psea:handed")).status_code == 404
