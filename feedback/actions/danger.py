"""Words that suggest danger: a clock of an hour, and somebody named who must call. It only ever raises.

The matter stays in its lane. In the vault the same clock runs for the officers on duty (`psea.clocks`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.index import keyed_hash
from core.transitions import Refused
from directory.models import User
from directory.notices import Notice, notify
from feedback.danger import call_by
from feedback.enums import CaseState, Priority
from feedback.models import Case
from feedback.recipients import danger_contacts

ENDED = (CaseState.MERGED, CaseState.PROTECTED)


def raise_danger(case: Case, *, at: datetime) -> None:
    """Starts the clock of this locked case, unless it runs; those who must call are told, without content."""
    if case.is_in_danger:
        return
    now = timezone.now()
    case.danger_at, case.danger_due_at, case.danger_over_at = at, call_by(now), None
    case.priority = Priority.EMERGENCY
    case.save(update_fields=["danger_at", "danger_due_at", "danger_over_at", "priority"])
    _tell(case, Notice.ACT)


@transaction.atomic
def danger_over(case_id: Any, *, by: User, at: datetime | None = None) -> Case:
    """Somebody called, and the danger is dealt with: the clock stops. Raises Refused."""
    case = Case.objects.select_for_update().get(pk=case_id)
    reason = case.may("triage", by)
    if reason is not None:
        raise Refused(reason)
    if not case.is_in_danger:
        raise Refused(_("Aucun danger n’est signalé ici."))
    case.danger_over_at = at or timezone.now()
    case.save(update_fields=["danger_over_at"])
    audit.record("feedback.case.danger_over", by=by, target=case, at=at)
    return case


def remind_of_danger(now: datetime) -> int:
    """Says again, each hour once the first is over, that somebody must call. Out: how many wait.

    As in the vault (`psea.clocks`), so that the hours of notices do not tell which lane they come from.
    """
    late = Case.objects.in_danger().filter(danger_due_at__lte=now).exclude(state__in=ENDED)
    for case in late:
        waited = now - case.danger_due_at if case.danger_due_at is not None else timedelta(0)
        _tell(case, Notice.LATE, turn=int(waited / timedelta(hours=1)))
    return len(late)


def _tell(case: Case, notice: Notice, *, turn: int = 0) -> None:
    about = f"{case.pk}:{case.danger_at}:{notice.value}:{turn}"
    notify(danger_contacts(case), notice, dedupe_key=keyed_hash(about, "danger-notice"), is_urgent=True)
