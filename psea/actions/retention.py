"""How long the vault keeps what is over (facts.md §4): each figure is a setting, a proposal of ours and not a norm."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from core import audit
from core.actors import Actor
from psea.actions.copy_held import destroy_due
from psea.actions.holds import kept_cases
from psea.databases import VAULT
from psea.enums import OUTCOMES, CaseState
from psea.mailboxes import traces_of
from psea.models import PhoneTrace, Receipt, SealedCase, SealedMessage

BATCH = 200


def forget_what_is_over(*, by: Actor, at: datetime) -> int:
    """The words that the entities hold, the bare rows that have served, and traces that have expired.

    Out: how many cases it touched. Safe to run twice.
    """
    words = destroy_due(by=by, at=at)
    ids = list(stubs_over(at).values_list("pk", flat=True)[:BATCH])
    for case_id in ids:
        _remove(case_id, by=by, at=at)
    with transaction.atomic(using=VAULT):
        for rows in (
            Receipt.objects.using(VAULT).filter(expires__lt=at),
            PhoneTrace.objects.using(VAULT).filter(until__lt=at),
        ):
            rows.delete()
    return words + len(ids)


def stubs_over(at: datetime) -> QuerySet[SealedCase]:
    """Ended cases without words, whose dates and states have been kept long enough.

    What is still open is kept whatever its age, and so is what still has words: an entity has yet to confirm its copy.
    """
    over = at - timedelta(days=settings.RETENTION_SEALED_STUB_DAYS)
    ended = sorted(OUTCOMES | {CaseState.RECLASSIFIED})
    found = SealedCase.objects.using(VAULT).filter(
        state__in=ended, state_since__lt=over, words_destroyed_at__isnull=False, conflict_at=None
    )
    return found.exclude(pk__in=kept_cases(at))


def _remove(case_id: UUID, *, by: Actor, at: datetime) -> None:
    """The row goes with its wraps, its survivors and their services; the ledger's figures were counted long before."""
    with transaction.atomic(using=VAULT):
        case = SealedCase.objects.using(VAULT).select_for_update().get(pk=case_id)
        audit.record("psea.sealedcase.remove", by=by, target=case, using=VAULT, at=at)
        for rows in traces_of(case):
            rows.delete()
        SealedMessage.objects.using(VAULT).filter(thread_tag=case.thread_tag).delete()
        case.delete(using=VAULT)
