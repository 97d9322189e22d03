from __future__ import annotations

from typing import ClassVar

from django.db import models

from core.sealing import Context
from psea.ring import out_of_ring, under_ring


class Ringed(models.Model):
    """A row of which one field opens nothing unless a key of the vault's ring opens it first (`psea.ring`)."""

    RINGED: ClassVar[str]

    class Meta:
        abstract = True

    def ring_context(self) -> Context:
        """Where that field lives; what its outer layer is bound to."""
        return Context(self._meta.db_table, str(self.pk), f"{self.RINGED} in the ring")

    def put_under_ring(self, blob: bytes) -> None:
        """In: what a reader's key opens. Saving is the caller's."""
        setattr(self, self.RINGED, under_ring(blob, self.ring_context()))

    def out_of_ring(self) -> bytes:
        """What a reader's key opens. Raises SealBroken once its ring key has left."""
        return out_of_ring(bytes(getattr(self, self.RINGED) or b""), self.ring_context())
