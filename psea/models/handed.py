from __future__ import annotations

from django.db import models

from core.sealed_models import SealedField, SealedModel
from psea.models.cases import SealedCase


class HandedCopy(SealedModel):
    """A copy that went to an investigator outside, as a file that their key or passphrase opens. We keep none of it.

    `mark` stands on every part of the copy. To whom it went is sealed with the routing facts.
    """

    case = models.ForeignKey(SealedCase, models.CASCADE, related_name="handed_copies")
    mark = models.CharField(max_length=12)
    to_whom = SealedField()
    handed_by = models.BigIntegerField()
    handed_at = models.DateTimeField()
    expires_on = models.DateField(help_text="by then the copy is destroyed, and we are told")
    destroyed_on = models.DateField(null=True, help_text="its holder said that it is destroyed")

    class Meta:
        ordering = ["handed_at", "id"]

    def __str__(self) -> str:
        return self.mark
