"""A database that really takes nothing: it reads, and refuses every write, as on a full disk or a standby server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def nothing_is_written() -> Iterator[None]:
    """Within a test's transaction; afterwards the database takes everything again."""
    if connection.vendor == "sqlite":
        _tell("PRAGMA query_only = ON")
        try:
            yield
        finally:
            transaction.set_rollback(False)  # a refused write leaves nothing to roll back
            _tell("PRAGMA query_only = OFF")
        return
    before = transaction.savepoint()
    _tell("SET LOCAL transaction_read_only = on")
    try:
        yield
    finally:
        transaction.set_rollback(False)
        transaction.savepoint_rollback(before)


@contextmanager
def lines_cannot_be_read() -> Iterator[None]:
    """The table of the lines is not there: nothing kept in it can be verified."""
    before = transaction.savepoint()
    _tell("ALTER TABLE core_line RENAME TO core_line_elsewhere")
    try:
        yield
    finally:
        transaction.set_rollback(False)
        transaction.savepoint_rollback(before)


def _tell(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
