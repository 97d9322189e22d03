"""The tables of both databases, made once and kept: what a test or a stack stores in begins as a copy of them.

They stand in a folder named after all that they are made of, on services in databases of that name, so that the next
run finds them; whoever makes others removes them.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.stack.databases import at_path, on_services
from tests.stack.processes import run
from tests.standin.client import ROOT

KEPT = ROOT / "var" / "tables"
MADE_OF = (
    "*/migrations/*.py", "*/models.py", "*/models/**/*.py", "*/apps.py", "*/references.py", "core/sealed_models.py",
    "core/routers.py", "core/management/commands/migrate.py", "config/settings.py", "requirements/base.txt",
)  # fmt: skip
URLS = {"default": "DATABASE_URL", "vault_owner": "VAULT_OWNER_DATABASE_URL"}
FILES = {"default": "jaabi.sqlite3", "vault_owner": "vault.sqlite3"}


def begin_early() -> None:
    """Makes them while other processes get ready, not when one asks for them."""
    threading.Thread(target=made).start()


def databases() -> dict[str, str]:
    """The names of the databases that hold them, by alias; none where they are files."""
    return names(made()) if on_services() else {}


def copy_file(alias: str, target: sqlite3.Connection) -> None:
    """Makes an SQLite database hold them, and nothing else."""
    with closing(sqlite3.connect(made() / FILES[alias])) as tables:
        tables.backup(target)


def copy_files(folder: Path) -> None:
    """Puts both into the folder of an installation."""
    for alias, name in FILES.items():
        with closing(sqlite3.connect(folder / name)) as target:
            copy_file(alias, target)


def made() -> Path:
    """The folder of the tables; whoever comes first makes them, the others wait. Raises DidNotStart."""
    kept = KEPT / ("services" if on_services() else "files")
    kept.mkdir(parents=True, exist_ok=True)
    folder = kept / _key()
    with held(kept / "lock"):
        if not stand(folder):
            for other in (path for path in kept.iterdir() if path.is_dir()):
                _remove(other)
            _make(folder)
    return folder


@contextmanager
def held(path: Path) -> Iterator[None]:
    """For one process at a time."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def stand(folder: Path) -> bool:
    """Whether what was to be kept in this folder was made to its end, and is there."""
    if not (folder / "made").exists():
        return False
    return not on_services() or all(_exists(alias, name) for alias, name in names(folder).items())


def names(folder: Path) -> dict[str, str]:
    """How the databases are called whose files or whose keys are in this folder, by alias."""
    return {alias: f"{folder.name}_{alias}" for alias in URLS}


def told(folder: Path) -> dict[str, str]:
    """The settings of an installation that is made there, by the owner of all."""
    own = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    own |= {"DEMO": "1", "VAR_DIR": str(folder)}
    if on_services():
        for alias, name in names(folder).items():
            own[URLS[alias]] = urlunsplit(urlsplit(os.environ[URLS[alias]])._replace(path=f"/{name}"))
        own |= dict.fromkeys(("VAULT_DATABASE_URL", "VAULT_INTAKE_DATABASE_URL"), own[URLS["vault_owner"]])
    return own


def create_databases(folder: Path, like: dict[str, str] | None = None) -> None:
    """Those of this folder, empty or as copies of others by alias; nothing where they are files."""
    if not on_services():
        return
    for alias, name in names(folder).items():
        _on_server(alias, "drop database if exists {}", name)  # of one who began and did not come to the end
        _on_server(alias, "create database {} template {}", name, (like or {}).get(alias, "template1"))


def drop_databases(folder: Path) -> None:
    if on_services():
        for alias, name in names(folder).items():
            _on_server(alias, "drop database if exists {} with (force)", name)


@cache
def _key() -> str:
    """Changes with all that may change the tables; another clone on the same server has another."""
    made_of = hashlib.sha256(f"{ROOT}\n{sys.version}\n{sqlite3.sqlite_version}".encode())
    for path in sorted({path for pattern in MADE_OF for path in ROOT.glob(pattern)}):
        made_of.update(f"\n{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return f"jaabi_tables_{made_of.hexdigest()[:16]}"


def _remove(folder: Path) -> None:
    """With what was filled of them."""
    for path in [*folder.iterdir(), folder]:
        if path.is_dir():
            drop_databases(path)
    shutil.rmtree(folder)


def _make(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    create_databases(folder)
    for alias in URLS:
        run(["manage.py", "migrate", f"--database={alias}", "--verbosity=0"], told(folder))
    (folder / "made").touch()


def _exists(alias: str, name: str) -> bool:
    with psycopg.connect(at_path(os.environ[URLS[alias]], "/postgres")) as server:
        return server.execute("select from pg_database where datname = %s", [name]).rowcount == 1


def _on_server(alias: str, statement: str, *identifiers: str) -> None:
    with psycopg.connect(at_path(os.environ[URLS[alias]], "/postgres"), autocommit=True) as server:
        server.execute(sql.SQL(statement).format(*map(sql.Identifier, identifiers)))
