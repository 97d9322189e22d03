"""What a stack does on PostgreSQL and Redis."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
import redis

from tests.stack.databases import on_services, own_database, storage
from tests.stack.traces import traces_in_postgres, traces_in_redis

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not on_services(), reason="make test-services runs it"),
]
SECRET_WORDS = "le chef a demandé ça"


def test_a_trace_is_found_in_a_column_of_text_or_of_bytes_and_in_the_queue(tmp_path: Path) -> None:
    with storage(tmp_path) as told:
        with psycopg.connect(own_database(told["DATABASE_URL"]), autocommit=True) as connection:
            for table, kind in (("texts", "text"), ("blobs", "bytea"), ("clean", "text")):
                connection.execute(f"create table {table} (t {kind})")
            connection.execute("insert into texts values (%s)", [f"« {SECRET_WORDS} »"])
            connection.execute("insert into blobs values (%s)", [SECRET_WORDS.encode()])
            connection.execute("insert into clean values ('rien')")
        with redis.Redis.from_url(told["REDIS_URL"]) as server:
            server.rpush("celery", SECRET_WORDS)
        assert traces_in_postgres(SECRET_WORDS, told["DATABASE_URL"]) == ["public.blobs", "public.texts"]
        assert traces_in_postgres(SECRET_WORDS, told["VAULT_OWNER_DATABASE_URL"]) == []
        assert traces_in_redis(SECRET_WORDS, told["REDIS_URL"]) == ["celery"]


def test_two_stacks_share_nothing_and_leave_nothing(tmp_path: Path) -> None:
    with storage(tmp_path / "a") as first, storage(tmp_path / "b") as second:
        assert not set(first.values()) & set(second.values())
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(own_database(first["DATABASE_URL"]))
    with redis.Redis.from_url(first["REDIS_URL"]) as server:
        assert server.get("jaabi:stack") is None
