"""Handing an id to a worker: after commit, and never in the way of the act itself."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError as BrokerUnreachable

logger = logging.getLogger(__name__)


def publish(task: str, *ids: str, using: str = "default") -> None:
    """Sends the task of that dotted name after commit. Without a broker the row stays, and a sweep publishes it."""
    transaction.on_commit(lambda: _send(task, ids), using=using)


def _send(task: str, ids: tuple[str, ...]) -> None:
    try:
        import_string(task).delay(*ids)
    except (OSError, BrokerUnreachable) as error:
        logger.warning("broker unreachable", extra={"task": task, "error": type(error).__name__})
