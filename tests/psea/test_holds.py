"""What keeps the words from being destroyed: an open conflict, "not ours", and a hold that two people set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine

from core.transitions import Refused
from psea import actions
from psea.actions.retention import forget_what_is_over
from psea.databases import VAULT
from psea.enums import Known, ReclassifiedAs
from psea.facts import Facts
from psea.models import LegalHold, SealedCase
from psea.trust import INVESTIGATION
from tests.psea.conftest import INTAKE, NUMBER, Vault
from tests.psea.test_tracks import STATED, held, transmitted

Receive = Callable[..., UUID]
REASON = "Demande du juge. Kumasigi-raison."


def has_words(case_id: UUID) -> bool:
    return SealedCase.objects.using(VAULT).get(pk=case_id).words is not None


def destroyed(days: float) -> int:
    return actions.destroy_due(by=INTAKE, at=datetime.now(UTC) + timedelta(days=days))


def hold(vault: Vault, case_id: UUID, **changes: Any) -> LegalHold:
    return actions.ask_hold(case_id=case_id, reason=REASON, **vault.as_("aminata"), **changes)


def test_a_hold_of_two_keeps_the_words_until_two_others_lift_it(vault: Vault, receive: Receive) -> None:
    case_id = held(vault, receive, datetime.now(UTC))
    row = hold(vault, case_id)
    assert REASON.encode() not in bytes(row.reason or b"")
    with pytest.raises(Refused, match="autre personne"):
        actions.confirm_hold(case_id=case_id, by=vault.cast.aminata)
    actions.confirm_hold(case_id=case_id, by=vault.cast.coumba)
    assert (destroyed(400), has_words(case_id)) == (0, True)

    actions.lift_hold(case_id=case_id, by=vault.cast.rokia)
    with pytest.raises(Refused, match="autre personne"):
        actions.lift_hold(case_id=case_id, by=vault.cast.rokia)
    assert destroyed(400) == 0
    actions.lift_hold(case_id=case_id, by=vault.cast.coumba)
    assert (destroyed(400), has_words(case_id)) == (1, False)


def test_a_hold_that_nobody_confirmed_stands_three_days_and_no_more(vault: Vault, receive: Receive) -> None:
    case_id = held(vault, receive, datetime.now(UTC) - timedelta(days=30))
    hold(vault, case_id)
    with pytest.raises(Refused, match="déjà demandée"):
        hold(vault, case_id)
    assert destroyed(2.9) == 0
    with time_machine.travel(datetime.now(UTC) + timedelta(days=4)):
        hold(vault, case_id)
        assert destroyed(0) == 0, "asked anew"
    assert destroyed(8) == 1


def test_only_whoever_asked_takes_an_unconfirmed_hold_back(vault: Vault, receive: Receive) -> None:
    case_id = transmitted(vault, receive)
    hold(vault, case_id)
    with pytest.raises(Refused, match="la reprendre"):
        actions.lift_hold(case_id=case_id, by=vault.cast.rokia)
    actions.lift_hold(case_id=case_id, by=vault.cast.aminata)
    assert not LegalHold.objects.using(VAULT).exists()


def test_nothing_is_destroyed_while_a_conflict_is_open(vault: Vault, receive: Receive) -> None:
    case_id = held(vault, receive, datetime.now(UTC))
    actions.raise_conflict(case_id=case_id, by=vault.cast.hawa)
    assert destroyed(400) == 0
    actions.settle_conflict(case_id=case_id, by=vault.cast.coumba)
    assert destroyed(400) == 1


def test_a_copy_cannot_be_confirmed_while_a_conflict_is_open(vault: Vault, receive: Receive) -> None:
    vault.approve("hawa", INVESTIGATION)
    case_id = transmitted(vault, receive)
    actions.acknowledge(case_id=case_id, by=vault.cast.hawa)
    actions.raise_conflict(case_id=case_id, by=vault.cast.aminata)
    with pytest.raises(Refused, match="conflit"):
        actions.confirm_copy_held(case_id=case_id, **STATED, **vault.as_("hawa"))


def test_what_is_not_an_entitys_keeps_its_words_and_what_it_holds_it_cannot_give_back(
    vault: Vault, receive: Receive
) -> None:
    case_id = transmitted(vault, receive)
    actions.not_ours(case_id=case_id, by=vault.cast.hawa)
    SealedCase.objects.using(VAULT).update(copy_held_at=datetime.now(UTC))
    assert (destroyed(400), has_words(case_id)) == (0, True)

    SealedCase.objects.using(VAULT).update(copy_held_at=None)
    actions.transmit(case_id=case_id, organisation_id=vault.cast.organisations["pam"].pk, **vault.as_("aminata"))
    SealedCase.objects.using(VAULT).update(copy_held_at=datetime.now(UTC))
    with pytest.raises(Refused, match="seulement le clore"):
        actions.not_ours(case_id=case_id, by=vault.cast.hawa)


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": " "},
        {"held_on": date(2999, 1, 1)},
        {"statement": "oui"},
        {"statement": ""},
    ],
)
def test_a_copy_needs_a_reference_a_day_and_the_sentence(
    vault: Vault, receive: Receive, changes: dict[str, Any]
) -> None:
    vault.approve("hawa", INVESTIGATION)
    case_id = transmitted(vault, receive)
    actions.acknowledge(case_id=case_id, by=vault.cast.hawa)
    with pytest.raises(Refused):
        actions.confirm_copy_held(case_id=case_id, **(STATED | changes), **vault.as_("hawa"))
    actions.confirm_copy_held(case_id=case_id, **STATED, **vault.as_("hawa"))
    facts = actions.read_case(case_id=case_id, **vault.as_("hawa")).facts
    assert (facts.copy_reference, facts.copy_held_on) == (STATED["reference"], STATED["held_on"])
    assert facts.copy_statement == STATED["statement"]


def test_thirty_days_at_most_whatever_the_settings_say(vault: Vault, receive: Receive, settings: Any) -> None:
    settings.RETENTION_SEALED_WORDS_DAYS = 400
    held(vault, receive, datetime.now(UTC))
    assert (destroyed(29), destroyed(31)) == (0, 1)


def test_a_hold_keeps_a_case_from_leaving_and_the_bare_row_too(vault: Vault, receive: Receive) -> None:
    case_id = receive()
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    actions.reclassify(case_id=case_id, as_what=ReclassifiedAs.ORDINARY, no_disclosure=True, **vault.as_("aminata"))
    hold(vault, case_id)
    actions.confirm_hold(case_id=case_id, by=vault.cast.rokia)
    with pytest.raises(Refused, match="conservation"):
        actions.release_text(case_id=case_id, **vault.as_("aminata"))
    with pytest.raises(Refused, match="conservation"):
        actions.mark_released(case_id=case_id, by=vault.cast.aminata)

    SealedCase.objects.using(VAULT).update(words=None, contact=None, words_destroyed_at=datetime.now(UTC))
    forget_what_is_over(by=INTAKE, at=datetime.now(UTC) + timedelta(days=5000))
    assert SealedCase.objects.using(VAULT).filter(pk=case_id).exists()


def test_a_report_another_mechanism_hands_over_is_sealed_once_under_its_own_number(vault: Vault) -> None:
    once = UUID("12345678-1234-5678-1234-567812345678")
    given: dict[str, Any] = {
        "once": once,
        "words": "Rapporté par une ligne d'écoute. Kumasigi-remis.",
        "handed_by": vault.cast.organisations["line"].pk,
        "their_reference": "LV-12",
        "child": Known.YES,
        "retaliation": Known.YES,
        "incident_on": date(2022, 3, 1),
    }
    number = actions.take_over(by=vault.cast.hawa, **given)
    assert actions.take_over(by=vault.cast.hawa, **given) == number != NUMBER
    case = SealedCase.objects.using(VAULT).get()
    facts: Facts = actions.open_case(case_id=case.pk, **vault.as_("aminata")).facts
    assert (facts.their_reference, facts.retaliation, facts.incident_on) == ("LV-12", Known.YES, date(2022, 3, 1))
    assert not SealedCase.objects.visible_to(vault.cast.hawa).exists(), "who types it in reads it no more"
    with pytest.raises(Refused):
        actions.take_over(by=vault.cast.coumba, **given)
