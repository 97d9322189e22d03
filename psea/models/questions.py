from __future__ import annotations

from django.db import models

from core.marks import MarkField
from core.sealed_models import SealedField, SealedModel
from core.sealing import seal, unseal
from psea.models.cases import SealedCase
from psea.models.ringed import Ringed


class Question(Ringed, SealedModel):
    """What handlers ask the person in writing, for whoever holds number and code together.

    `words` is for the handlers, under the case's own key, as a note is. `for_person` is under a key drawn from number
    and code, which we do not keep: it opens only while the person gives both, and under the ring: whoever has
    `VAULT_INDEX_KEY`, which never leaves, could try every number and code against an old copy.
    """

    case = models.ForeignKey(SealedCase, models.CASCADE, related_name="questions")
    holder_tag = MarkField(max_length=64, db_index=True, vault=True)
    words = SealedField()
    for_person = SealedField()
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()

    RINGED = "for_person"

    class Meta:
        ordering = ["asked_at", "id"]

    def seal_for_person(self, key: bytes, words: str) -> None:
        """Under a key drawn from number and code; saving is the caller's."""
        self.put_under_ring(seal(key, words.encode(), self.sealing_context("for_person")))

    def opened_for_person(self, key: bytes) -> str:
        """Raises SealBroken."""
        return unseal(key, self.out_of_ring(), self.sealing_context("for_person")).decode()

    def __str__(self) -> str:
        return str(self.pk)
