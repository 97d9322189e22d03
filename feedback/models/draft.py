from __future__ import annotations

from django.db import models

from core.sealed_models import OnlineSealed, SealedField
from directory.models import User
from feedback.querysets import OwnedQuerySet


class Draft(OnlineSealed):
    """What an operator is still typing, under the id of its form. Theirs alone; what is delicate is never kept."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    typed = SealedField()
    saved_at = models.DateTimeField()

    objects = OwnedQuerySet["Draft"].as_manager()

    class Meta:
        ordering = ["-saved_at"]

    def __str__(self) -> str:
        return f"{self.saved_at:%Y-%m-%d %H:%M}"
