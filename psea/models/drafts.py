from __future__ import annotations

from django.db import models

from core.sealed_models import SealedField, SealedModel
from psea.models.ringed import Ringed


class VaultDraft(Ringed, SealedModel):
    """What somebody was typing when the vault closed over it: sealed to their own key, where it was going included."""

    user_id = models.BigIntegerField(db_index=True)
    wrapped_key = models.BinaryField()
    typed = SealedField()
    kept_at = models.DateTimeField()

    RINGED = "wrapped_key"

    class Meta:
        ordering = ["-kept_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)
