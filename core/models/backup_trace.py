from __future__ import annotations

from django.db import models


class BackupTrace(models.Model):
    """Until when something can be restored: by the last set, by each server's WAL (`core.backups.traces`)."""

    name = models.CharField(primary_key=True, max_length=20)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
