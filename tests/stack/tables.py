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
from contextlib import closing
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
    threading.Thread(target=_made).start()


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
    kept = KEPT / ("services" if on_services() else "files")
    kept.mkdir(parents=True, exist_ok=True)
    folder = kept / _key()
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _stand(folder):
            for other in (path for path in kept.iterdir() if path.is_dir()):
                _remove(other)
            _make(folder)
    return folder


@cache
def _key() -> str:
    """Changes with all that may change the tables; another clone on the same server has another."""
    made_of = hashlib.sha256(f"{ROOT}\n{sys.version}\n{sqlite3.sqlite_version}".encode())
    for path in sorted({path for pattern in MADE_OF for path in ROOT.glob(pattern)}):
        made_of.update(f"\n{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return f"jaabi_tables_{made_of.hexdigest()[:16]}"


def _stand(folder: Path) -> bool:
    if not (folder / "made").exists():
        return False
    return not on_services() or all(_exists(alias, name) for alias, name in _names(folder).items())


def _remove(folder: Path) -> None:
    if on_services():
        for alias, name in _names(folder).items():
            _on_server(alias, "drop database if exists {} with (force)", name)
    shutil.rmtree(folder)


def _make(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
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
    (folder / "made").touch()


def _names(folder: Path) -> dict[str, str]:
    return {alias: f"{folder.name}_{alias}" for alias in URLS}


def _exists(alias: str, name: str) -> bool:
    with psycopg.connect(at_path(os.environ[URLS[alias]], "/postgres")) as server:
        return server.execute("select from pg_database where datname = %s", [name]).rowcount == 1


def _on_server(alias: str, statement: str, name: str) -> None:
    with psycopg.connect(at_path(os.environ[URLS[alias]], "/postgres"), autocommit=True) as server:
        server.execute(sql.SQL(statement).format(sql.Identifier(name)))
