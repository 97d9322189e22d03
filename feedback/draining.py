"""The spool empties itself: in the web process that filled it, and by the schedule, until nothing waits.

Running on several machines, or twice on one, doubles nothing: each message is stored once under its provider's id.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path
from threading import Lock, Thread

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections

from core import quarantine, spool
from core.gateways import UnknownGateway
from core.kept_requests import KeptRequest
from core.models import Line
from feedback import arrivals

logger = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
_beginning = Lock()
_threads: list[Thread] = []


def drain() -> int:
    """Takes in what waits on this machine, oldest first; stops when the database does not answer. Out: how many.

    What cannot be taken in stays where it is and holds up nobody.
    """
    taken = 0
    with spool.alone() as is_alone:
        if not is_alone:
            return 0
        spool.drop_unfinished()
        for path in spool.waiting():
            try:
                taken += _take(path)
            except (OperationalError, InterfaceError):
                break
            except Exception as error:
                logger.exception("spooled request not taken in", extra={"error": type(error).__name__})
    return taken


def begin() -> None:
    """Sees to it that this process drains what waits on its machine; returns at once."""
    if not settings.SPOOL_DRAINS_ITSELF or spool.is_empty():
        return
    with _beginning:
        if not any(thread.is_alive() for thread in _threads):
            _threads[:] = [Thread(target=_drain_until_empty, name="spool", daemon=True)]
            _threads[0].start()


def _take(path: Path) -> int:
    try:
        kept = spool.opened(path)
    except FileNotFoundError:
        return 0
    try:
        arrivals.keep(arrivals.read(kept, kept.again()))
    except UnknownGateway:
        _of_no_line(kept)
    path.unlink(missing_ok=True)
    return 1


def _of_no_line(kept: KeptRequest) -> None:
    """A line that was switched off meanwhile may come back; a stranger's address is answered as at the door."""
    if Line.objects.filter(name=kept.name).exists():
        quarantine.keep(kept, gateway=kept.name, reason="stopped")
    else:
        logger.warning("spooled request of no line dropped", extra={"gateway": kept.name})


def _drain_until_empty() -> None:
    wait = FIRST_WAIT
    while not spool.is_empty():
        wait = FIRST_WAIT if drain() else min(LONGEST_WAIT, wait * 2)
        connections.close_all()
        if not spool.is_empty():
            time.sleep(wait)
