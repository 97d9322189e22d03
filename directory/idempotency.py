"""A request repeated under the same key is done once. A key is its organisation's own, and ends by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.index import is_same, keyed_hash
from directory.models import IdempotentCall, Organisation

# Whoever has not answered within this is gone: a repeat may begin again.
LONGEST_CALL = timedelta(minutes=2)


class AnotherRequest(Exception):
    """The key was used for another request."""


class StillRunning(Exception):
    """The same request is being answered."""


def fingerprint_of(key: str, route: str, body: bytes) -> str:
    """Of one request; without its key nobody can tell whether a guess of its words is right."""
    return keyed_hash(f"{key}\x1f{route}\x1f{body.decode('latin-1')}", "idempotent-request")


def claim(organisation: Organisation, key: str, fingerprint: str) -> IdempotentCall:
    """The row of this request: fresh, or with the `status` it was answered with. Raises AnotherRequest, StillRunning.

    It is committed before the request is served, so that a second one at the same time is told.
    """
    now = timezone.now()
    key_hash = keyed_hash(f"{organisation.pk}\x1f{key}", "idempotency-key")
    _over(now).filter(key_hash=key_hash).delete()
    ends = now + timedelta(hours=settings.API_IDEMPOTENCY_HOURS)
    if key_hash.older and IdempotentCall.objects.filter(key_hash=key_hash).exists():
        return _known(key_hash, fingerprint)
    row = IdempotentCall(key_hash=key_hash, fingerprint=fingerprint, claimed_at=now, expires_at=ends)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return _known(key_hash, fingerprint)
    return row


def finish(row: IdempotentCall, status: int, made: str) -> None:
    """In the transaction of what was done. Raises StillRunning if another took over: nothing is done twice."""
    if not IdempotentCall.objects.filter(pk=row.pk, status=None).update(status=status, made=made):
        raise StillRunning


def release(row: IdempotentCall) -> None:
    """Nothing was done: the key is free again."""
    IdempotentCall.objects.filter(pk=row.pk, status=None).delete()


def forget_calls(now: datetime, limit: int = 1000) -> int:
    """Drops what has expired; out: how many."""
    old = list(_over(now).values_list("pk", flat=True)[:limit])
    IdempotentCall.objects.filter(pk__in=old).delete()
    return len(old)


def _known(key_hash: str, fingerprint: str) -> IdempotentCall:
    row = IdempotentCall.objects.filter(key_hash=key_hash).first()
    if row is None:
        raise StillRunning
    if not is_same(row.fingerprint, fingerprint):
        raise AnotherRequest
    if row.status is None:
        raise StillRunning
    return row


def _over(now: datetime) -> QuerySet[IdempotentCall]:
    cut_off = Q(status=None, claimed_at__lt=now - LONGEST_CALL)
    return IdempotentCall.objects.filter(cut_off | Q(expires_at__lt=now))
