"""One row in one statement, unless it is there already; rows that come at the same moment share it."""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from psycopg import Cursor

from core.together import Together

Row = TypeVar("Row", bound=Model)
Values = list[Any]
AT_ONCE = 32
KEPT = "jaabi_prepared"


def insert_once(row: Model) -> bool:
    """Inserts a new row; False if one with the same unique values was there. Outside a transaction it is committed.

    A connection that died since it was last used is opened anew, once: saying it twice makes one row.
    """
    model, alias = type(row), router.db_for_write(type(row))
    connection = connections[alias]
    values = values_of(row, connection)
    is_new = insert(model, [values], connection)[0] if connection.in_atomic_block else _together(model, alias)(values)
    if is_new:
        row._state.adding, row._state.db = False, alias
    return is_new


def locked_or_made(model: type[Row], pk: str, **at_first: Any) -> tuple[Row, bool]:
    """The row of that key, locked; made, with these values, if there was none: then True. For a transaction."""
    rows = model._default_manager.select_for_update().filter(pk=pk)
    known = rows.first()
    if known is not None:
        return known, False
    made = model(pk=pk, **at_first)
    return (made, True) if insert_once(made) else (rows.get(), False)


def values_of(row: Model, connection: BaseDatabaseWrapper) -> Values:
    """What stands in the columns of a new row, in their order."""
    made = ((field, field.pre_save(row, add=True)) for field in row._meta.concrete_fields)
    return [None if value is None else field.get_db_prep_save(value, connection) for field, value in made]


@cache
def _together(model: type[Model], alias: str) -> Together[Values, bool]:
    return Together(lambda rows: _commit(model, rows, alias), at_most=AT_ONCE)


def _commit(model: type[Model], rows: list[Values], alias: str) -> list[bool]:
    connection = connections[alias]
    # Asking the server first whether it is there would be a second statement.
    connection.health_check_done = True  # type: ignore[attr-defined]  # unknown to the stubs
    try:
        return insert(model, rows, connection)
    except (OperationalError, InterfaceError):
        connection.close()
        return insert(model, rows, connection)


def insert(model: type[Model], rows: list[Values], connection: BaseDatabaseWrapper) -> list[bool]:
    """For each row, whether it is new. Two processes lock what they have in common in the same order."""
    unique, key = _places(model)
    ordered = sorted(rows, key=lambda values: [values[place] for place in unique]) if len(rows) > 1 else rows
    with _cursor(connection) as cursor:
        cursor.execute(_statement(model, connection.alias, len(rows)), list(chain.from_iterable(ordered)))
        new = {found for (found,) in cursor.fetchall()}
    return [values[key] in new for values in rows]


@cache
def _places(model: type[Model]) -> tuple[list[int], int]:
    """Where the values stand that make a row unique, and where its key does."""
    fields = model._meta.concrete_fields
    names = {name for constraint in model._meta.total_unique_constraints for name in constraint.fields}
    unique = [place for place, field in enumerate(fields) if field.name in names]
    return unique, next(place for place, field in enumerate(fields) if field.primary_key)


@cache
def _statement(model: type[Model], alias: str, count: int) -> str:
    quoted = connections[alias].ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in model._meta.concrete_fields)
    row = f"({', '.join(['%s'] * len(model._meta.concrete_fields))})"
    table, key = quoted(model._meta.db_table), quoted(str(model._meta.concrete_fields[_places(model)[1]].column))
    rows = ", ".join([row] * count)
    return f"INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT DO NOTHING RETURNING {key}"  # noqa: S608  our own names


class _Prepared(Cursor[Any]):
    """The server parses and plans a statement once for each connection, and takes bytes as bytes.

    It lives as long as its connection: a new one would find out anew how each kind of value is written, which takes a
    fifth of an insert.
    """

    def execute(self, query: Any, params: Any = None, **options: Any) -> _Prepared:
        return super().execute(query, params, prepare=True)

    def close(self) -> None:
        """Django would, after each use."""


def _cursor(connection: BaseDatabaseWrapper) -> CursorWrapper:
    # of what was prepared Django finds no words to log
    if connection.vendor != "postgresql" or connection.queries_logged:
        return connection.cursor()
    connection.ensure_connection()
    raw: Any = connection.connection
    if not hasattr(raw, KEPT):
        setattr(raw, KEPT, _Prepared(raw))
    return connection.make_cursor(getattr(raw, KEPT))
