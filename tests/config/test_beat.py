"""The schedule when this machine's clock is set ahead, and back again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from celery import Celery

from config.beat import StepProofScheduler

pytestmark = pytest.mark.once
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
JOBS = {"often": 20.0, "hourly": 3600.0}


def made(tmp_path: Path, sent: list[str]) -> StepProofScheduler:
    app = Celery("jaabi", broker="memory://", set_as_current=False)
    app.conf.beat_schedule = {name: {"task": name, "schedule": every} for name, every in JOBS.items()}
    scheduler = StepProofScheduler(app, schedule_filename=str(tmp_path / "schedule"))
    scheduler.apply_entry = lambda entry, producer=None: sent.append(entry.name or "")  # type: ignore[method-assign]
    return scheduler


def ran_at(scheduler: StepProofScheduler, sent: list[str], moment: datetime) -> list[str]:
    """What is sent when the clock says so."""
    sent.clear()
    with time_machine.travel(moment, tick=False):
        for _turn in range(6):
            scheduler.tick()
    return sorted(sent)


def test_what_ran_ahead_of_time_is_not_waited_for(tmp_path: Path) -> None:
    sent: list[str] = []
    with time_machine.travel(NOON, tick=False):
        scheduler = made(tmp_path, sent)
    assert ran_at(scheduler, sent, NOON + timedelta(hours=3)) == ["hourly", "often"]
    assert ran_at(scheduler, sent, NOON + timedelta(seconds=5)) == []
    assert ran_at(scheduler, sent, NOON + timedelta(seconds=26)) == ["often"]
    assert ran_at(scheduler, sent, NOON + timedelta(hours=1, seconds=10)) == ["hourly", "often"]


def test_nor_is_it_by_a_schedule_that_starts_again(tmp_path: Path) -> None:
    sent: list[str] = []
    with time_machine.travel(NOON, tick=False):
        scheduler = made(tmp_path, sent)
    ran_at(scheduler, sent, NOON + timedelta(hours=3))
    scheduler.close()
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        again = made(tmp_path, sent)
    assert ran_at(again, sent, NOON + timedelta(minutes=2)) == ["often"]
