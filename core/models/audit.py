from __future__ import annotations

import uuid

from django.db import models


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

    def __str__(self) -> str:
        return f"{self.act} {self.target_table} {self.target_id}"
