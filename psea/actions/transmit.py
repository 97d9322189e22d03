"""Transmission to the entity: its focal point, or its investigation function when those are implicated."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.transitions import Refused, move
from directory.implicated import NOBODY
from directory.models import User
from directory.notices import Notice
from directory.roles import Role
from psea.actions.leaving_out import guard_of, leave_out_barred, widen_guard
from psea.actions.opening import case_for
from psea.actions.routing import change_facts
from psea.databases import VAULT
from psea.duty import entity_keys, people_of, readers_of, tell
from psea.enums import Part
from psea.models import SealedCase
from psea.readers import Reader
from psea.tags import entity_tag
from psea.trust import Approved, approved_keys
from psea.wraps import EVERYTHING, add_wraps


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
        if straight_to_investigation:
            widen_guard(case, reader, NOBODY, frozenset({organisation_id}))
        facts = change_facts(case, reader, {"organisation_id": organisation_id})
        receivers = _receivers(case, keys, organisation_id)
        tag = entity_tag(organisation_id)
        moved = move(SealedCase, case_id, "transmit", by=by, at=moment, using=VAULT, seen=seen, entity_tag=tag)
        add_wraps(case.pk, keys, [(key, EVERYTHING) for key in receivers])
        leave_out_barred(moved, reader, facts, by=by, at=moment)
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
    guard = guard_of(case, reader.data_key(case.pk, Part.GUARD))
    keys = approved_keys()
    organisations = {approved.key.organisation_id for approved in keys}
    return {pk for pk in organisations if pk is not None and entity_keys(pk, guard, among=keys)}


def _keys_for(case: SealedCase, reader: Reader, by: User) -> dict[Part, bytes]:
    """The data keys that a transmission passes on; the words may be destroyed already."""
    reader.check_is(by)
    if not by.has_role(Role.PSEA_INTAKE_OFFICER):
        raise Refused(_("Seules les personnes de garde transmettent."))
    return reader.data_keys(case.pk, (Part.GUARD, Part.FACTS))


def _receivers(case: SealedCase, keys: dict[Part, bytes], organisation_id: int) -> list[Approved]:
    receivers = entity_keys(organisation_id, guard_of(case, keys[Part.GUARD]))
    if not receivers:
        raise Refused(
            _(
                "Personne n'est habilité à recevoir ce dossier dans cette entité. "
                "Remettez-le en main propre à sa fonction d'enquête."
            )
        )
    return receivers
