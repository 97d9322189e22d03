"""PostgreSQL's own programs: a base backup as a stream, the WAL as it is written, a restored folder that is started."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from environ import Env
from psycopg.conninfo import make_conninfo

from core.backups.problems import BackupProblem

DEBIAN = Path("/usr/lib/postgresql")
SLOT = "jaabi_backup"
NOT_OF_LIBPQ = {"context", "cursor_factory", "prepare_threshold", "client_encoding", "password"}


def program(name: str) -> str:
    """Where one of PostgreSQL's programs stands, on the path or where Debian keeps it. Raises BackupProblem."""
    versions = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]), reverse=True)
    found = shutil.which(name) or (str(versions[0]) if versions else "")
    if not found:
        raise BackupProblem(
            f"Le programme {name} n'est pas sur cette machine (Debian : postgresql, postgresql-client)."
        )
    return found


@dataclass(frozen=True)
class Server:
    """One PostgreSQL server, as the role that may replicate it."""

    address: dict[str, Any]

    @property
    def place(self) -> tuple[str, str]:
        return str(self.address.get("host", "")), str(self.address.get("port", ""))

    @property
    def words(self) -> str:
        """For the programs' `--dbname`; the password goes by the environment, which other accounts do not see."""
        return make_conninfo(**{name: one for name, one in self.address.items() if name not in NOT_OF_LIBPQ})

    @property
    def environment(self) -> dict[str, str]:
        secret = self.address.get("password")
        return os.environ | ({"PGPASSWORD": str(secret)} if secret else {})

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(self.words, password=self.address.get("password"), autocommit=True)

    def base_backup(self) -> subprocess.Popen[bytes]:
        """Its data folder as a compressed tar on standard output, with the WAL that it needs to be consistent."""
        options = ["--pgdata=-", "--format=tar", "--wal-method=fetch", "--checkpoint=fast", "--compress=1"]
        command = [program("pg_basebackup"), f"--dbname={self.words}", *options, "--no-password", "--label=jaabi"]
        return subprocess.Popen(  # noqa: S603  our own words
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    @contextmanager
    def keeping_wal(self) -> Iterator[str]:
        """Its WAL is kept as long as this lasts; gives the name of the file that is written now."""
        with self.connect() as connection:
            slot = f"{SLOT}_base_{os.getpid()}"
            connection.execute("select pg_create_physical_replication_slot(%s, true, true)", [slot])
            yield self._wal_file(connection)

    def wal_file(self) -> str:
        with self.connect() as connection:
            return self._wal_file(connection)

    def version(self) -> str:
        with self.connect() as connection:
            return str(connection.info.server_version // 10_000)

    @staticmethod
    def _wal_file(connection: psycopg.Connection[tuple[Any, ...]]) -> str:
        row = connection.execute("select pg_walfile_name(pg_current_wal_lsn())").fetchone()
        return str(row[0]) if row else ""


def server_of(alias: str, url: str) -> Server:
    """The server behind an alias, as the role of `url` where there is one."""
    connection = connections[alias]
    if not url:
        return Server(connection.get_connection_params())
    told = Env.db_url_config(url)
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    address = {name: told[key] for name, key in names.items() if told.get(key)}
    return Server(address | told.get("OPTIONS", {}))


def servers() -> dict[str, Server]:
    """By the name of their part: one for each lane, or one, "all", that holds both. None where it is SQLite."""
    if connections["default"].vendor != "postgresql":
        return {}
    ordinary = server_of("default", settings.BACKUP_DATABASE_URL)
    vault = server_of("vault_owner", settings.BACKUP_VAULT_DATABASE_URL)
    return {"all": vault} if ordinary.place == vault.place else {"ordinary": ordinary, "vault": vault}
