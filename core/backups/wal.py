"""The WAL of PostgreSQL, received as it is written and kept encrypted: what was committed since the last set."""

from __future__ import annotations

import gzip
import io
import logging
import os
import re
import subprocess
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.utils import timezone

from core.backups import traces
from core.backups.age_streams import encrypt, recipients
from core.backups.problems import BackupProblem
from core.backups.servers import SLOT, Server, program, servers
from core.backups.sets import wal_folder
from core.backups.wal_archive import SUFFIX, has_hole

WHOLE = re.compile(r"[0-9A-F]{24}|[0-9A-F]{8}\.history")
LOOKS_EVERY = 1.0
HOLE = (
    "Le serveur « %s » n'a pas gardé ce qui n'était pas encore reçu (max_slot_wal_keep_size) : il y a un trou dans "
    "le journal. La réception reprend ; faites une sauvegarde, la dernière ne va que jusqu'au trou."
)
logger = logging.getLogger(__name__)
Connection = psycopg.Connection[Any]


class Receiver:
    """One server's WAL: `pg_receivewal` writes it here, what is whole is encrypted and leaves.

    The slot makes the server keep what we have not received: a receiver that stays away fills the server's disk
    unless `max_slot_wal_keep_size` says how far.
    """

    def __init__(self, name: str, server: Server) -> None:
        self.name, self.server, self.archive = name, server, wal_folder(name)
        vaults = name != "ordinary"
        setting = "BACKUP_VAULT_RECIPIENTS" if vaults else "BACKUP_RECIPIENTS"
        self.to = recipients(getattr(settings, setting), setting)
        self.folder = Path(settings.VAR_DIR) / f"wal-{name}"
        for folder in (self.folder, self.archive):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._process: subprocess.Popen[bytes] | None = None
        # Up to where the server closed its file, and when; None once all of that was received.
        self._closed: tuple[str, datetime] | None = None

    def start(self) -> None:
        """A slot that was lost is made anew; what is missing then, the trace does not pass over."""
        with self.server.connect() as connection:
            if self._is_lost(connection):
                logger.error(HOLE, self.name)
                connection.execute("select pg_drop_replication_slot(%s)", [self._slot])
            if self._state(connection) is None:
                connection.execute("select pg_create_physical_replication_slot(%s, true)", [self._slot])
        for path in self.folder.glob("*.partial"):
            path.unlink()  # the slot says where to begin: of a server that was restored, such a file is another's
        self._launch()

    def look(self) -> int:
        """Encrypts what is whole, and notes until when nothing is missing; out: how many files."""
        is_reached = self._is_reached()
        files = sorted(path for path in self.folder.iterdir() if WHOLE.fullmatch(path.name))
        for path in files:
            keep(path, self.archive, self.to)
        if is_reached and self._closed and not has_hole(self.name):
            traces.note(traces.of_wal(self.name), self._closed[1])
        if is_reached:
            self._closed = None
        return len(files)

    def switch(self) -> None:
        """Has the server close the file that it writes, so that it reaches us; a server that is away is asked later."""
        try:
            with self.server.connect() as connection:
                if self._is_lost(connection):
                    self.stop()  # `revive` begins again
                    return
                now = timezone.now()
                row = connection.execute("select pg_switch_wal()::text").fetchone()
                self._closed = (str(row[0]), now) if row else None
        except psycopg.OperationalError:
            return

    def revive(self) -> None:
        """Starts the receiver again if it ended; while the server is away, later."""
        if self._process is not None and self._process.poll() is not None:
            try:
                self.start()
            except psycopg.OperationalError:
                return

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    @property
    def _slot(self) -> str:
        return SLOT if self.name != "vault" else f"{SLOT}_vault"

    def _state(self, connection: Connection) -> tuple[str, str] | None:
        """Whether the server still has what the slot waits for, and up to where it was received."""
        return connection.execute(
            "select coalesce(wal_status, ''), coalesce(restart_lsn::text, '0/0')"
            " from pg_replication_slots where slot_name = %s",
            [self._slot],
        ).fetchone()

    def _is_lost(self, connection: Connection) -> bool:
        state = self._state(connection)
        return state is not None and state[0] == "lost"

    def _is_reached(self) -> bool:
        """Whether all that was written before the server last closed its file was received."""
        if self._closed is None:
            return False
        try:
            with self.server.connect() as connection:
                state = self._state(connection)
                if state is None or state[0] == "lost":
                    return False
                row = connection.execute("select %s::pg_lsn >= %s::pg_lsn", [state[1], self._closed[0]]).fetchone()
                return bool(row and row[0])
        except psycopg.OperationalError:
            return False

    def _launch(self) -> None:
        command = [program("pg_receivewal"), f"--dbname={self.server.words}", f"--directory={self.folder}"]
        command += [f"--slot={self._slot}", "--status-interval=2", "--no-password"]
        self._process = subprocess.Popen(command, env=self.server.environment)  # noqa: S603  our own words


def keep(path: Path, archive: Path, to: list[object]) -> None:
    """Encrypts a whole WAL file into the archive, then removes it here; cut off between the two, it is done again."""
    encrypt(io.BytesIO(gzip.compress(path.read_bytes(), 1)), archive / f"{path.name}{SUFFIX}", to)
    handle = os.open(archive, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    path.unlink()


def receive(every: float, is_over: Callable[[], bool]) -> int:
    """Receives the WAL of each server until it is over; closes the file that is written every so many seconds.

    Out: how many files were kept. Raises BackupProblem.
    """
    receivers = [Receiver(name, server) for name, server in servers().items()]
    if not receivers:
        raise BackupProblem("Les bases sont en SQLite : il n'y a pas de journal à recevoir, « backup » prend tout.")
    kept, closed = 0, -every
    try:
        for receiver in receivers:
            receiver.start()
        while not is_over():
            if time.monotonic() - closed >= every:
                closed = time.monotonic()
                for receiver in receivers:
                    receiver.switch()
            for receiver in receivers:
                receiver.revive()
                kept += receiver.look()
            time.sleep(LOOKS_EVERY)
    finally:
        for receiver in receivers:
            receiver.stop()
    return kept + sum(receiver.look() for receiver in receivers)
