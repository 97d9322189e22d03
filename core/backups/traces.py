"""Until when something can be restored, kept in the database, where every machine reads it."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.db import Error, connection

from core.backups.servers import servers
from core.models import BackupTrace

SET = "set"
logger = logging.getLogger(__name__)


def note(name: str, until: datetime) -> None:
    """What was kept is kept, though the database cannot be told of it."""
    try:
        BackupTrace.objects.update_or_create(name=name, defaults={"until": until})
    except Error as error:
        logger.warning("a backup was made and could not be noted", extra={"exception": type(error).__name__})
        connection.close()


def of_wal(part: str) -> str:
    """The name of a server's WAL."""
    return f"wal-{part}"


def set_until() -> datetime | None:
    """When the last finished set was begun."""
    return _until(SET)


def wal_until() -> datetime | None:
    """Until when the WAL of every server is kept; None while that of one is not."""
    found = [_until(of_wal(name)) for name in servers()]
    return min((one for one in found if one), default=None) if all(found) else None


def has_wal() -> bool:
    """SQLite has none."""
    return bool(servers())


def is_wanted() -> bool:
    """Whether somebody is named who could restore: without, nothing can be made."""
    return bool(settings.BACKUP_RECIPIENTS and settings.BACKUP_VAULT_RECIPIENTS)


def _until(name: str) -> datetime | None:
    return BackupTrace.objects.filter(name=name).values_list("until", flat=True).first()
