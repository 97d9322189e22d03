"""The audit: every act, and every read of a confidential record, in the act's own transaction.

Rows are written unchained, so that acts do not wait for one another; a job chains committed rows by hash within
seconds, and checkpoints of both chains are signed and given away (`core.checkpoints`, docs/audit.md).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from core.actors import Actor
from core.audit_hashes import CHAINS, link, row_hash, start_of
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
    """Chains the rows committed since the last time, at most BATCH, and returns how many.

    A row that was committed late comes after those chained before it: places are the order of chaining, not of time.
    Two at once do no harm: the second waits for the first one's rows and then finds them chained; a place is unique.
    """
    with transaction.atomic(using=using):
        rows = AuditEntry.objects.using(using)
        waiting = rows.filter(position=None).order_by("recorded_at", "id")
        fresh = list(waiting.select_for_update()[:BATCH])
        size, last = head(using)  # read once the rows are ours: whoever had them before has chained its own by now
        for entry in fresh:
            size, last = size + 1, link(last, size + 1, row_hash(entry))
            entry.position, entry.chain_hash = size, last
        rows.bulk_update(fresh, ["position", "chain_hash"])
    return len(fresh)


def chain_all(using: str = "default") -> None:
    """As `chain`, until nothing waits."""
    while chain(using) == BATCH:
        continue


def head(using: str = "default") -> tuple[int, str]:
    """How many rows are chained, and the last hash."""
    chained = AuditEntry.objects.using(using).exclude(position=None).order_by("-position")
    found = chained.values_list("position", "chain_hash").first()
    return (found[0] or 0, found[1]) if found else (0, start_of(CHAINS[using]))
