"""Handing an id to a worker: after commit, and never in the way of the act itself."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cache
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, TypeVar

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

Waiting = Callable[[int], Sequence[Any]]
Item = TypeVar("Item")
# What a broker that is away raises, by itself or through the libraries that talk to it.
UNREACHABLE = (OSError, KombuError, RedisError)
GATHERED_SECONDS = 0.2
# A worker takes from each queue in turn: as many messages as receipts, so that those who spoke first in a burst hear
# back while the others are still being read.
AT_ONCE = 10
# What a sweep hands over at a time keeps several workers busy until the next; it waits while so many tasks are queued.
SWEPT_AT_ONCE = 10_000
MANY_TASKS = 25


class Handed(NamedTuple):
    """An id for a task; whether somebody waits for it, and until when the task has to wait itself."""

    is_waited_for: bool
    task: str
    one: str
    not_before: datetime | None = None


def publish_waiting(task: str, waiting: Waiting) -> None:
    """For a sweep: has workers take up what waits in the database, as `waiting` gives it, up to a limit.

    Nothing while the queue is long: what waits is mostly in it already, and would be in it twice.
    The task must take any number of ids.
    """
    if _queued(task) < MANY_TASKS:
        for ids in _portions([str(pk) for pk in waiting(SWEPT_AT_ONCE)]):
            publish(task, *ids)


def publish(task: str, *ids: str, using: str = "default") -> None:
    """Sends the task of that dotted name after commit. Without a broker the row stays, and a sweep publishes it."""
    transaction.on_commit(lambda: _send(task, ids), using=using)


def publish_soon(task: str, one: str, *, is_waited_for: bool = False, not_before: datetime | None = None) -> None:
    """As `publish`, without waiting for the broker: a thread of this process sends what came together, as one message.

    The task must take any number of ids. What a killed process had not sent yet, a sweep publishes. What
    `is_waited_for` comes first of those: a person's receipt must not tell, by its delay, that others are told too.
    """
    handed = Handed(is_waited_for, task, one, not_before)
    transaction.on_commit(
        lambda: _send(task, (one,)) if settings.CELERY_TASK_ALWAYS_EAGER else _letter_box().put(handed)
    )


def _send(task: str, ids: tuple[str, ...], not_before: datetime | None = None) -> None:
    try:
        import_string(task).apply_async(ids, eta=not_before)
    except UNREACHABLE as error:
        logger.warning("broker unreachable", extra={"task": task, "error": type(error).__name__})


@cache
def _letter_box() -> SimpleQueue[Handed]:
    box: SimpleQueue[Handed] = SimpleQueue()
    threading.Thread(target=_carry, args=(box,), name="publishing", daemon=True).start()
    return box


# A process that was forked has no such thread: it starts its own.
os.register_at_fork(after_in_child=_letter_box.cache_clear)


def _carry(box: SimpleQueue[Handed]) -> None:
    while True:
        _hand_over(box)


def _hand_over(box: SimpleQueue[Handed]) -> None:
    """Waits for one, and a moment for those that come with it."""
    first = box.get()
    time.sleep(GATHERED_SECONDS)
    for (task, _waits), handed in _together([first, *_emptied(box)]).items():
        for portion in _portions(handed):
            moments = [each.not_before for each in portion if each.not_before is not None]
            _send(task, tuple(each.one for each in portion), max(moments, default=None))


def _portions(items: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    return (tuple(items[start : start + AT_ONCE]) for start in range(0, len(items), AT_ONCE))


def queue_depths() -> dict[str, int] | None:
    """How many tasks wait in each queue, by its name; None when the broker cannot be asked."""
    names = [queue.name for queue in current_app.conf.task_queues]
    if settings.CELERY_TASK_ALWAYS_EAGER:
        return dict.fromkeys(names, 0)
    try:
        with current_app.connection_for_write() as connection:
            channel: Any = connection.default_channel
            # Not "passive": to Redis an empty queue is none, which would be an error.
            return {name: int(channel.queue_declare(name).message_count) for name in names}
    except UNREACHABLE as error:
        logger.warning("broker unreachable", extra={"error": type(error).__name__})
        return None


def _queued(task: str) -> int:
    """How many tasks wait in the queue of this one; as if many, when the broker cannot be asked."""
    depths = queue_depths()
    if depths is None:
        return MANY_TASKS
    route = (current_app.conf.task_routes or {}).get(task, {})
    return depths[route.get("queue", current_app.conf.task_default_queue)]


def _emptied(box: SimpleQueue[Handed]) -> Iterator[Handed]:
    while True:
        try:
            yield box.get_nowait()
        except Empty:
            return


def _together(handed: list[Handed]) -> dict[tuple[str, bool], list[Handed]]:
    """By task, and apart what waits for its moment: what leaves then must not tell, by its delay, what left with it."""
    found: dict[tuple[str, bool], list[Handed]] = {}
    for each in sorted(handed, key=lambda each: not each.is_waited_for):
        found.setdefault((each.task, each.not_before is not None), []).append(each)
    return found
