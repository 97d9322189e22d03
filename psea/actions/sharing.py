"""Bringing a colleague back in: after a lost key, or a new arrival."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import Actor
from core.transitions import Refused
from directory.models import User
from directory.roles import HANDLERS, Role
from psea.actions.leaving_out import guard_of
from psea.databases import VAULT
from psea.duty import entity_keys
from psea.enums import Part
from psea.facts import Facts, Guard
from psea.models import SealedCase
from psea.readers import Reader
from psea.rights import is_entity_handler
from psea.rota import in_conflict
from psea.trust import Approved, approved_keys
from psea.wraps import ALL_BUT_WORDS, EVERYTHING, FACTS_ONLY, add_wraps


def share_cases(*, colleague: User, reader: Reader, by: User, at: datetime | None = None) -> int:
    """Wraps to a colleague's living key what their role entitles them to, out of what the actor's key opens.

    Never a case that implicates the colleague. Returns for how many cases something was added.
    """
    if not by.has_role(*HANDLERS):
        raise Refused(_("Seules les personnes habilitées partagent leurs dossiers."))
    reader.check_is(by)
    key = approved_key_of(colleague)
    ids = list(SealedCase.objects.visible_to(by).values_list("pk", flat=True))
    return sum(share_one(case_id, colleague, key, reader, by=by, at=at) for case_id in ids)


def share_one(case_id: UUID, colleague: User, key: Approved, reader: Reader, *, by: Actor, at: datetime | None) -> bool:
    """One case in its own transaction, so that a long list can be taken up again where it stopped."""
    with transaction.atomic(using=VAULT):
        case = SealedCase.objects.using(VAULT).select_for_update().get(pk=case_id)
        keys = reader.open_parts(case.pk)
        if Part.GUARD not in keys:
            return False
        guard = guard_of(case, keys[Part.GUARD])
        facts = Facts.from_json(case.unseal_with(keys[Part.FACTS], "facts"))
        if not add_wraps(case.pk, keys, [(key, _entitled(case, colleague, key, guard, facts))]):
            return False
        audit.record("psea.sealedcase.share", by=by, target=case, using=VAULT, at=at, to=colleague.pk)
    return True


def approved_key_of(colleague: User) -> Approved:
    """A person's living key, approved by two coordinators. Raises Refused."""
    found = next((key for key in approved_keys() if key.user_id == colleague.pk), None)
    if found is None:
        raise Refused(_("Cette personne n’a pas de clé active, ou elle n’est pas encore approuvée."))
    return found


def _entitled(case: SealedCase, user: User, key: Approved, guard: Guard, facts: Facts) -> tuple[Part, ...]:
    """What this person's role entitles them to of a case, by the rules of reception and transmission."""
    if is_entity_handler(case, user) and key in entity_keys(user.organisation_id, guard):
        return EVERYTHING
    concerned = [facts.organisation_id] if facts.organisation_id is not None else []
    if not guard.implicated.spares(user) or user.pk in in_conflict({*guard.implicated.organisations, *concerned}):
        return ()
    if user.has_role(Role.PSEA_INTAKE_OFFICER) and Role.PSEA_INTAKE_OFFICER.value in key.may:
        return ALL_BUT_WORDS if case.copy_held_at is not None else EVERYTHING
    is_coordination = user.has_role(Role.PSEA_COORDINATOR) and Role.PSEA_COORDINATOR.value in key.may
    return FACTS_ONLY if is_coordination else ()
