from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from core.sealed_models import SealedField, SealedModel
from psea.models.keys import HandlerKey


class RecoveryShare(models.Model):
    """The private half of a recovery key in two envelopes, one in the other: `first` opens the outer one.

    There is one for each ordered pair of custodians of two organisations, so that any two may come in any order, and
    none alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recovery_key = models.ForeignKey(HandlerKey, models.CASCADE, related_name="shares")
    first = models.ForeignKey(HandlerKey, models.CASCADE, related_name="+")
    second = models.ForeignKey(HandlerKey, models.CASCADE, related_name="+")
    blob = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recovery_key", "first", "second"], name="psea_one_share_per_pair"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="psea_share_is_of_two"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Recovery(SealedModel):
    """Somebody asks two custodians to open one case, or all that is theirs, to a person whom their role entitles to it.

    The reason is sealed, its key wrapped in `reason_keys` (key id → wrap, in hexadecimal) to those who decide.
    `halves`: what the first custodian opened, still closed to all but a second one.
    """

    user_id = models.BigIntegerField(help_text="who is to read")
    case_id = models.UUIDField(null=True, help_text="the case; none: all that the person's role entitles them to")
    reason = SealedField()
    reason_keys = models.JSONField(default=dict)
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    first_by = models.BigIntegerField(null=True)
    first_at = models.DateTimeField(null=True)
    halves = models.JSONField(default=dict, help_text="share id → inner envelope, in hexadecimal")
    second_by = models.BigIntegerField(null=True)
    done_at = models.DateTimeField(null=True)
    opened = models.PositiveIntegerField(default=0, help_text="cases that were opened to the person")
    refused_by = models.BigIntegerField(null=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | (Q(first_by__isnull=False) & ~Q(second_by=F("first_by"))),
                name="psea_recovery_is_by_two",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.refused_at is None
