"""The schedule, when this machine's clock is set."""

from __future__ import annotations

import time
from typing import Any

from celery.beat import PersistentScheduler

# Less is what a clock is put right by all day long.
A_STEP = 30.0


class StepProofScheduler(PersistentScheduler):
    """Celery's own, which waits for the moment at which a job last ran when the clock was ahead then: for as long as it
    had been ahead, nothing would be done."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._apart = _apart()
        super().__init__(*args, **kwargs)

    def setup_schedule(self) -> None:
        super().setup_schedule()
        self._believe_the_clock()

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if abs(_apart() - self._apart) > A_STEP:
            self._apart = _apart()
            self._believe_the_clock()
        waits: float = super().tick(*args, **kwargs)
        return waits

    def _believe_the_clock(self) -> None:
        """What ran later than now ran now; when each is due is reckoned anew."""
        for entry in self.schedule.values():
            now = entry.default_now()
            if entry.last_run_at and entry.last_run_at > now:
                entry.last_run_at = now
        self._heap = None


def _apart() -> float:
    """How far the clock is from one that only ever counts: it changes when the clock is set."""
    return time.time() - time.monotonic()
