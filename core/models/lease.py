from __future__ import annotations

from django.db import models


class Lease(models.Model):
    """Who holds a named job, and until when."""

    name = models.CharField(primary_key=True, max_length=60)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
