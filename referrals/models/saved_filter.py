from __future__ import annotations

from django.conf import settings
from django.db import models

from core.sealed_models import OnlineSealed, SealedField
from referrals.enums import FilteredList


class SavedFilter(OnlineSealed):
    """A filter of a list that somebody named, for themselves alone. What they look for, and how they call it, may tell
    of somebody: both are sealed.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    list = models.CharField(max_length=10, choices=FilteredList.choices)
    name = SealedField()
    query = SealedField()
    is_first = models.BooleanField(default=False, help_text="what the list opens on")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-is_first", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list"], condition=models.Q(is_first=True), name="saved_filter_one_first"
            ),
        ]

    def __str__(self) -> str:
        return self.list
