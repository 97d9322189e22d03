"""The WAL of a PostgreSQL server of its own: until when it is kept is noted, and a hole is never passed over."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.utils import timezone

from bench.programs import address, found, postgres, running
from core.backups import traces
from core.backups.servers import servers
from core.backups.sets import BackupSet, Part
from core.backups.wal import Receiver
from core.backups.wal_archive import has_hole
from tests.stack.databases import on_services
from tests.stack.processes import free_port

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db,
    pytest.mark.skipif(not on_services(), reason="PostgreSQL's"),
    pytest.mark.skipif(not found("initdb"), reason="no server programs on this machine"),
]


@pytest.fixture
def receiver(tmp_path: Path, settings: Any) -> Iterator[Receiver]:
    """Of the one server that both databases would be on."""
    port = free_port()
    settings.VAR_DIR, settings.BACKUP_DIR = tmp_path / "var", tmp_path / "backups"
    settings.BACKUP_VAULT_RECIPIENTS = [str(pyrage.x25519.Identity.generate().to_public())]
    settings.BACKUP_DATABASE_URL = settings.BACKUP_VAULT_DATABASE_URL = address(port, "postgres")
    with tempfile.TemporaryDirectory(prefix="jaabi-wal-") as folder, ExitStack() as undo:
        server = postgres(Path(folder), port)
        server.command.append("--max_slot_wal_keep_size=48")
        undo.enter_context(running(server))
        made = Receiver("all", servers()["all"])
        made.start()
        yield made
        made.stop()


def write(receiver: Receiver, files: int) -> None:
    """So many files of WAL."""
    with receiver.server.connect() as connection:
        for _ in range(files):
            connection.execute("select pg_logical_emit_message(false, 'test', 'x'), pg_switch_wal()")
        connection.execute("checkpoint")


def looked(receiver: Receiver, until: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not until():
        assert time.monotonic() < deadline
        receiver.revive()
        receiver.look()
        time.sleep(0.1)


def received(receiver: Receiver) -> datetime | None:
    """Closes a file, and waits until it was received."""
    looked(receiver, lambda: receiver._process is not None and receiver._process.poll() is None)
    write(receiver, 1)
    receiver.switch()
    assert receiver._closed is not None
    looked(receiver, lambda: receiver._closed is None)
    return traces.wal_until()


def test_what_is_received_is_noted_and_a_slot_that_was_lost_is_told_until_there_is_a_new_set(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    assert traces.wal_until() is None
    began, first = timezone.now(), receiver.server.wal_file()
    reached = received(receiver)
    assert reached is not None
    assert began < reached < timezone.now()
    made_set(began, first, receiver.server.wal_file())
    receiver.stop()
    write(receiver, 8)
    with caplog.at_level(logging.ERROR):
        receiver.switch()
        assert received(receiver) == reached, "what was noted stays: there is a hole after it"
    assert "un trou dans le journal" in caplog.text
    assert has_hole("all")
    made_set(timezone.now(), receiver.server.wal_file(), receiver.server.wal_file())
    assert (received(receiver) or reached) > reached


def made_set(at: datetime, first: str, last: str) -> None:
    """As if one had been made."""
    part = Part(
        "all", "postgres", True, "all.tar.gz.age", 0, "", {"version": "15", "first_wal": first, "last_wal": last}
    )
    made = BackupSet(at, at, {}, (part,))
    made.folder.mkdir(parents=True, exist_ok=True)
    made.write()
