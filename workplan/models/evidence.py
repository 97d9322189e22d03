from __future__ import annotations

from django.db import models

from core.sealed_models import OnlineSealed, SealedField
from directory.models import User
from workplan.models.reading import Reading
from workplan.querysets import ReadingFileQuerySet


class ReadingFile(OnlineSealed):
    """A file that shows where a reported value comes from, sealed with its name. It stays with its version."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="files")
    name = SealedField()
    content = SealedField()
    size = models.PositiveIntegerField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = ReadingFileQuerySet.as_manager()

    class Meta:
        ordering = ["reading", "added_at"]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def title(self) -> str:
        """Its name, for whoever may open it."""
        return self.unsealed("name")
