from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.sealed_models import SealedField, SealedModel
from psea.models.cases import SealedCase
from psea.querysets import LegalHoldQuerySet


class LegalHold(SealedModel):
    """Nothing of the case may be destroyed: asked by one person, confirmed by another, and lifted the same way.

    The reason is sealed with the routing facts.
    """

    case = models.ForeignKey(SealedCase, models.CASCADE, related_name="holds")
    reason = SealedField()
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    confirmed_by = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    lift_asked_by = models.BigIntegerField(null=True)
    lift_asked_at = models.DateTimeField(null=True)
    lifted_by = models.BigIntegerField(null=True)
    lifted_at = models.DateTimeField(null=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(lifted_at__isnull=True), name="psea_one_hold_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by")),
                name="psea_hold_is_set_by_two",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True)
                | (Q(lift_asked_by__isnull=False) & ~Q(lifted_by=F("lift_asked_by"))),
                name="psea_hold_is_lifted_by_two",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
