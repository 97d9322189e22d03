"""The accountability track after transmission: the entity's statuses, and what comes back from it."""

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
from psea.actions.rekeying import mark_for_rekeying
from psea.databases import VAULT
from psea.duty import readers_of, tell
from psea.enums import KeyKind
from psea.models import HandlerKey, SealedCase
from psea.tags import is_entity
from psea.wraps import drop_wraps

STEPS = frozenset(
    {
        "acknowledge",
        "assess",
        "investigate",
        "substantiate",
        "not_substantiate",
        "lack_information",
        "not_investigate",
        "close_otherwise",
    }
)


def advance(*, case_id: UUID, act: str, by: User, at: datetime | None = None, seen: str | None = None) -> SealedCase:
    """One step of the entity (`STEPS`): acknowledgement, preliminary assessment, investigation, outcome."""
    if act not in STEPS:
        raise Refused(_("Cet acte n'existe pas."))
    case_for(case_id, by)
    moved = move(SealedCase, case_id, act, by=by, at=at, using=VAULT, seen=seen)
    tell(readers_of(moved, Role.PSEA_COORDINATOR), Notice.INFO, act, case_id, moved.state_since, at=at)
    return moved


def acknowledge(*, case_id: UUID, by: User, at: datetime | None = None, seen: str | None = None) -> SealedCase:
    """The entity says that it has the case."""
    return advance(case_id=case_id, act="acknowledge", by=by, at=at, seen=seen)


def not_ours(*, case_id: UUID, by: User, at: datetime | None = None, seen: str | None = None) -> SealedCase:
    """The entity says that it is not concerned: its wraps go, and the case is back with the officers.

    The entity's people lose it; an officer who is also of that entity keeps what they had as officer.
    """
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        case = case_for(case_id, by)
        if case.copy_held_at is not None:
            # Its officers read the words no more: given back, nobody could.
            raise Refused(_("L’entité détient sa copie : elle ne peut plus le rendre, seulement le clore."))
        moved = move(SealedCase, case_id, "not_ours", by=by, at=moment, using=VAULT, seen=seen)
        _drop_entity_wraps(moved, case.entity_tag, moment)
    tell(readers_of(moved, Role.PSEA_INTAKE_OFFICER), Notice.ACT, "not_ours", case_id, moment, at=at)
    tell(readers_of(moved, Role.PSEA_COORDINATOR), Notice.INFO, "not_ours", case_id, moment, at=at)
    return moved


def reopen(*, case_id: UUID, by: User, at: datetime | None = None, seen: str | None = None) -> SealedCase:
    """Something new after an outcome: the case waits for a transmission again."""
    case_for(case_id, by)
    moved = move(SealedCase, case_id, "reopen", by=by, at=at, using=VAULT, seen=seen)
    tell(readers_of(moved, Role.PSEA_INTAKE_OFFICER), Notice.ACT, "reopened", case_id, moved.state_since, at=at)
    return moved


def _drop_entity_wraps(case: SealedCase, tag: str, at: datetime) -> None:
    officers = {user.pk for user in User.objects.with_role(Role.PSEA_INTAKE_OFFICER, Role.PSEA_COORDINATOR)}
    keys = HandlerKey.objects.using(VAULT).exclude(kind=KeyKind.RECOVERY)
    theirs = [key for key in keys if key.user_id not in officers and is_entity(tag, key.organisation_id or 0)]
    if drop_wraps(case.pk, theirs):
        mark_for_rekeying(case, at)
