from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from psea.enums import Width


class Release(models.Model):
    """The ledger of what left the vault as a figure, or was held back. Rows are written once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measure = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    width = models.CharField(max_length=10, choices=Width.choices)
    first_day = models.DateField()
    last_day = models.DateField()
    is_published = models.BooleanField()
    numerator = models.PositiveIntegerField(null=True)
    denominator = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True, help_text="keyed hash of the counted ids; stays here")
    closed_at = models.DateTimeField()

    class Meta:
        ordering = ["measure", "first_day", "last_day"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "first_day", "last_day"], name="psea_release_once"),
            models.CheckConstraint(
                condition=models.Q(is_published=True, numerator__isnull=False, denominator__isnull=False)
                | models.Q(is_published=False, numerator__isnull=True, denominator__isnull=True),
                name="psea_release_has_figures_iff_published",
                violation_error_message=_("Une valeur retenue n'a pas de chiffres."),
            ),
            models.CheckConstraint(
                condition=models.Q(first_day__lt=models.F("last_day")), name="psea_release_period_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.first_day}–{self.last_day}"
