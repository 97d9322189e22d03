"""Whom a matter bars loses it, others take it over; an implicated focal point or direction never gets it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from core.transitions import Refused
from directory.implicated import NOBODY, Implicated
from directory.models import UserRole
from directory.roles import Role
from psea import actions
from psea.databases import VAULT
from psea.models import SealedCase
from psea.trust import INVESTIGATION
from tests.psea.conftest import WORDS, Vault, on_duty
from tests.psea.test_rota import described, readers_of_words, team

__all__ = ["team"]
Receive = Callable[..., UUID]


def conflict_of(case_id: UUID) -> bool:
    return SealedCase.objects.using(VAULT).get(pk=case_id).conflict_at is not None


def named(vault: Vault, case_id: UUID, *, by: str = "aminata", heads: int | None = None, **ids: int) -> None:
    implicated = Implicated(**{kind: frozenset({pk}) for kind, pk in ids.items()}) if ids else NOBODY
    actions.name_implicated(
        case_id=case_id,
        implicated=implicated,
        heads=frozenset({heads} if heads is not None else ()),
        **vault.as_(by),
    )


def test_once_the_entity_is_known_whoever_declared_a_conflict_with_it_loses_the_case(
    team: Vault, receive: Receive
) -> None:
    pam = team.cast.organisations["pam"]
    described(team, "rokia", conflicts=[pam])
    on_duty(team, "aminata", "rokia", at=datetime.now(UTC))
    case_id = receive()
    assert readers_of_words(team, case_id) == {"aminata", "rokia"}
    actions.open_case(case_id=case_id, **team.as_("aminata"))
    actions.extract_facts(case_id=case_id, organisation_id=pam.pk, **team.as_("aminata"))

    assert len(readers_of_words(team, case_id)) == 2
    assert "rokia" not in readers_of_words(team, case_id)
    (other,) = readers_of_words(team, case_id) - {"aminata"}
    narrative = actions.open_case(case_id=case_id, **team.as_(other)).narrative
    assert narrative is not None
    assert narrative.words == WORDS
    assert not conflict_of(case_id)


def test_an_officer_who_finds_their_own_organisation_implicated_hands_it_on_and_sees_it_no_more(
    team: Vault, receive: Receive
) -> None:
    case_id = receive()
    named(team, case_id, organisations=team.cast.aminata.organisation_id)
    assert "aminata" not in readers_of_words(team, case_id)
    with pytest.raises(SealedCase.DoesNotExist):
        actions.read_case(case_id=case_id, **team.as_("aminata"))


def test_the_last_one_who_can_open_it_keeps_it_and_a_conflict_is_opened(vault: Vault, receive: Receive) -> None:
    pam = vault.cast.organisations["pam"]
    case_id = receive()
    for name in ("aminata", "rokia"):
        described(vault, name, conflicts=[pam])
    actions.extract_facts(case_id=case_id, organisation_id=pam.pk, **vault.as_("aminata"))
    assert readers_of_words(vault, case_id) == {"aminata", "rokia"}
    assert conflict_of(case_id)
    with pytest.raises(Refused, match="coordination"):
        actions.settle_conflict(case_id=case_id, by=vault.cast.aminata)
    actions.settle_conflict(case_id=case_id, by=vault.cast.coumba)
    assert not conflict_of(case_id)


def test_whoever_is_implicated_by_name_loses_it_even_if_recovery_alone_is_left(vault: Vault, receive: Receive) -> None:
    case_id = receive()
    for name in ("rokia", "aminata"):
        named(vault, case_id, users=vault.cast.people[name].pk)
    assert readers_of_words(vault, case_id) == set()
    assert vault.readers["recovery"].open_parts(case_id)
    assert conflict_of(case_id)


def test_a_coordinator_who_is_implicated_loses_the_facts(vault: Vault, receive: Receive) -> None:
    case_id = receive()
    named(vault, case_id, organisations=vault.cast.coumba.organisation_id)
    assert not SealedCase.objects.visible_to(vault.cast.coumba).exists()


def test_a_focal_point_found_to_be_implicated_loses_it_and_sharing_does_not_give_it_back(
    vault: Vault, receive: Receive
) -> None:
    case_id = receive()
    hawa, pam = vault.cast.hawa, vault.cast.organisations["pam"].pk
    actions.transmit(case_id=case_id, organisation_id=pam, **vault.as_("aminata"))
    assert "hawa" in readers_of_words(vault, case_id)

    named(vault, case_id, users=hawa.pk)
    assert readers_of_words(vault, case_id) == {"aminata", "rokia"}
    assert conflict_of(case_id)
    assert actions.share_cases(colleague=hawa, **vault.as_("aminata")) == 0


def test_when_the_direction_is_implicated_a_focal_point_gets_it_neither_by_transmission_nor_by_sharing(
    vault: Vault, receive: Receive
) -> None:
    fanta, pam = vault.cast.fanta, vault.cast.organisations["pam"]
    fanta.organisation = pam
    fanta.save()
    UserRole.objects.create(user=fanta, role=Role.PSEA_FOCAL_POINT)
    vault.enrol("fanta")
    vault.approve("fanta", INVESTIGATION)
    case_id = receive()
    actions.transmit(case_id=case_id, organisation_id=pam.pk, straight_to_investigation=True, **vault.as_("aminata"))
    assert readers_of_words(vault, case_id) == {"aminata", "rokia", "fanta"}
    assert actions.share_cases(colleague=vault.cast.hawa, **vault.as_("aminata")) == 0

    actions.not_ours(case_id=case_id, by=vault.cast.fanta)
    actions.transmit(case_id=case_id, organisation_id=pam.pk, **vault.as_("aminata"))
    assert readers_of_words(vault, case_id) == {"aminata", "rokia", "fanta"}, "it is not forgotten"


def test_the_implicated_are_named_by_officers_only(vault: Vault, receive: Receive) -> None:
    case_id = receive()
    actions.transmit(case_id=case_id, organisation_id=vault.cast.organisations["pam"].pk, **vault.as_("aminata"))
    for name in ("hawa", "coumba"):
        with pytest.raises(Refused):
            named(vault, case_id, by=name, users=vault.cast.nana.pk)
