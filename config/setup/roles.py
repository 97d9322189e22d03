"""The login roles and databases of an installation, made by a role that may; nothing that exists is changed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

OLDEST = 150000
# Setting → what the role is called, and which database it works in.
ROLES = {
    "DATABASE_URL": ("", ""),
    "VAULT_DATABASE_URL": ("_vault_handlers", "_vault"),
    "VAULT_INTAKE_DATABASE_URL": ("_vault_intake", "_vault"),
    "VAULT_OWNER_DATABASE_URL": ("_vault_owner", "_vault"),
}
OWNERS = ("DATABASE_URL", "VAULT_OWNER_DATABASE_URL")


class NoDatabase(Exception):
    """A role or database could not be made or reached: a sentence."""


def addresses(maker_url: str, name: str, known: Mapping[str, str]) -> dict[str, str]:
    """The settings of the databases that are not set yet, with new passwords, on the server of `maker_url`."""
    server = urlsplit(maker_url)
    host = server.netloc.rpartition("@")[2] or "127.0.0.1"
    found = {}
    for setting, (role, database) in ROLES.items():
        if setting not in known:
            user = f"{name}{role}:{quote(secrets.token_urlsafe(24))}"
            found[setting] = urlunsplit(("postgres", f"{user}@{host}", f"/{name}{database}", "", ""))
    return found


def make_missing(maker_url: str, urls: Mapping[str, str]) -> list[str]:
    """Makes the roles and databases that the four addresses name. Out: a sentence for each. Raises NoDatabase."""
    try:
        with psycopg.connect(_dsn(maker_url), autocommit=True, connect_timeout=5) as server:
            if server.info.server_version < OLDEST:
                raise NoDatabase("PostgreSQL 15 ou plus récent est nécessaire.")
            return [*_roles(server, urls), *_databases(server, urls)]
    except psycopg.Error as error:
        raise NoDatabase(f"SETUP_DATABASE_URL : {_said(error)}") from None


def unreachable(urls: Mapping[str, str]) -> list[str]:
    """A sentence for each of the four addresses that does not let its role in."""
    return [fault for setting in ROLES for fault in _fault(setting, urls[setting])]


@contextmanager
def password_changing(url: str, password: str) -> Iterator[None]:
    """The role of this address gives itself another password, which holds once what is done inside went well.

    Raises NoDatabase.
    """
    try:
        with psycopg.connect(_dsn(url), connect_timeout=5) as server:
            hashed = _hashed(server, server.info.user, password)
            server.execute(sql.SQL("alter role current_user password {}").format(hashed))
            yield
    except psycopg.Error as error:
        raise NoDatabase(_said(error)) from None


def _hashed(server: psycopg.Connection, name: str, password: str) -> sql.Literal:
    """Hashed here: a server may log the statements it is given."""
    hashed = server.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
    return sql.Literal(hashed.decode())


def _fault(setting: str, url: str) -> Iterator[str]:
    try:
        psycopg.connect(_dsn(url), connect_timeout=5).close()
    except psycopg.Error as error:
        yield f"{setting} : {_said(error)}"


def _roles(server: psycopg.Connection, urls: Mapping[str, str]) -> Iterator[str]:
    for setting in ROLES:
        role = urlsplit(urls[setting])
        name = role.username or ""
        if server.execute("select 1 from pg_roles where rolname = %s", [name]).fetchone():
            continue
        make = sql.SQL("create role {} login nosuperuser nobypassrls nocreatedb nocreaterole password {}")
        server.execute(make.format(sql.Identifier(name), _hashed(server, name, role.password or "")))
        yield f"rôle {name} : créé"


def _databases(server: psycopg.Connection, urls: Mapping[str, str]) -> Iterator[str]:
    for setting in OWNERS:
        owner, name = urlsplit(urls[setting]).username or "", urlsplit(urls[setting]).path.lstrip("/")
        if not server.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            database = sql.Identifier(name)
            # a role that is no superuser may give a database only to a role that it is a member of
            server.execute(sql.SQL("grant {} to current_user").format(sql.Identifier(owner)))
            make = sql.SQL("create database {} owner {} encoding 'UTF8' template template0")
            server.execute(make.format(database, sql.Identifier(owner)))
            server.execute(sql.SQL("revoke connect, temporary on database {} from public").format(database))
            for other in {urlsplit(url).username or "" for url in urls.values() if urlsplit(url).path == f"/{name}"}:
                server.execute(sql.SQL("grant connect on database {} to {}").format(database, sql.Identifier(other)))
            server.execute(sql.SQL("revoke {} from current_user").format(sql.Identifier(owner)))
            yield f"base {name} : créée"


def _dsn(url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(scheme="postgresql"))


def _said(error: psycopg.Error) -> str:
    """The server's own words, which name a role or a database and never a password."""
    return str(error).strip().splitlines()[-1] if str(error).strip() else type(error).__name__
