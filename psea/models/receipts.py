from __future__ import annotations

import uuid

from django.db import models

from core.marks import MarkField
from psea.enums import Stage
from psea.tags import bound_anew


class Receipt(models.Model):
    """Where a receipt number stands, in three words. Nothing in the row leads to its case.

    `mailbox` is a public key: what the person adds later is sealed to it, and only those who can open the
    case hold its private half.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    receipt_hash = MarkField(max_length=64, db_index=True, vault=True)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.RECEIVED)
    since = models.DateField()
    expires = models.DateTimeField()
    mailbox = models.BinaryField(null=True)

    def __str__(self) -> str:
        return self.stage

    def bound_to_marks(self) -> dict[str, bytes]:
        """What follows when the mark goes over to another key."""
        return bound_anew(self.receipt_hash, self.mailbox)


class PhoneTrace(models.Model):
    """Until when what a telephone sends is sealed without being read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    phone_hash = MarkField(max_length=64, db_index=True, vault=True)
    until = models.DateTimeField()
    mailbox = models.BinaryField(null=True)

    def __str__(self) -> str:
        return str(self.until)

    def bound_to_marks(self) -> dict[str, bytes]:
        """As for a receipt."""
        return bound_anew(self.phone_hash, self.mailbox)
