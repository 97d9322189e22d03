"""Dashboards and reports are read from a replica where one is named (REPLICA_DATABASE_URL), all else from the primary.

A replica is late, and may be gone. Whoever acted reads the primary until the replica has what they did, by its place in
the primary's log: no clock is compared. A replica that does not answer, or is late by more than REPLICA_LATE_SECONDS,
is passed over; one that is late by less is read, and the page says how late. The vault is never read there.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error, connections
from django.http import HttpRequest, HttpResponse

from core.formats import format_duration

REPLICA = "replica"
SAFE = ("GET", "HEAD")
# What the browser of somebody who acted brings along: where the primary's log stood once the act was committed.
ACTED = "acted"
ACTED_FOR = 3600
PLACE = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}")
BEGINNING, NEVER = "0/0", "FFFFFFFF/FFFFFFFF"
# So long nobody asks a replica again that did not answer.
LEFT_ALONE = 30.0
# Less is what a page takes to be read.
SAID_FROM = 10
STATE = """
select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end >= %s::pg_lsn,
    case when not pg_is_in_recovery() then 0
        when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() and exists (select from pg_stat_wal_receiver) then 0
        else extract(epoch from now() - pg_last_xact_replay_timestamp()) end
"""

Asked = TypeVar("Asked", bound=HttpRequest)
Rest = ParamSpec("Rest")
_reads: ContextVar[bool] = ContextVar("reads_replica", default=False)
_left_alone_until = 0.0
logger = logging.getLogger(__name__)


def is_named() -> bool:
    return REPLICA in settings.DATABASES


def is_read() -> bool:
    """Whether what is read now is read from the replica: the router asks."""
    return _reads.get()


def from_replica(
    view: Callable[Concatenate[Asked, Rest], HttpResponse],
) -> Callable[Concatenate[Asked, Rest], HttpResponse]:
    """For a view that only reads, and whose answer is whole when it returns. Its page finds in `request.behind`, in
    words, how late its figures are. Whatever goes wrong with the replica, the view is asked again, of the primary."""

    @wraps(view)
    def answered(request: Asked, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        late = _late_for(request)
        if late is None:
            return view(request, *args, **kwargs)
        try:
            with _reading():
                request.behind = _in_words(late)  # type: ignore[attr-defined]
                return view(request, *args, **kwargs)
        except Error as error:
            request.behind = ""  # type: ignore[attr-defined]
            _leave_alone(error)
        return view(request, *args, **kwargs)

    return answered


def seconds_behind(since: str = BEGINNING) -> float | None:
    """How late the replica is; None if it cannot be said, or if it has not come to that place of the primary's log.
    Raises django.db.Error while it does not answer."""
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(STATE, [since])
        has_it, late = cursor.fetchone()
    return float(late) if has_it and late is not None else None


class ActedMiddleware:
    """Whoever acts gets a mark of where the primary's log stood then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not is_named():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method not in SAFE and request.user.is_authenticated:
            response.set_cookie(
                ACTED, _place(), max_age=ACTED_FOR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
            )
        return response


def _place() -> str:
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("select pg_current_wal_lsn()::text")
            return str(cursor.fetchone()[0])
    except Error:
        return NEVER


def _late_for(request: HttpRequest) -> float | None:
    """How late the replica is for this person; None where the primary is to be read."""
    if not is_named() or request.method not in SAFE or time.monotonic() < _left_alone_until:
        return None
    since = request.COOKIES.get(ACTED, BEGINNING)
    try:
        late = seconds_behind(since if PLACE.fullmatch(since) else NEVER)
    except Error as error:
        _leave_alone(error)
        return None
    return late if late is not None and late <= settings.REPLICA_LATE_SECONDS else None


def _in_words(late: float) -> str:
    return format_duration(timedelta(seconds=late)) if late >= SAID_FROM else ""


def _leave_alone(error: Exception) -> None:
    global _left_alone_until  # noqa: PLW0603  one replica, known to all threads
    _left_alone_until = time.monotonic() + LEFT_ALONE
    connections[REPLICA].close()
    logger.warning("the replica did not answer, the primary does: %s", type(error).__name__)


@contextmanager
def _reading() -> Iterator[None]:
    token = _reads.set(True)
    try:
        yield
    finally:
        _reads.reset(token)


def hints_at_replica(hints: dict[str, Any]) -> bool:
    """Whether what is to be read or written hangs on a row that came from the replica."""
    return getattr(getattr(hints.get("instance"), "_state", None), "db", None) == REPLICA
