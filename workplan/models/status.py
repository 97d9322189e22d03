from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models import User
from workplan.enums import Progress
from workplan.models.plan import Activity


class ActivityStatus(models.Model):
    """What somebody said of where an activity stands, beside what its values say. The last one counts.

    `status` "" takes back what was said: the values speak again. Nothing is changed: each word is a row.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="statuses")
    status = models.CharField(max_length=12, choices=Progress.choices, blank=True)
    reason = models.CharField(max_length=500)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["activity", "-said_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="status_says_why",
                violation_error_message=_("Dites comment cela a été décidé."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.status}"
