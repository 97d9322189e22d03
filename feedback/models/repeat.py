from __future__ import annotations

from django.db import models


class JustSaid(models.Model):
    """Words that came a moment ago by a line whose carrier names no message: keyed hashes, for minutes, in any lane."""

    key = models.CharField(primary_key=True, max_length=64)
    phone_hash = models.CharField(max_length=64, db_index=True)
    said_at = models.DateTimeField()
    noted_at = models.DateTimeField(auto_now=True, db_index=True)

    def __str__(self) -> str:
        return self.key[:8]
