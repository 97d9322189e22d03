"""What was changed of a plan: one row for each act on one element, never altered (migration `0004_…_are_kept`)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models import User
from workplan.enums import PlanAct
from workplan.models.plan import Plan


class PlanChange(models.Model):
    """`before` and `after` hold the fields that changed, as `workplan.document` writes them; `before` is {} for what is
    new. `element` is the row's id among its `kind`, `number` what it was called then. Any day of the plan is rebuilt by
    undoing these rows from the newest (`workplan.document.history`).
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="changes")
    act = models.CharField(max_length=10, choices=PlanAct.choices)
    kind = models.CharField(max_length=10)
    element = models.PositiveBigIntegerField()
    number = models.CharField(max_length=20, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["plan", "kind", "element"], name="plan_change_by_element")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="plan_change_says_why",
                violation_error_message=_("Un changement du plan dit pourquoi."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} {self.at:%Y-%m-%d}"
