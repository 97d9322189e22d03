"""Answers that leave at even moments, so that how long the work took does not tell what it was.

A page is held back until then; an SMS is a row that says when it may leave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import wraps
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

View = Callable[..., HttpResponse]
_came_at: ContextVar[datetime | None] = ContextVar("came_at", default=None)


def at_even_moments(view: View) -> View:
    """For a public view whose work differs from lane to lane: what is sent to it is answered a whole number of
    EVEN_ANSWER_MS after it came. Looking at its page is not held up."""

    @wraps(view)
    def held(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        began = monotonic()
        with answering(timezone.now()):
            response = view(request, *args, **kwargs)
        if request.method == "POST":
            sleep(missing(monotonic() - began, settings.EVEN_ANSWER_MS / 1000))
        return response

    return held


@contextmanager
def answering(came_at: datetime) -> Iterator[None]:
    """Within it, what somebody waits for by SMS leaves a whole number of EVEN_SMS_MS after `came_at`."""
    outside = _came_at.set(came_at)
    try:
        yield
    finally:
        _came_at.reset(outside)


def next_even_moment(now: datetime) -> datetime:
    """When an SMS that is ready at `now` may leave: at once, unless it answers something that came."""
    came_at = _came_at.get()
    if came_at is None:
        return now
    return now + timedelta(seconds=missing((now - came_at).total_seconds(), settings.EVEN_SMS_MS / 1000))


def missing(took: float, step: float) -> float:
    """Seconds from the end of some work to the next even moment, counted from its beginning; no step, no wait."""
    return -took % step if step > 0 else 0.0
