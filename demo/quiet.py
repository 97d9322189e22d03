"""Filling without sending: what invented history would have sent long ago reaches nobody today.

Inside `quietly()` nothing is handed to a worker, and no mail leaves. The messages are rows of the outbox as ever;
`let_go()` then hands them over, through the outbox itself, to a gateway and a mail server that reach nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from celery import current_app
from django.conf import settings
from django.test.utils import override_settings

from core import outbox

UNHEARD = "memory://localhost/"
NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"
BATCH = 500


@contextmanager
def quietly() -> Iterator[None]:
    """Tasks go to a queue in memory that nobody reads; messages go to the console gateway and to no mail server."""
    before = {name: current_app.conf[name] for name in ("broker_url", "task_always_eager")}
    current_app.conf.update(broker_url=UNHEARD, task_always_eager=False)
    try:
        with override_settings(SMS_GATEWAY="console", EMAIL_BACKEND=NO_MAIL):
            yield
    finally:
        current_app.conf.update(before)


def let_go(say: Callable[[int], None] = lambda _count: None) -> int:
    """Delivers everything that is due, inside `quietly()`. Out: how many messages."""
    if settings.SMS_GATEWAY != "console" or settings.EMAIL_BACKEND != NO_MAIL:
        raise RuntimeError("let_go() outside quietly() would send for real")
    count = 0
    while due := outbox.due_ids(BATCH):
        for pk in due:
            outbox.deliver(pk)
        count += len(due)
        say(count)
    return count
