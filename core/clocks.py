"""One clock for all: how far this machine's is from the database's. Machines write moments side by side."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connections
from django.utils import timezone

# By so much the clocks of two machines may differ; the verifier of the audit allows as much.
ALLOWED = timedelta(minutes=5)


def apart() -> timedelta:
    """Never negative; nothing where the database is a file of this machine. Raises django.db.Error."""
    if connections["default"].vendor != "postgresql":
        return timedelta(0)
    with connections["default"].cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    return abs(timezone.now() - theirs)
