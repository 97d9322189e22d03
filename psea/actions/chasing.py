"""Asking the entity for news, and ringing round for a case that nobody opened: what was done, never what was said."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.transitions import Refused
from directory.models import User
from directory.roles import Role
from psea.actions.opening import case_for, locked_case_for
from psea.clocks import MOVING
from psea.databases import VAULT
from psea.duty import called_first, everyone_to_ring
from psea.enums import CaseState, Heard
from psea.models import DutyCall, SealedCase

WHO_CHASE = (Role.PSEA_INTAKE_OFFICER, Role.PSEA_COORDINATOR)


def chase(*, case_id: UUID, heard: Heard, by: User, at: datetime | None = None) -> SealedCase:
    """An officer or the coordination asked the entity for news; silence and "nothing new" are chased again later."""
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        case = locked_case_for(case_id, by)
        if not may_chase(case, by):
            raise Refused(_("Il n’y a pas d’entité à relancer."))
        SealedCase.objects.using(VAULT).filter(pk=case.pk).update(chased_at=moment, chase_heard=heard)
        case.chased_at, case.chase_heard = moment, heard
        audit.record("psea.sealedcase.chased", by=by, target=case, using=VAULT, at=moment, heard=str(heard))
    return case


def may_chase(case: SealedCase, by: User) -> bool:
    """Whether the entity owes news of this case, and the person is one who asks for them."""
    return case.state in MOVING and by.has_role(*WHO_CHASE)


def ring_order(case: SealedCase) -> list[User]:
    """Whom to ring when nobody opened: the first on duty, others who can open it, the coordination, the custodians."""
    return list(dict.fromkeys([*called_first(case), *everyone_to_ring(case)]))


def note_call(*, case_id: UUID, user_id: int, was_reached: bool, by: User, at: datetime | None = None) -> DutyCall:
    """Somebody of the list was rung about a case that waits. Raises Refused once it is open, or for anyone else."""
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        case = case_for(case_id, by)
        if not waits(case):
            raise Refused(_("Ce signalement est ouvert : il n’y a plus personne à appeler."))
        if user_id not in {user.pk for user in ring_order(case)}:
            raise Refused(_("Cette personne n’est pas de la liste."))
        call = DutyCall(case=case, user_id=user_id, rung_by=by.pk, rung_at=moment, was_reached=was_reached)
        call.save(using=VAULT, force_insert=True)
        audit.record("psea.dutycall.add", by=by, target=case, using=VAULT, at=moment, rung=user_id, reached=was_reached)
    return call


def waits(case: SealedCase) -> bool:
    """Whether nobody has opened it yet."""
    return case.opened_at is None and case.state == CaseState.RECEIVED
