"""Making a set: each part goes from its source through the compressor to the disk encrypted, and is never whole in
memory."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, cast

from django.conf import settings
from django.db import connections
from django.utils import timezone

from core import spool
from core.backups import traces
from core.backups.age_streams import encrypt, recipients
from core.backups.problems import BackupProblem
from core.backups.servers import Server, servers
from core.backups.sets import BackupSet, Part, name_of, sets_folder
from core.rings import keys_in_use

SQLITE = {"ordinary": ("default", "jaabi.sqlite3"), "vault": ("vault_owner", "vault.sqlite3")}


def make_backup(now: datetime | None = None) -> BackupSet:
    """One set of everything that this installation, and this machine's spool, hold. Raises BackupProblem, OSError."""
    began, found = now or timezone.now(), servers()
    guards = {
        False: recipients(settings.BACKUP_RECIPIENTS, "BACKUP_RECIPIENTS"),
        True: recipients(settings.BACKUP_VAULT_RECIPIENTS, "BACKUP_VAULT_RECIPIENTS"),
    }
    keys = keys_in_use()
    folder = sets_folder() / name_of(began)
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError as error:
        raise BackupProblem(f"Une sauvegarde {folder.name} existe déjà ou se fait en ce moment.") from error

    def stored(name: str, kind: str, source: IO[bytes], *, is_vaults: bool) -> Part:
        file = f"{name}.tar.gz.age"
        size, sha256 = encrypt(source, folder / file, guards[is_vaults])
        return Part(name, kind, is_vaults, file, size, sha256)

    parts = []
    for name, server in found.items():
        # A server that holds both databases cannot be taken apart: all of it is the vault's.
        parts.append(_server_part(name, server, folder, guards[name != "ordinary"]))
    for name, (alias, file) in SQLITE.items() if not found else ():
        with _copy(alias, file) as copied, _archive(copied) as source:
            parts.append(stored(name, "sqlite", source, is_vaults=name == "vault"))
    for name, files, is_vaults in (("spool", spool.waiting(), False), ("pins", [Path(settings.VAULT_PINS_FILE)], True)):
        with _linked(files) as linked, _archive(linked) as source:
            parts.append(stored(name, "files", source, is_vaults=is_vaults))
    made = BackupSet(began, timezone.now(), keys, tuple(parts))
    made.write()
    traces.note(traces.SET, began)
    return made


def _server_part(name: str, server: Server, folder: Path, to: list[object]) -> Part:
    file = f"{name}.tar.gz.age"
    with server.keeping_wal() as first:
        process = server.base_backup()
        with cast(IO[bytes], process.stdout) as source:
            size, sha256 = encrypt(source, folder / file, to)
        _end(process, f"La copie du serveur « {name} » a échoué")
    known = {"version": server.version(), "first_wal": first, "last_wal": server.wal_file()}
    return Part(name, "postgres", name != "ordinary", file, size, sha256, known)


@contextmanager
def _copy(alias: str, file: str) -> Iterator[Path]:
    """A folder with a consistent copy of an SQLite database, which others go on writing meanwhile."""
    connection = connections[alias]
    connection.ensure_connection()
    with tempfile.TemporaryDirectory(dir=sets_folder(), prefix="copy-") as name:
        copy_database(connection.connection, Path(name) / file)
        yield Path(name)


def copy_database(source: sqlite3.Connection, path: Path) -> None:
    """SQLite's online backup, in one step: what others commit meanwhile is not in it. Raises BackupProblem."""
    if source.in_transaction:
        raise BackupProblem("Une base SQLite ne se copie pas au milieu d'une transaction.")
    with closing(sqlite3.connect(path)) as target:
        source.backup(target)


@contextmanager
def _linked(files: list[Path]) -> Iterator[Path]:
    """A folder with those of the files that still exist: a second name of each, or a copy on another disk."""
    with tempfile.TemporaryDirectory(dir=sets_folder(), prefix="files-") as name:
        for path in files:
            try:
                os.link(path, Path(name) / path.name)
            except FileNotFoundError:
                continue  # it was drained meanwhile, or there are no pins yet
            except OSError:
                shutil.copy2(path, Path(name) / path.name)
        yield Path(name)


@contextmanager
def _archive(folder: Path) -> Iterator[IO[bytes]]:
    """What a folder holds, as a compressed tar."""
    command = ["tar", "--create", "--file=-", f"--directory={folder}", "--use-compress-program=gzip -1", "."]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603  our own words
    with cast(IO[bytes], process.stdout) as source:
        yield source
    _end(process, "L'archive n'a pas pu être faite")


def _end(process: subprocess.Popen[bytes], what: str) -> None:
    with cast(IO[bytes], process.stderr) as said:
        words = said.read().decode(errors="replace").strip()
    if process.wait():
        raise BackupProblem(f"{what} : {words[-500:]}")
