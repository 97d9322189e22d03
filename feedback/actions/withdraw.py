"""The person no longer wants their request passed on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actors import Actor
from core.transitions import Conflict, Refused, react
from directory.models import User
from feedback.enums import CaseState
from feedback.models import Case


@transaction.atomic
def withdraw(case_id: Any, *, by: Actor, at: datetime | None = None, seen: str | None = None) -> Case:
    """From now on nobody refers it; what is under way elsewhere is taken back by the reactions. Once is enough.

    When it is the person who says so, by SMS, a service under way waits until somebody has spoken with them.
    What ended is withdrawn too: those who hold something of it must erase it.

    Raises Refused; Conflict when `seen` is not the state any more.
    """
    case = Case.objects.select_for_update().get(pk=case_id)
    if seen is not None and case.state != seen:
        raise Conflict(_("Quelqu'un d'autre vient d'agir sur ce dossier. Voici où il en est maintenant."))
    reason = case.may("withdraw", by)
    if reason is not None:
        raise Refused(reason)
    if case.state == CaseState.PROTECTED:
        raise Refused(_("Ce n'est pas possible dans l'état actuel."))
    if case.objects_to_sharing:
        return case
    moment = at or timezone.now()
    case.objects_to_sharing = True
    case.save(update_fields=["objects_to_sharing"])
    react(case, "withdraw", by=by, at=moment)
    audit.record("feedback.case.withdraw", by=by, target=case, at=moment)
    case.refresh_from_db()  # a reaction may have moved it
    return case


def must_speak_with(case_id: Any, *, at: datetime) -> None:
    """A service runs for a person who took their consent back: somebody speaks with them before it is stopped."""
    Case.objects.filter(pk=case_id, to_speak_with_at=None).update(to_speak_with_at=at)


@transaction.atomic
def spoken_with(case_id: Any, *, stops: bool, by: User, at: datetime | None = None) -> Case:
    """Somebody spoke with the person: what runs is stopped now (`stops`), or goes on as they wish. Raises Refused."""
    case = Case.objects.select_for_update().get(pk=case_id)
    reason = case.may("withdraw", by)
    if reason is not None:
        raise Refused(reason)
    if case.to_speak_with_at is None:
        raise Refused(_("Personne n’attend cet appel."))
    moment = at or timezone.now()
    case.to_speak_with_at = None
    case.save(update_fields=["to_speak_with_at"])
    if stops:
        react(case, "stop_services", by=by, at=moment)
    audit.record("feedback.case.spoken_with", by=by, target=case, at=moment, stops=stops)
    case.refresh_from_db()  # a reaction may have moved it
    return case
