from __future__ import annotations

from django.db import models

from directory.models import User
from workplan.models.plan import Plan


class PublicSwitch(models.Model):
    """Somebody opened the public page of a plan, or closed it. The last row counts; without any it is closed."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="public_switches")
    is_open = models.BooleanField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["plan", "-pk"]

    def __str__(self) -> str:
        return f"{self.plan_id} {'open' if self.is_open else 'closed'}"
