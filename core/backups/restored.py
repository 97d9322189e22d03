"""A restored place that runs for a while: servers on a socket of their own, databases beside the living ones."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections

from core.backups.problems import BackupProblem
from core.backups.restoring import Restored
from core.backups.servers import program

PORT = 5432
LONGEST_REPLAY = 4 * 3600.0
FILES = {"default": ("ordinary", "jaabi.sqlite3"), "vault_owner": ("vault", "vault.sqlite3")}
# The server's own settings may stand outside its data folder, as on Debian; nobody but this account reaches it.
SETTINGS = """listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
port = {port}
hot_standby = off
archive_mode = off
shared_preload_libraries = ''
max_connections = 50
"""


@dataclass(frozen=True)
class Running:
    """The restored databases under aliases of their own in this process, and until when they hold what was done.

    `last_act`: the last commit that was read from the WAL; None where there was no WAL to read.
    """

    aliases: dict[str, str]
    last_act: datetime | None


@contextlib.contextmanager
def running(restored: Restored) -> Iterator[Running]:
    """Starts what was restored, waits until it has read its WAL, and ends it. Raises BackupProblem."""
    with contextlib.ExitStack() as undo:
        sockets, acts = {}, []
        for part in restored.parts:
            if part.kind == "postgres":
                sockets[part.name] = socket = undo.enter_context(_socket())
                acts.append(undo.enter_context(_server(restored.place, part.name, socket)))
        aliases = {alias: undo.enter_context(_alias(restored, alias, sockets)) for alias in FILES}
        yield Running(aliases, min(filter(None, acts), default=None))


@contextlib.contextmanager
def _alias(restored: Restored, alias: str, sockets: dict[str, Path]) -> Iterator[str]:
    """The restored database of an alias, beside the living one."""
    name, (lane, file) = f"restored_{alias}", FILES[alias]
    socket = sockets.get(lane, sockets.get("all"))
    there = {"HOST": str(socket), "PORT": PORT, "PASSWORD": ""} if socket else {"NAME": restored.place / lane / file}
    connections.databases[name] = connections[alias].settings_dict | there
    connections[name].connect()
    try:
        yield name
    finally:
        connections[name].close()
        del connections[name], connections.databases[name]


@contextlib.contextmanager
def _socket() -> Iterator[Path]:
    """A folder whose name is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="jaabi-"))
    if user := _owner():
        shutil.chown(folder, user)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _server(place: Path, name: str, socket: Path) -> Iterator[datetime | None]:
    data = place / name
    told = {
        "jaabi_restored.conf": SETTINGS.format(socket=socket, port=PORT),
        "jaabi_restored_hba.conf": "local all all trust\n",
        "jaabi_restored_ident.conf": "",
    }
    for file, text in told.items():
        (data / file).write_text(text, "utf-8")
    options = [f"--config-file={data}/jaabi_restored.conf", f"--hba-file={data}/jaabi_restored_hba.conf"]
    options.append(f"--ident-file={data}/jaabi_restored_ident.conf")
    log = socket / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  our own words
            [program("postgres"), "-D", str(data), *options],
            cwd="/",
            stdout=output,
            stderr=subprocess.STDOUT,
            user=_owner(),
            start_new_session=True,
        )
    try:
        alias = "default" if name == "ordinary" else "vault_owner"
        yield _ready(process, socket, log, str(connections[alias].settings_dict["USER"]))
    finally:
        process.send_signal(signal.SIGINT)  # SIGTERM would wait for connections that we keep
        process.wait(timeout=60)


def _ready(process: subprocess.Popen[bytes], socket: Path, log: Path, user: str) -> datetime | None:
    """Waits until the WAL was read and the server is a primary; out: the last commit that it read."""
    deadline = time.monotonic() + LONGEST_REPLAY
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with psycopg.connect(host=str(socket), port=PORT, dbname="postgres", user=user) as connection:
                row: tuple[Any, ...] | None = connection.execute(
                    "select pg_is_in_recovery(), pg_last_xact_replay_timestamp()"
                ).fetchone()
                if row and not row[0]:
                    found: datetime | None = row[1]
                    return found
        except psycopg.OperationalError:
            pass
        time.sleep(0.2)
    raise BackupProblem(f"Le serveur restauré ne démarre pas : {log.read_text(errors='replace')[-1500:]}")


def _owner() -> str | None:
    """PostgreSQL refuses to run as root; then it runs as its own user."""
    return "postgres" if os.geteuid() == 0 else None
