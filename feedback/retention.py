"""What is over for longer than the settings keep it, and a job's round of forgetting it (facts.md §4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from core.actors import robot
from core.sheet_acts import forget as forget_files
from feedback.actions import drafts, forget
from feedback.enums import CaseState, Lane
from feedback.models import Case, Sheet, SourceFile

RETENTION = robot("retention")
BATCH = 200


def forget_what_is_over(now: datetime) -> int:
    """Forgets one batch of each kind, one transaction per case; out: how many cases it touched. Safe to run twice."""
    cases, contacts = _ids(cases_over(now)), _ids(contacts_over(now))
    for pk in cases:
        forget.forget_case(pk, by=RETENTION, at=now)
    for pk in contacts:
        forget.forget_contact(pk, by=RETENTION, at=now)
    forget.forget_envelopes(now - _days(settings.RETENTION_ENVELOPE_DAYS), by=RETENTION)
    forget.forget_quarantine(now - _days(settings.QUARANTINE_DAYS), by=RETENTION)
    forget.forget_telephones(now - _days(settings.RETENTION_CONTACT_DAYS), by=RETENTION)
    drafts.forget_drafts(now - _days(settings.RETENTION_DRAFT_DAYS), by=RETENTION)
    for kind in (Sheet, SourceFile):
        forget_files(kind, now - _days(settings.RETENTION_DRAFT_DAYS), by=RETENTION)
    return len(cases) + len(contacts)


def cases_over(now: datetime) -> QuerySet[Case]:
    """Ended cases whose texts have been kept long enough, each lane by its own setting."""
    kept = {Lane.ORDINARY: settings.RETENTION_ORDINARY_DAYS, Lane.RESTRICTED: settings.RETENTION_RESTRICTED_DAYS}
    over = Q(pk__in=[])
    for lane, days in kept.items():
        over |= Q(lane=lane) & _ended_before(now - _days(days))
    return Case.objects.filter(over, forgotten_at=None).order_by("received_at")


def contacts_over(now: datetime) -> QuerySet[Case]:
    """Ended cases whose person need not be reached any more."""
    has_contact = Q(contact__isnull=False) | Q(name__isnull=False) | ~Q(phone_hash="")
    before = now - _days(settings.RETENTION_CONTACT_DAYS)
    return Case.objects.filter(has_contact, _ended_before(before), forgotten_at=None).order_by("received_at")


def _ended_before(moment: datetime) -> Q:
    """Closed and silent since; a duplicate follows the case that it was joined to."""
    closed = Q(state=CaseState.CLOSED, closed_at__lt=moment, last_spoke_at__lt=moment, has_unread_words=False)
    joined = Q(state=CaseState.MERGED, merged_into__state=CaseState.CLOSED, merged_into__closed_at__lt=moment)
    return closed | joined | Q(state=CaseState.MERGED, merged_into__forgotten_at__isnull=False)


def _ids(cases: QuerySet[Case]) -> list[Any]:
    return list(cases.values_list("pk", flat=True)[:BATCH])


def _days(count: int) -> timedelta:
    return timedelta(days=count)
