from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.periods import Quarter
from directory.models import User
from workplan.models.plan import Plan


class AskedOfTeam(models.Model):
    """What the secretariat asks of the country team after a quarter. The last row of a quarter counts; none is changed.

    `words` "" takes back what was asked.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="asked")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["plan", "year", "quarter", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4),
                name="asked_of_a_quarter",
                violation_error_message=_("Un trimestre va de 1 à 4."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {Quarter(self.year, self.quarter).code}"
