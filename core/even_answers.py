"""Answers that leave at even moments, so that how long the work took does not tell what it was."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def at_even_moments(view: View) -> View:
    """For a public view whose work differs from lane to lane: what is sent to it is answered a whole number of
    EVEN_ANSWER_MS after it came. Looking at its page is not held up."""

    @wraps(view)
    def held(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        began = monotonic()
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            sleep(missing(monotonic() - began, settings.EVEN_ANSWER_MS / 1000))
        return response

    return held


def missing(took: float, step: float) -> float:
    """Seconds from the end of some work to the next even moment, counted from its beginning; no step, no wait."""
    return -took % step if step > 0 else 0.0
