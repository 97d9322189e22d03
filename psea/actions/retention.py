"""How long the vault keeps what is over (facts.md §4): each figure is a setting, a proposal of ours and not a norm."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from core import audit
from core.actors import Actor
from directory.notices import Notice
from psea.actions.copy_held import destroy_due, words_go_at
from psea.actions.holds import kept_cases
from psea.databases import VAULT
from psea.duty import coordination_of, readers_of, tell
from psea.enums import OVER, TAKEN_UP
from psea.mailboxes import traces_of
from psea.models import HandedCopy, PhoneTrace, Receipt, SealedCase, SealedMessage

BATCH = 200
# So long before words, and then the bare row, are destroyed, whoever reads the case is told, and may ask for a hold.
WORDS_WARNED = timedelta(days=7)
ROW_WARNED = timedelta(days=30)


def forget_what_is_over(*, by: Actor, at: datetime) -> int:
    """The words that the entities hold, the bare rows that have served, and traces that have expired.

    Out: how many cases it touched. Safe to run twice.
    """
    _warn(at)
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

    What is still open is kept whatever its age, and so is what still has words: an entity has yet to confirm its copy;
    and that of which a copy is outside: somebody has yet to say that it is destroyed.
    """
    over = Q(pk__in=[])
    for state in sorted(OVER):
        over |= Q(state=state, state_since__lt=at - _kept_for(state))
    cases = SealedCase.objects.using(VAULT).filter(over, words_destroyed_at__isnull=False, conflict_at=None)
    outside = HandedCopy.objects.using(VAULT).filter(case=OuterRef("pk"), destroyed_on=None)
    return cases.exclude(Exists(outside)).exclude(pk__in=kept_cases(at))


def goes_at(case: SealedCase, at: datetime) -> datetime | None:
    """When the words of this case, or then what is left of it, are destroyed, if that is near and nothing keeps it."""
    return None if case.pk in kept_cases(at) else _near(case, at)


def _near(case: SealedCase, at: datetime) -> datetime | None:
    """As `goes_at`, where no hold keeps it."""
    if case.conflict_at is not None:
        return None
    if case.words_destroyed_at is None:
        goes, warned = words_go_at(case), WORDS_WARNED
    else:
        goes, warned = case.state_since + _kept_for(case.state) if case.state in OVER else None, ROW_WARNED
    return goes if goes is not None and goes - at <= warned else None


def _kept_for(state: str) -> timedelta:
    """How long the bare row of a case stays that ended so."""
    return timedelta(days=settings.RETENTION_SEALED_BY_OUTCOME.get(state, settings.RETENTION_SEALED_STUB_DAYS))


def _warn(at: datetime) -> None:
    """Tells, once, whoever reads a case that is about to lose its words or go, and the coordination."""
    near = Q(words_destroyed_at=None, copy_held_at__isnull=False, state__in=sorted(TAKEN_UP))
    near |= Q(words_destroyed_at__isnull=False, state__in=sorted(OVER))
    for case in SealedCase.objects.using(VAULT).filter(near).exclude(pk__in=kept_cases(at)):
        goes = _near(case, at)
        if goes is not None:
            people = {user.pk: user for user in (*readers_of(case), *coordination_of(case))}
            tell(people.values(), Notice.INFO, "goes", case.pk, goes.date(), at=at)


def _remove(case_id: UUID, *, by: Actor, at: datetime) -> None:
    """The row goes with its wraps, its survivors and their services; the ledger's figures were counted long before."""
    with transaction.atomic(using=VAULT):
        case = SealedCase.objects.using(VAULT).select_for_update().get(pk=case_id)
        audit.record("psea.sealedcase.remove", by=by, target=case, using=VAULT, at=at)
        for rows in traces_of(case):
            rows.delete()
        SealedMessage.objects.using(VAULT).filter(thread_tag=case.thread_tag).delete()
        case.delete(using=VAULT)
