"""One row in one statement, unless it is there already."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from psycopg import Cursor

Row = TypeVar("Row", bound=Model)


def insert_once(row: Model) -> bool:
    """Inserts a new row; False if one with the same unique values was there. Outside a transaction it is committed.

    A connection that died since it was last used is opened anew, once: saying it twice makes one row.
    """
    connection = connections[router.db_for_write(type(row))]
    is_new = _inserted(row, connection)
    if is_new:
        row._state.adding, row._state.db = False, connection.alias
    return is_new


def locked_or_made(model: type[Row], pk: str, **at_first: Any) -> tuple[Row, bool]:
    """The row of that key, locked; made, with these values, if there was none: then True. For a transaction."""
    rows = model._default_manager.select_for_update().filter(pk=pk)
    known = rows.first()
    if known is not None:
        return known, False
    made = model(pk=pk, **at_first)
    return (made, True) if insert_once(made) else (rows.get(), False)


def _inserted(row: Model, connection: BaseDatabaseWrapper) -> bool:
    if connection.in_atomic_block:
        return _insert(row, connection)
    # Asking the server first whether it is there would be a second statement.
    connection.health_check_done = True  # type: ignore[attr-defined]  # unknown to the stubs
    try:
        return _insert(row, connection)
    except (OperationalError, InterfaceError):
        connection.close()
        return _insert(row, connection)


def _insert(row: Model, connection: BaseDatabaseWrapper) -> bool:
    fields = row._meta.concrete_fields
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with _cursor(connection) as cursor:
        cursor.execute(_statement(type(row), connection.alias), values)
        return bool(cursor.rowcount)


@cache
def _statement(model: type[Model], alias: str) -> str:
    quoted = connections[alias].ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in model._meta.concrete_fields)
    places = ", ".join(["%s"] * len(model._meta.concrete_fields))
    table = quoted(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING"  # noqa: S608  our own names


class _Prepared(Cursor[Any]):
    """The server parses and plans the statement once for each connection, and takes bytes as bytes."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> _Prepared:
        return super().execute(query, params, prepare=True)


def _cursor(connection: BaseDatabaseWrapper) -> CursorWrapper:
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.ensure_connection()
    raw: Any = _Prepared(connection.connection)
    return connection.make_debug_cursor(raw) if connection.queries_logged else connection.make_cursor(raw)
