"""Ends with one sentence and status 1 unless PostgreSQL and Redis answer at the addresses of the environment."""

from __future__ import annotations

import os
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

DATABASES = ("DATABASE_URL", "VAULT_DATABASE_URL", "VAULT_INTAKE_DATABASE_URL", "VAULT_OWNER_DATABASE_URL")
SECONDS = 5


def maintenance_url(url: str) -> str:
    """The same server and user, with the database that always exists: the tests create theirs."""
    return urlunsplit(urlsplit(url)._replace(scheme="postgresql", path="/postgres"))


def where(url: str) -> str:
    """Host and port only: an address may hold a password."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def postgres_problem(name: str) -> str | None:
    url = os.environ[name]
    if not url.startswith(("postgres://", "postgresql://")):
        return f"{name} does not name a PostgreSQL database."
    try:
        with psycopg.connect(maintenance_url(url), connect_timeout=SECONDS) as connection:
            connection.execute("select 1")
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        return f"PostgreSQL does not answer at {where(url)} ({name}): {reason}"
    return None


def redis_problem() -> str | None:
    url = os.environ["REDIS_URL"]
    try:
        redis.Redis.from_url(url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS).ping()
    except (redis.RedisError, ValueError) as error:
        return f"Redis does not answer at {where(url)} (REDIS_URL): {error}"
    return None


def main() -> int:
    problem = next(filter(None, map(postgres_problem, DATABASES)), None) or redis_problem()
    print(problem or "PostgreSQL and Redis answer.", file=sys.stderr if problem else sys.stdout)
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main())
