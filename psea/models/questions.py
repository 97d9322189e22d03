from __future__ import annotations

from django.db import models

from core.marks import MarkField
from core.sealed_models import SealedField, SealedModel
from psea.models.cases import SealedCase


class Question(SealedModel):
    """What handlers ask the person in writing, for whoever holds number and code together.

    `words` is for the handlers, under the case's own key, as a note is. `for_person` is under a key drawn from number
    and code, which we do not keep: it opens only while the person gives both.
    """

    case = models.ForeignKey(SealedCase, models.CASCADE, related_name="questions")
    holder_tag = MarkField(max_length=64, db_index=True, vault=True)
    words = SealedField()
    for_person = SealedField()
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)
