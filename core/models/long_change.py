from __future__ import annotations

from django.db import models


class LongChange(models.Model):
    """How far a change of many rows has come. `cursor` is the last row that was changed, in the order of ids."""

    name = models.CharField(primary_key=True, max_length=80)
    cursor = models.CharField(max_length=40, blank=True)
    done = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
