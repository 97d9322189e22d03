"""What waits with the broker, and where: receipts and clocks, messages to be handled, notices, what may take long."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kombu import Queue

# What is named nowhere below goes to the first: receipts, answers, clocks. A worker takes from each in turn, unless it
# is told which (`-Q`). In production it is: whatever fills `notices` (a mail server that hangs) or `slow` (imports,
# reports) has a process of its own to hold, and no receipt waits behind it.
QUEUES = [Queue(name) for name in ("celery", "inbound", "notices", "slow")]
_ELSEWHERE = {
    "inbound": ["feedback.tasks.handle_envelope"],
    "notices": [
        "core.tasks.deliver_notices",
        "directory.tasks.ask_about_services",
        "directory.tasks.mail_checkpoints",
        "directory.tasks.send_summaries",
        "referrals.tasks.deliver_event",
        "referrals.tasks.post_envelope",
    ],
    "slow": [
        "core.tasks.count_kept",
        "core.tasks.erase",
        "core.tasks.forget_sent_texts",
        "directory.tasks.forget_5w_files",
        "directory.tasks.take_interventions",
        "feedback.tasks.forget_what_is_over",
        "feedback.tasks.measure_usual_delay",
        "feedback.tasks.take_sheet",
        "feedback.tasks.take_source_file",
        "referrals.tasks.forget_events",
        "referrals.tasks.take_into_sums",
        "workplan.tasks.close_quarters",
        "workplan.tasks.count_signals",
        "workplan.tasks.forget_register_files",
        "workplan.tasks.send_digests",
        "workplan.tasks.take_register_file",
    ],
}
ROUTES = {task: {"queue": queue} for queue, tasks in _ELSEWHERE.items() for task in tasks}


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
