"""Whom a matter bars loses it: officers whose organisation is implicated or in declared conflict, and the implicated.

Others on duty take it over, so that two people of two organisations hold it, and recovery (DESIGN §4).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.transitions import Refused
from directory.implicated import Implicated
from directory.models import User
from directory.notices import Notice
from directory.roles import Role
from psea.actions.opening import facts_of, locked_case_for
from psea.actions.rekeying import rekey
from psea.databases import VAULT
from psea.duty import (
    coordination_of,
    is_barred_by_name,
    keys_of,
    officers_of,
    people_of,
    readers_of,
    stand_in,
    tell,
)
from psea.enums import Part
from psea.facts import Facts, Guard
from psea.models import SealedCase
from psea.readers import Reader
from psea.rights import is_entity_handler
from psea.rota import in_conflict
from psea.wraps import EVERYTHING, add_wraps, drop_wraps


def name_implicated(
    *,
    case_id: UUID,
    reader: Reader,
    implicated: Implicated,
    heads: frozenset[int] = frozenset(),
    by: User,
    at: datetime | None = None,
) -> Guard:
    """An officer names who is implicated, beside those already named: from now on they never get the case.

    `heads`: organisations whose direction is implicated, so that their investigation function alone receives it.
    Raises Refused, NotAReader.
    """
    if not by.has_role(Role.PSEA_INTAKE_OFFICER):
        raise Refused(_("Seules les personnes de garde peuvent le faire."))
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        case = locked_case_for(case_id, by)
        reader.check_is(by)
        guard = widen_guard(case, reader, implicated, heads)
        audit.record("psea.sealedcase.name_implicated", by=by, target=case, using=VAULT, at=moment)
        leave_out_barred(case, reader, facts_of(case, reader), by=by, at=moment)
    return guard


def widen_guard(case: SealedCase, reader: Reader, implicated: Implicated, heads: frozenset[int]) -> Guard:
    """Seals the guard anew with these besides; in the caller's transaction. Raises NotAReader."""
    key = reader.data_key(case.pk, Part.GUARD)
    guard = guard_of(case, key).with_(implicated, heads)
    case.seal_with(key, guard=guard.to_json())
    SealedCase.objects.using(VAULT).filter(pk=case.pk).update(guard=case.guard)
    return guard


def guard_of(case: SealedCase, key: bytes) -> Guard:
    return Guard.from_json(case.unseal_with(key, "guard"))


def leave_out_barred(case: SealedCase, reader: Reader, facts: Facts, *, by: User, at: datetime) -> None:
    """Takes the case from whom it bars, and gives it to others on duty; in the caller's transaction.

    Whoever is implicated by name or office loses it whatever comes; recovery stays. Where nobody else could open it,
    those whose organisation is named, or who declared a conflict, keep it. Either leaves a conflict open for the
    coordination, and so does an entity's own reader who loses it.
    """
    keys = reader.open_parts(case.pk)
    if Part.GUARD not in keys:
        return
    guard = guard_of(case, keys[Part.GUARD])
    officers = [user for user in officers_of(case) if not is_entity_handler(case, user)]
    barred = _barred_officers(officers, guard.implicated, facts)
    staying = [user for user in officers if user not in barred]
    joining = stand_in(staying, guard.implicated, facts.organisation_id) if barred else []
    is_alone = bool(barred) and not (staying or joining)
    others = _barred_others(case, guard)
    gone = [*others, *(user for user in barred if not is_alone or is_barred_by_name(user, guard))]
    add_wraps(case.pk, keys, [(key, EVERYTHING) for key in joining])
    drop_wraps(case.pk, keys_of(gone))
    if gone:
        rekey(case, reader, at=at)
    if gone or is_alone:
        audit.record("psea.sealedcase.leave_out", by=by, target=case, using=VAULT, at=at, gone=len(gone))
        tell(people_of(joining), Notice.ACT, "joined", case.pk, at, at=at)
    if others or is_alone:
        SealedCase.objects.using(VAULT).filter(pk=case.pk, conflict_at=None).update(conflict_at=at)
        tell(coordination_of(case), Notice.ACT, "conflict", case.pk, at, at=at)


def _barred_officers(officers: list[User], implicated: Implicated, facts: Facts) -> list[User]:
    concerned = [facts.organisation_id] if facts.organisation_id is not None else []
    conflicted = in_conflict({*implicated.organisations, *concerned})
    return [user for user in officers if not implicated.spares(user) or user.pk in conflicted]


def _barred_others(case: SealedCase, guard: Guard) -> list[User]:
    """Of the concerned entity those implicated by name or office; of the coordination, by organisation too."""
    entity = [user for user in readers_of(case, Role.PSEA_FOCAL_POINT) if is_entity_handler(case, user)]
    coordination = readers_of(case, Role.PSEA_COORDINATOR)
    return [
        *(user for user in entity if is_barred_by_name(user, guard)),
        *(user for user in coordination if not guard.implicated.spares(user)),
    ]
