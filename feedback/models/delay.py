from __future__ import annotations

from django.db import models


class UsualDelay(models.Model):
    """How long a first answer took lately, as one night measured it. None: fewer than that share were answered yet."""

    measured_on = models.DateField(unique=True)
    cases = models.PositiveIntegerField()
    median_seconds = models.PositiveBigIntegerField(null=True)
    ninth_seconds = models.PositiveBigIntegerField(null=True, help_text="nine in ten had their answer by then")

    class Meta:
        ordering = ["-measured_on"]

    def __str__(self) -> str:
        return f"{self.measured_on} {self.cases}"
