"""The WAL of PostgreSQL, received as it is written and kept encrypted: what was committed since the last set."""

from __future__ import annotations

import gzip
import io
import os
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from django.conf import settings

from core.backups.age_streams import encrypt, recipients
from core.backups.problems import BackupProblem
from core.backups.servers import SLOT, Server, program, servers
from core.backups.sets import wal_folder

WHOLE = re.compile(r"[0-9A-F]{24}|[0-9A-F]{8}\.history")
SUFFIX = ".gz.age"
LOOKS_EVERY = 1.0


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

    def start(self) -> None:
        """Raises BackupProblem when the server lets us not."""
        with self.server.connect() as connection:
            found = connection.execute(
                "select 1 from pg_replication_slots where slot_name = %s", [self._slot]
            ).fetchone()
            if found is None:
                connection.execute("select pg_create_physical_replication_slot(%s, true)", [self._slot])
        for path in self.folder.glob("*.partial"):
            path.unlink()  # the slot says where to begin: of a server that was restored, such a file is another's
        self._launch()

    def look(self) -> int:
        """Encrypts what is whole; out: how many files."""
        files = sorted(path for path in self.folder.iterdir() if WHOLE.fullmatch(path.name))
        for path in files:
            keep(path, self.archive, self.to)
        return len(files)

    def switch(self) -> None:
        """Has the server close the file that it writes, so that it reaches us; a server that is away is asked later."""
        try:
            with self.server.connect() as connection:
                connection.execute("select pg_switch_wal()")
        except psycopg.OperationalError:
            return

    def revive(self) -> None:
        """Starts the receiver again if it ended."""
        if self._process is not None and self._process.poll() is not None:
            self._launch()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    @property
    def _slot(self) -> str:
        return SLOT if self.name != "vault" else f"{SLOT}_vault"

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
    kept, closed = 0, time.monotonic()
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
