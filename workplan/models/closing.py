from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.periods import Quarter
from directory.models import User
from workplan.models.plan import Plan


class QuarterClosing(models.Model):
    """A quarter of a plan as a meeting closed it: what was checked, what stood, and what was said of it.

    `checks` and `values` are kept as they were that day, so that the minutes stay what they were. While it is closed,
    values change by corrections only. Reopened with a reason, it is closed anew by another row.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="closings")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    link = models.URLField(max_length=500, blank=True)
    checks = models.JSONField(default=list)
    values = models.JSONField(default=list)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    reopened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reopened_at = models.DateTimeField(null=True)
    reopened_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-year", "-quarter", "-closed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "year", "quarter"],
                condition=Q(reopened_at=None),
                name="quarter_closed_once",
                violation_error_message=_("Ce trimestre est déjà clos."),
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopened_by=None, reopened_reason="")
                | Q(reopened_at__isnull=False, reopened_by__isnull=False) & ~Q(reopened_reason=""),
                name="reopening_says_by_whom_and_why",
                violation_error_message=_("Une réouverture dit par qui et pourquoi."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.period.code}"

    @property
    def period(self) -> Quarter:
        return Quarter(self.year, self.quarter)
