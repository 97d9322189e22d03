"""A process whose folder of modules begins with this one has a clock of its own, as the file named in BENCH_CLOCK sets
it: so many seconds from the right one. What only counts, and what sleeps, goes on as it was (as when a clock is set).

Loading libfaketime before Python was tried: after a step it makes `time.sleep` fail, which no real clock does.
"""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

LOOKS_EVERY = 0.2
_apart = time.time() - time.monotonic()


def _watch() -> None:
    file, known, travel = Path(os.environ["BENCH_CLOCK"]), 0.0, None
    while True:
        told = float(file.read_text() or 0)
        if told != known:
            if travel is not None:
                travel.stop()
            now = datetime.fromtimestamp(_apart + time.monotonic(), UTC)
            travel, known = time_machine.travel(now + timedelta(seconds=told), tick=True), told
            travel.start()
        time.sleep(LOOKS_EVERY)


def _start() -> None:
    threading.Thread(target=_watch, daemon=True).start()


_start()
os.register_at_fork(after_in_child=_start)
