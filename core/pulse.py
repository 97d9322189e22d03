"""Whether the schedule and a worker are alive: a moment in the cache, which a task renews."""

from __future__ import annotations

import time

from django.core.cache import cache

KEY = "pulse"
KEPT_SECONDS = 86_400


def beat() -> None:
    """A worker did this because the schedule said so."""
    cache.set(KEY, time.time(), KEPT_SECONDS)


def silent_seconds() -> float:
    """How long ago that was; without end when it is not known to have been."""
    try:
        last: float | None = cache.get(KEY)
    except Exception:  # noqa: BLE001  each cache has errors of its own: what cannot be asked does not beat
        last = None
    return float("inf") if last is None else max(0.0, time.time() - last)
