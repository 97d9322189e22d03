"""An entity outside Jaabi holds its copy: an officer enters its signed paper, and a second person confirms it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.transitions import Refused
from directory.models import User
from directory.notices import Notice
from directory.roles import Role
from psea.actions.copy_held import mark_held, note_stated
from psea.actions.opening import locked_case_for
from psea.databases import VAULT
from psea.duty import readers_of, tell
from psea.enums import TAKEN_UP
from psea.models import SealedCase
from psea.readers import Reader
from psea.rights import is_by_hand


def state_copy(
    *,
    case_id: UUID,
    reference: str,
    held_on: date,
    statement: str,
    reader: Reader,
    by: User,
    at: datetime | None = None,
) -> SealedCase:
    """An officer enters the reference, the day and the sentence of the entity's paper; nothing goes yet.

    Entered again before it is confirmed, the last one counts. Raises Refused.
    """
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        case = locked_case_for(case_id, by)
        reader.check_is(by)
        if not may_state(case, by):
            raise Refused(_("Une personne de garde le relève, une fois que l’entité à qui il a été remis a accusé."))
        note_stated(case, reader, reference=reference, held_on=held_on, statement=statement, at=moment)
        SealedCase.objects.using(VAULT).filter(pk=case.pk).update(copy_stated_by=by.pk, copy_stated_at=moment)
        case.copy_stated_by, case.copy_stated_at = by.pk, moment
        audit.record("psea.sealedcase.state_copy", by=by, target=case, using=VAULT, at=moment)
    others = [user for user in readers_of(case) if user != by]
    tell(others, Notice.ACT, "copy_stated", case.pk, moment, at=at)
    return case


def confirm_copy(*, case_id: UUID, by: User, at: datetime | None = None) -> SealedCase:
    """A second person has seen the paper: from then on it is as if the entity had confirmed it here. Raises Refused."""
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        case = locked_case_for(case_id, by)
        if case.copy_stated_at is None or not _waits(case):
            raise Refused(_("Aucune copie n’attend d’être confirmée."))
        if case.copy_stated_by == by.pk:
            raise Refused(_("Une autre personne doit le confirmer."))
        mark_held(case, by=by, at=moment)
    return case


def may_state(case: SealedCase, by: User) -> bool:
    """Whether this person may enter the paper of the entity now."""
    return _waits(case) and by.has_role(Role.PSEA_INTAKE_OFFICER)


def may_confirm(case: SealedCase, by: User) -> bool:
    """Whether this person may be the second one."""
    return _waits(case) and case.copy_stated_at is not None and case.copy_stated_by != by.pk


def _waits(case: SealedCase) -> bool:
    """Taken up by an entity that was reached by hand, and not held yet; never while a conflict is open."""
    is_taken_up = is_by_hand(case) and case.state in TAKEN_UP
    return is_taken_up and case.copy_held_at is None and case.conflict_at is None
