"""Copies one row many times in PostgreSQL, each with an identity, dates, place and organisations of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db.models import Model

Row = TypeVar("Row")
COLUMNS = (
    "select column_name, data_type from information_schema.columns where table_name = %s order by ordinal_position"
)
# Those that only help to find rows: what is unique stays so meanwhile.
INDEXES = """
    select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index
    where indrelid = any(%s::regclass[]) and not indisunique"""
LONG_AGO, LATELY = "3 years", "20 days"
# Moments move; what is sealed belongs to the row it was sealed in, and is left out of its copies.
ELSEWISE = {"timestamp with time zone": "one.{name} - n.back", "bytea": "null"}


@contextmanager
def without_indexes(cursor: Any, rows: Iterable[Model]) -> Iterator[None]:
    """Within it, the tables of these rows have no index but what keeps them unique: filling them takes a third."""
    cursor.execute(INDEXES, [[row._meta.db_table for row in rows]])
    found = cursor.fetchall()
    for name, _told in found:
        cursor.execute(f"drop index {name}")
    yield
    cursor.execute("set maintenance_work_mem = '512MB'")
    for _name, told in found:
        cursor.execute(told)


def copy(cursor: Any, row: Model, first: int, last: int, changes: Mapping[str, str], *, over: str) -> None:
    """Copies numbered from `first` to before `last`. Every moment in one moves back by as much, within `over`.

    `changes`: by column, the SQL that replaces what the row holds; the number of the copy is `n`.
    """
    table = row._meta.db_table
    cursor.execute(COLUMNS, [table])
    columns = [changes.get(name) or ELSEWISE.get(kind, "one.{name}").format(name=name) for name, kind in cursor]
    numbers = f"select n, random() * interval '{over}' as back from generate_series({first}, {last - 1}) n"  # noqa: S608
    rows = f"select {', '.join(columns)} from {table} one, ({numbers}) n where one.id = '{row.pk}'"  # noqa: S608
    cursor.execute(f"insert into {table} {rows}")


def blocks(
    first: int, last: int, rows: Mapping[str, Row], thousandths: Mapping[str, int]
) -> Iterator[tuple[str, Row, int, int]]:
    """(state, row, first, last) for each state: its share of them, and what is left for the state without a share."""
    count, begin = last - first, first
    for state, row in rows.items():
        share = thousandths.get(state)
        end = last if share is None else begin + count * share // 1000
        yield state, row, begin, end
        begin = end


def one_of(values: list[Any], kind: str, salt: int) -> str:
    """SQL: one of these for each copy, in no order that two columns share."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"(array[{listed}]::{kind}[])[1 + (n.n::bigint * {salt} / 7) % {len(values)}]"
