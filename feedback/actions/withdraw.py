"""The person no longer wants their request passed on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.transitions import Conflict, Refused, react
from directory.models import User
from feedback.models import Case


@transaction.atomic
def withdraw(case_id: Any, *, by: User, at: datetime | None = None, seen: str | None = None) -> Case:
    """From now on nobody refers it; what is under way elsewhere is taken back by the reactions. Once is enough.

    Raises Refused; Conflict when `seen` is not the state any more.
    """
    case = Case.objects.select_for_update().get(pk=case_id)
    if seen is not None and case.state != seen:
        raise Conflict(_("Quelqu'un d'autre vient d'agir sur ce dossier. Voici où il en est maintenant."))
    reason = case.may("withdraw", by)
    if reason is not None:
        raise Refused(reason)
    if not case.is_live:
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
