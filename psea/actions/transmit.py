"""Transmission to the entity: its focal point, or its investigation function when those are implicated."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.transitions import Refused, move
from directory.models import User
from directory.notices import Notice
from directory.roles import Role
from psea.actions.opening import case_for
from psea.actions.routing import change_facts
from psea.databases import VAULT
from psea.duty import entity_keys, people_of, readers_of, tell
from psea.enums import Part
from psea.facts import Guard
from psea.models import HandlerKey, SealedCase, Wrap
from psea.readers import EVERYTHING, Reader, wraps_for
from psea.tags import entity_tag


def transmit(
    *,
    case_id: UUID,
    organisation_id: int,
    reader: Reader,
    by: User,
    at: datetime | None = None,
    straight_to_investigation: bool = False,
    seen: str | None = None,
) -> SealedCase:
    """Wraps the case for the entity's habilitated people, tells them and the coordination.

    Never to an implicated person; to the investigation function alone when one of the entity's focal points
    or their office is implicated, or when the officer says so. Raises Refused when the entity has nobody.
    """
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        case = case_for(case_id, by)
        keys = _keys_for(case, reader, by)
        change_facts(case, reader, {"organisation_id": organisation_id})
        receivers = _receivers(case, keys, organisation_id, straight_to_investigation)
        tag = entity_tag(organisation_id)
        moved = move(SealedCase, case_id, "transmit", by=by, at=moment, using=VAULT, seen=seen, entity_tag=tag)
        _wrap_for(case, keys, receivers)
    tell(people_of(receivers), Notice.ACT, "transmitted", case_id, moment, at=at)
    tell(readers_of(moved, Role.PSEA_COORDINATOR), Notice.INFO, "transmitted", case_id, moment, at=at)
    return moved


def reach_outside(
    *,
    case_id: UUID,
    reader: Reader,
    by: User,
    at: datetime | None = None,
    organisation_id: int | None = None,
    seen: str | None = None,
) -> SealedCase:
    """The entity is outside the platform: the officer handed the case over in person, with a printed note."""
    moment = at or timezone.now()
    tag = entity_tag(organisation_id) if organisation_id is not None else ""
    with transaction.atomic(using=VAULT):
        case = case_for(case_id, by)
        _keys_for(case, reader, by)
        if organisation_id is not None:
            change_facts(case, reader, {"organisation_id": organisation_id})
        moved = move(SealedCase, case_id, "reach_outside", by=by, at=moment, using=VAULT, seen=seen, entity_tag=tag)
    tell(readers_of(moved, Role.PSEA_COORDINATOR), Notice.INFO, "outside", case_id, moment, at=at)
    return moved


def possible_entities(case: SealedCase, reader: Reader) -> set[int]:
    """The organisations that have somebody enrolled to receive this case."""
    keys = reader.data_keys(case.pk, (Part.GUARD,))
    guard = _guard(case, keys[Part.GUARD])
    organisations = set(HandlerKey.objects.using(VAULT).of_people().values_list("organisation_id", flat=True))
    return {pk for pk in organisations if pk is not None and entity_keys(pk, guard.implicated)}


def _keys_for(case: SealedCase, reader: Reader, by: User) -> dict[Part, bytes]:
    """The data keys that a transmission passes on; the words may be destroyed already."""
    reader.check_is(by)
    if not by.has_role(Role.PSEA_INTAKE_OFFICER):
        raise Refused(_("Seules les personnes de garde transmettent."))
    return reader.data_keys(case.pk, (Part.GUARD, Part.FACTS))


def _receivers(
    case: SealedCase, keys: dict[Part, bytes], organisation_id: int, investigation_only: bool
) -> list[HandlerKey]:
    guard = _guard(case, keys[Part.GUARD])
    receivers = entity_keys(organisation_id, guard.implicated, investigation_only=investigation_only)
    if not receivers:
        raise Refused(
            _(
                "Personne n'est habilité à recevoir ce dossier dans cette entité. "
                "Remettez-le en main propre à sa fonction d'enquête."
            )
        )
    return receivers


def _wrap_for(case: SealedCase, keys: dict[Part, bytes], receivers: list[HandlerKey]) -> None:
    have = set(case.wraps.using(VAULT).values_list("handler_key_id", "part"))
    fresh = [row for key in receivers for row in wraps_for(case.pk, keys, key, EVERYTHING)]
    Wrap.objects.using(VAULT).bulk_create(row for row in fresh if (row.handler_key_id, row.part) not in have)


def _guard(case: SealedCase, key: bytes) -> Guard:
    return Guard.from_json(case.unseal_with(key, "guard"))
