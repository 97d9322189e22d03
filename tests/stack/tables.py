"""The tables of both databases, made once in a run: what a test or a stack stores in begins as a copy of them.

The first process of a run begins and ends it; those that it starts know the folder from their environment.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
import threading
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.stack.databases import at_path, on_services
from tests.stack.processes import run

WHERE = "JAABI_TABLES"
URLS = {"default": "DATABASE_URL", "vault_owner": "VAULT_OWNER_DATABASE_URL"}
FILES = {"default": "jaabi.sqlite3", "vault_owner": "vault.sqlite3"}


def begin(*, at_once: bool) -> None:
    """Says where they will be. `at_once`: makes them while other processes get ready, not when one asks for them."""
    os.environ[WHERE] = tempfile.mkdtemp(prefix="jaabi-tables-")
    if at_once:
        threading.Thread(target=_made).start()


def end() -> None:
    """Removes them, once nobody makes them any more."""
    folder = Path(os.environ[WHERE])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if on_services():
            for alias, name in _names(folder).items():
                _on_server(alias, "drop database if exists {}", name)
        shutil.rmtree(folder)


def databases() -> dict[str, str]:
    """The names of the databases that hold them, by alias; none where they are files."""
    return _names(_made()) if on_services() else {}


def copy_file(alias: str, target: sqlite3.Connection) -> None:
    """Makes an SQLite database hold them, and nothing else."""
    with closing(sqlite3.connect(_made() / FILES[alias])) as tables:
        tables.backup(target)


def copy_files(folder: Path) -> None:
    """Puts both into the folder of an installation."""
    for alias, name in FILES.items():
        with closing(sqlite3.connect(folder / name)) as target:
            copy_file(alias, target)


def _made() -> Path:
    """The folder of the tables; whoever comes first makes them, the others wait. Raises DidNotStart."""
    folder = Path(os.environ[WHERE])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            _make(folder)
            (folder / "made").touch()
    return folder


def _make(folder: Path) -> None:
    told = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")}
    told |= {"DEMO": "1", "VAR_DIR": str(folder)}
    if on_services():
        for alias, name in _names(folder).items():
            _on_server(alias, "drop database if exists {}", name)  # of one who began and did not come to the end
            _on_server(alias, "create database {}", name)
            told[URLS[alias]] = urlunsplit(urlsplit(os.environ[URLS[alias]])._replace(path=f"/{name}"))
        told |= dict.fromkeys(("VAULT_DATABASE_URL", "VAULT_INTAKE_DATABASE_URL"), told[URLS["vault_owner"]])
    for alias in URLS:
        run(["manage.py", "migrate", f"--database={alias}", "--verbosity=0"], told)


def _names(folder: Path) -> dict[str, str]:
    return {alias: f"{folder.name.replace('-', '_')}_{alias}" for alias in URLS}


def _on_server(alias: str, statement: str, name: str) -> None:
    with psycopg.connect(at_path(os.environ[URLS[alias]], "/postgres"), autocommit=True) as server:
        server.execute(sql.SQL(statement).format(sql.Identifier(name)))
