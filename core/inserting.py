"""One row in one statement, unless it is there already."""

from __future__ import annotations

from functools import cache

from django.db import InterfaceError, OperationalError, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model


def insert_once(row: Model) -> bool:
    """Inserts a new row; False if one with the same unique values was there. Committed on return, outside a transaction.

    A connection that died since it was last used is opened anew, once: saying it twice makes one row.
    """
    connection = connections[router.db_for_write(type(row))]
    if connection.in_atomic_block:
        return _insert(row, connection)
    # Asking the server first whether it is there would be a second statement.
    connection.health_check_done = True
    try:
        return _insert(row, connection)
    except (OperationalError, InterfaceError):
        connection.close()
        return _insert(row, connection)


def _insert(row: Model, connection: BaseDatabaseWrapper) -> bool:
    fields = row._meta.concrete_fields
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_statement(type(row), connection.alias), values)
        return bool(cursor.rowcount)


@cache
def _statement(model: type[Model], alias: str) -> str:
    quoted = connections[alias].ops.quote_name
    columns = [quoted(field.column) for field in model._meta.concrete_fields]
    places = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {quoted(model._meta.db_table)} ({', '.join(columns)}) VALUES ({places}) ON CONFLICT DO NOTHING"  # noqa: S608  names of our own
