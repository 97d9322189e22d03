"""Handing an id to a worker: after commit, and never in the way of the act itself."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from functools import cache
from queue import Empty, SimpleQueue

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

Handed = tuple[str, str]
# What a broker that is away raises, by itself or through the libraries that talk to it.
UNREACHABLE = (OSError, KombuError, RedisError)
GATHERED_SECONDS = 0.2
AT_ONCE = 40


def publish(task: str, *ids: str, using: str = "default") -> None:
    """Sends the task of that dotted name after commit. Without a broker the row stays, and a sweep publishes it."""
    transaction.on_commit(lambda: _send(task, ids), using=using)


def publish_soon(task: str, one: str) -> None:
    """As `publish`, without waiting for the broker: a thread of this process sends what came together, as one message.

    The task must take any number of ids. What a killed process had not sent yet, a sweep publishes.
    """
    transaction.on_commit(lambda: _send(task, (one,)) if settings.CELERY_TASK_ALWAYS_EAGER else _post(task, one))


def _send(task: str, ids: tuple[str, ...]) -> None:
    try:
        import_string(task).delay(*ids)
    except UNREACHABLE as error:
        logger.warning("broker unreachable", extra={"task": task, "error": type(error).__name__})


def _post(task: str, one: str) -> None:
    _letter_box().put((task, one))


@cache
def _letter_box() -> SimpleQueue[Handed]:
    box: SimpleQueue[Handed] = SimpleQueue()
    threading.Thread(target=_carry, args=(box,), name="publishing", daemon=True).start()
    return box


def _carry(box: SimpleQueue[Handed]) -> None:
    while True:
        _hand_over(box)


def _hand_over(box: SimpleQueue[Handed]) -> None:
    """Waits for one, and a moment for those that come with it."""
    first = box.get()
    time.sleep(GATHERED_SECONDS)
    for task, ids in _by_task([first, *_emptied(box)]).items():
        for start in range(0, len(ids), AT_ONCE):
            _send(task, tuple(ids[start : start + AT_ONCE]))


def _emptied(box: SimpleQueue[Handed]) -> Iterator[Handed]:
    while True:
        try:
            yield box.get_nowait()
        except Empty:
            return


def _by_task(handed: list[Handed]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for task, one in handed:
        found.setdefault(task, []).append(one)
    return found
