"""A change of many rows is killed in a batch, goes on where it was, and does no row twice in what is kept."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from core import long_changes
from core.long_changes import Change, Progress, register, require_finished, run
from core.models import LineTrace, LongChange
from tests.stack import tables

NAME = "traces_are_counted"
COUNTED = 7


def count(rows: Sequence[LineTrace]) -> None:
    """Adds one, so that a row that was changed twice shows."""
    for row in rows:
        row.kept_count = (row.kept_count or 0) + 1
        row.save()
    if os.environ.get("KILLED_AT") in [row.name for row in rows]:
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def change(db: None) -> Iterator[Change]:
    LineTrace.objects.bulk_create([LineTrace(name=f"l{number}") for number in range(COUNTED)])
    made = Change(NAME, LineTrace, count)
    register(made)
    yield made
    del long_changes._known[NAME]


def test_it_shows_how_far_it_is_stops_and_goes_on(change: Change) -> None:
    assert next(run(change, batch=3)) == Progress(3, 7)
    with pytest.raises(RuntimeError, match="n'est pas allé à son terme"):
        require_finished(NAME)
    assert list(run(change, batch=3)) == [Progress(6, 7), Progress(7, 7)]
    assert list(run(change, batch=3)) == []
    assert list(LineTrace.objects.values_list("kept_count", flat=True)) == [1] * COUNTED
    require_finished(NAME)


def test_the_command_says_how_far_it_is_and_which_there_are(change: Change) -> None:
    call_command("change_rows", NAME, batch=4, stdout=(out := StringIO()))
    assert out.getvalue().splitlines() == [
        f"{NAME} : 4/7 (57 %)",
        f"{NAME} : 7/7 (100 %)",
        f"{NAME} : 7 lignes, terminé",
    ]
    with pytest.raises(CommandError, match=f"Il y a : {NAME}"):
        call_command("change_rows", "other")


CHILD = """
import os, django; django.setup()
from core.long_changes import Change, run
from core.models import LineTrace
from tests.core.test_long_changes import NAME, count

killed = os.fork()
if not killed:
    os.environ["KILLED_AT"] = "l4"
for_it = os.waitpid(killed, 0)[1] if killed else 0
for progress in run(Change(NAME, LineTrace, count), batch=2):
    print(for_it, progress.done, flush=True)
"""


@pytest.mark.once
def test_killed_in_a_batch_it_has_done_no_row_twice_when_it_is_over(tmp_path: Path) -> None:
    tables.copy_files(tmp_path)
    with closing(sqlite3.connect(tmp_path / "jaabi.sqlite3")) as database:
        rows = [(f"l{number}",) for number in range(COUNTED)]
        database.executemany("insert into core_linetrace (name) values (?)", rows)
        database.commit()
    told = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    told |= {"DEBUG": "1", "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}

    done = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=settings.BASE_DIR, env=told, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["0", "2", "0", "4", "9", "6", "9", "7"], "9: killed, then gone on with"
    with closing(sqlite3.connect(tmp_path / "jaabi.sqlite3")) as database:
        counts = database.execute("select kept_count from core_linetrace where name like 'l%'").fetchall()
    assert counts == [(1,)] * COUNTED


def test_a_name_that_began_elsewhere_is_one_row(change: Change) -> None:
    LongChange.objects.create(name=NAME, started_at=timezone.now(), cursor="l4", done=5)
    assert list(run(change, batch=5)) == [Progress(7, 7)]
