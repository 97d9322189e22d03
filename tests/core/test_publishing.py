"""Without a broker the row stays, whoever made it is answered, and a sweep publishes it later."""

from __future__ import annotations

import logging

import pytest
from celery import Celery

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
