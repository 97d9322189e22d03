"""The audit: every act, and every read of a confidential record, in the act's own transaction.

Rows are written unchained, so that acts do not wait for one another; a job chains committed rows by
hash within seconds. The chain shows any later edit, removal or insertion among chained rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Model
from django.utils import timezone

from core.actors import Actor
from core.models import AuditEntry

Fact = str | int | bool | None
BATCH = 500


def record(
    act: str,
    *,
    by: Actor,
    target: Model | None = None,
    using: str = "default",
    at: datetime | None = None,
    **facts: Fact,
) -> None:
    """Writes one row. `at` is when the fact happened; audit time is always now. Facts are codes and ids."""
    now = timezone.now()
    AuditEntry(
        act=act,
        actor_kind=by.actor_kind,
        actor_id=by.actor_id,
        target_table=target._meta.db_table if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        recorded_at=now,
        happened_at=at or now,
        facts=facts,
    ).save(using=using, force_insert=True)


def chain(using: str = "default") -> int:
    """Chains the rows committed since the last time, and returns how many. The caller holds the lease."""
    with transaction.atomic(using=using):
        rows = AuditEntry.objects.using(using)
        position = rows.aggregate(last=Max("position"))["last"] or 0
        previous = rows.get(position=position).chain_hash if position else ""
        fresh = list(rows.filter(position__isnull=True).order_by("recorded_at", "id")[:BATCH])
        for entry in fresh:
            position += 1
            previous = entry_hash(entry, position, previous)
            entry.position, entry.chain_hash = position, previous
        rows.bulk_update(fresh, ["position", "chain_hash"])
    return len(fresh)


def verify(using: str = "default") -> list[str]:
    """The chain's faults, in words; an empty list when it holds."""
    return list(_faults(using))


def entry_hash(entry: AuditEntry, position: int, previous: str) -> str:
    """SHA-256 over the previous hash and every field of the row, in canonical JSON."""
    said = [
        previous,
        position,
        str(entry.id),
        entry.recorded_at.isoformat(),
        entry.happened_at.isoformat(),
        entry.act,
        entry.actor_kind,
        entry.actor_id,
        entry.target_table,
        entry.target_id,
        entry.facts,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _faults(using: str) -> Iterator[str]:
    previous, expected = "", 1
    for entry in AuditEntry.objects.using(using).filter(position__isnull=False).order_by("position").iterator():
        if entry.position != expected:
            yield f"{using}: position {expected} is missing"
            expected = entry.position or expected
        if entry.chain_hash != entry_hash(entry, entry.position or 0, previous):
            yield f"{using}: position {entry.position} was altered"
        previous, expected = entry.chain_hash, expected + 1
