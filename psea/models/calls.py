from __future__ import annotations

import uuid

from django.db import models

from psea.models.cases import SealedCase


class DutyCall(models.Model):
    """Somebody was rung about a case that nobody opened: when, and whether they were reached."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(SealedCase, models.CASCADE, related_name="calls")
    user_id = models.BigIntegerField()
    rung_by = models.BigIntegerField()
    rung_at = models.DateTimeField()
    was_reached = models.BooleanField()

    class Meta:
        ordering = ["rung_at", "id"]

    def __str__(self) -> str:
        return str(self.rung_at)
