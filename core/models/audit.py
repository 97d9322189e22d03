from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class AuditEntry(models.Model):
    """One act, or one read of a confidential record. Codes and ids only, never text.

    The same table stands in both databases; a job chains committed rows by hash (`core.audit.chain`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recorded_at = models.DateTimeField(db_index=True)
    happened_at = models.DateTimeField()
    act = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=40, blank=True)
    target_table = models.CharField(max_length=60, blank=True)
    target_id = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    position = models.BigIntegerField(null=True, unique=True)
    chain_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["target_table", "target_id"], name="audit_by_target")]
        constraints = [
            models.CheckConstraint(
                condition=Q(position=None, chain_hash="")
                | (Q(position__isnull=False, position__gt=0) & ~Q(chain_hash="")),
                name="audit_chained_or_not",
            )
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.target_table} {self.target_id}"


class AuditHead(models.Model):
    """What one commitment of a checkpoint opens to: how long this database's chain was, and its last hash.

    Each database keeps its own: how much happens in the vault is known nowhere else.
    """

    commitment = models.CharField(primary_key=True, max_length=64)
    nonce = models.CharField(max_length=64)
    size = models.BigIntegerField()
    chain_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.commitment


class Checkpoint(models.Model):
    """What was published of both chains at one moment: `line` is that very text, signed. Kept for good."""

    number = models.BigIntegerField(primary_key=True)
    made_at = models.DateTimeField(db_index=True)
    digest = models.CharField(max_length=64, help_text="of what was signed: the next one names it")
    line = models.TextField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(number__gt=0), name="checkpoints_count_from_one")]

    def __str__(self) -> str:
        return str(self.number)
