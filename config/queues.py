"""What waits with the broker, and where: receipts and clocks, messages to be handled, and what may take long."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kombu import Queue

# A worker takes from each in turn, unless it is told which (`-Q`): receipts and clocks do not wait behind a burst of
# messages, nor anybody behind a long import. What is named nowhere below goes to the first.
QUEUES = [Queue(name) for name in ("celery", "inbound", "slow")]
ROUTES = {
    "feedback.tasks.handle_envelope": {"queue": "inbound"},
    "feedback.tasks.take_sheet": {"queue": "slow"},
    "feedback.tasks.take_source_file": {"queue": "slow"},
    "feedback.tasks.forget_what_is_over": {"queue": "slow"},
    "directory.tasks.take_interventions": {"queue": "slow"},
    "referrals.tasks.take_into_sums": {"queue": "slow"},
    "workplan.tasks.take_register_file": {"queue": "slow"},
    "core.tasks.erase": {"queue": "slow"},
}


def transport_options(redis_url: str, folder: Path) -> dict[str, Any]:
    """In: Redis' address, "" without; where queues are files then. Out: what Celery's transport is told."""
    if not redis_url:
        queue = str(folder / "queue")
        return {
            "data_folder_in": queue,
            "data_folder_out": queue,
            "control_folder": str(folder / "queue-control"),
            "store_processed": False,
        }
    # A broker that is away must not hold up an act: the row is there, and a sweep publishes it.
    return {
        "visibility_timeout": 600,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
    }
