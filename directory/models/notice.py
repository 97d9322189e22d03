from __future__ import annotations

from django.db import models

from directory.enums import Notice
from directory.models.person import User


class StaffNotice(models.Model):
    """That somebody is to know that something waits, never what. `told_at` is empty while it waits for a summary."""

    person = models.ForeignKey(User, models.CASCADE, related_name="notices")
    sentence = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Notice])
    key = models.CharField(max_length=120, unique=True, null=True)  # noqa: DJ001  unique among those that have one
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "told_at"], name="notice_told")]

    def __str__(self) -> str:
        return self.sentence
