"""Where a stack keeps its data: files in a folder, or databases of its own on the services."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
from psycopg import sql

from psea.database_roles import grants
from tests.stack.processes import DidNotStart

REDIS_DATABASES = range(1, 15)


def on_services() -> bool:
    """Whether this run is on PostgreSQL and Redis (`make test-services`)."""
    return os.environ.get("JAABI_TEST_SERVICES") == "1"


@contextmanager
def storage(var: Path, copied: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
    """The settings that name a fresh place for data, which is removed at the end where it is not under `var`.

    On services its databases begin as copies of those in `copied`, by alias.
    """
    like = {"default": "template1", "vault_owner": "template1"} | dict(copied or {})
    for name in ("queue", "queue-control", "cache", "mail", "static"):
        (var / name).mkdir(parents=True, exist_ok=True)
    if not on_services():
        yield {}
        return
    name = f"jaabi_stack_{secrets.token_hex(4)}"
    vault_url = os.environ["VAULT_DATABASE_URL"]
    with (
        _role(vault_url, f"{name}_handlers") as handlers,
        _role(vault_url, f"{name}_intake") as intake,
        _database(os.environ["DATABASE_URL"], name, like["default"]) as main,
        _database(vault_url, f"{name}_vault", like["vault_owner"]) as vault,
        _redis(os.environ["REDIS_URL"]) as queue,
    ):
        yield {
            "DATABASE_URL": main,
            "VAULT_DATABASE_URL": _as_role(vault, handlers),
            "VAULT_INTAKE_DATABASE_URL": _as_role(vault, intake),
            "VAULT_OWNER_DATABASE_URL": vault,
            "REDIS_URL": queue,
        }


def grant_vault_roles(told: dict[str, str]) -> None:
    """Give the vault's two roles what they may do, once its tables stand."""
    handlers, intake = (urlsplit(told[name]).username for name in ("VAULT_DATABASE_URL", "VAULT_INTAKE_DATABASE_URL"))
    assert handlers
    assert intake
    with psycopg.connect(own_database(told["VAULT_OWNER_DATABASE_URL"]), autocommit=True) as server:
        for statement in grants(handlers=handlers, intake=intake):
            server.execute(statement.encode())


@contextmanager
def _role(url: str, name: str) -> Iterator[tuple[str, str]]:
    """A role that owns nothing; gives its name and password."""
    password = secrets.token_hex(16)
    with psycopg.connect(at_path(url, "/postgres"), autocommit=True) as server:
        role = sql.Identifier(name)
        server.execute(sql.SQL("create role {} login password {}").format(role, sql.Literal(password)))
        try:
            yield name, password
        finally:
            server.execute(sql.SQL("drop role {}").format(role))


def _as_role(url: str, role: tuple[str, str]) -> str:
    """The same database, as another role."""
    parts = urlsplit(url)
    where = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role[0]}:{role[1]}@{where}"))


@contextmanager
def _database(url: str, name: str, like: str) -> Iterator[str]:
    with psycopg.connect(at_path(url, "/postgres"), autocommit=True) as server:
        made = sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(like))
        server.execute(made)
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@contextmanager
def _redis(url: str) -> Iterator[str]:
    """An empty Redis database, held by a mark in it so that no other stack takes it."""
    for number in REDIS_DATABASES:
        own = urlunsplit(urlsplit(url)._replace(path=f"/{number}"))
        with redis.Redis.from_url(own) as server:
            if server.dbsize() or not server.set("jaabi:stack", "taken", nx=True, ex=7200):
                continue
            try:
                yield own
            finally:
                server.flushdb()
            return
    raise DidNotStart("no empty Redis database is left")


@contextmanager
def nobody_reaches(environment: dict[str, str], var: Path) -> Iterator[None]:
    """The main database is gone for a while: nobody can connect to it, and whoever was connected no longer is."""
    if not on_services():
        file, away = var / "jaabi.sqlite3", var / "jaabi.sqlite3.away"
        file.rename(away)
        file.mkdir()
        try:
            yield
        finally:
            file.rmdir()
            away.rename(file)
        return
    url = environment["DATABASE_URL"]
    name = urlsplit(url).path.lstrip("/")
    allow = sql.SQL("alter database {} allow_connections {}")
    with psycopg.connect(at_path(url, "/postgres"), autocommit=True) as server:
        server.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        server.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
        try:
            yield
        finally:
            server.execute(allow.format(sql.Identifier(name), sql.SQL("true")))


def at_path(url: str, path: str) -> str:
    """The same server and user, in psycopg's spelling, at another database."""
    return urlunsplit(urlsplit(url)._replace(scheme="postgresql", path=path))


def own_database(url: str) -> str:
    """The database that `url` names, in psycopg's spelling."""
    return at_path(url, urlsplit(url).path)
