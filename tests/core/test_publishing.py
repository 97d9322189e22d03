"""Without a broker the row stays, whoever made it is answered, and a sweep publishes it later."""

from __future__ import annotations

import logging
import os
from typing import Any

import pytest
from celery import Celery
from kombu import Queue

from core import publishing

# Nobody listens at this port.
nowhere = Celery("nowhere", broker="redis://127.0.0.1:9/1", set_as_current=False)
nowhere.conf.update(
    task_publish_retry=False, broker_transport_options={"max_retries": 1, "interval_start": 0, "interval_step": 0}
)


@nowhere.task
def never_runs(pk: str) -> None:
    """Published to a broker that is not there."""


def test_a_broker_that_nobody_reaches_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Exception, match="refused"):
        never_runs.delay("1")
    with caplog.at_level(logging.WARNING):
        publishing._send(f"{__name__}.never_runs", ("1",))
    assert [record.getMessage() for record in caplog.records if record.name == "core.publishing"] == [
        "broker unreachable"
    ]


@pytest.mark.parametrize(
    ("broker", "queued"),
    [
        (os.environ.get("REDIS_URL") or "memory://", 0),
        ("redis://127.0.0.1:9/1", publishing.MANY_TASKS),
    ],
)
def test_a_sweep_knows_how_long_the_queue_is(
    monkeypatch: pytest.MonkeyPatch, settings: Any, broker: str, queued: int
) -> None:
    """An empty queue is none to the broker, and is no error; a broker that is away is handed nothing."""
    settings.CELERY_TASK_ALWAYS_EAGER = False
    app = Celery("counted", broker=broker, set_as_current=False)
    app.conf.task_queues = [Queue("never-used")]
    app.conf.task_routes = {"some.task": {"queue": "never-used"}}
    monkeypatch.setattr(publishing, "current_app", app)
    assert publishing._queued("some.task") == queued
