"""Errors for those who watch an installation from elsewhere (Sentry): what happened and where, of nothing of the vault.

Nothing that the library gathers is sent: an event is made anew from the log's own record, of the few things below. It
says less than the log does. Durations are not told at all (docs/decisions/0023-watched-from-elsewhere.md).
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from core.logs import event_of
from core.routers import VAULT_ALIASES, VAULT_APP

OURS = ("config", "core", "directory", "feedback", "referrals", "workplan")
# Doors to the vault outside its app: that one of them was at work says that there was something for it.
DOORS = {
    "feedback.actions.protect",
    "feedback.actions.release",
    "feedback.sealed_door",
    "feedback.views.release",
    "workplan.measures.vault",
    "workplan.releases",
}
VAULT_PATH = "/vault/"
KEPT_STEPS = 40


def watch(dsn: str, *, sample_rate: float, transport: Any = None) -> None:
    """Begins to tell `dsn` of errors, of that share of them. Raises ImproperlyConfigured without the library."""
    try:
        import sentry_sdk  # noqa: PLC0415  an extra, which an installation need not have
        from sentry_sdk.integrations.logging import LoggingIntegration  # noqa: PLC0415
    except ImportError:
        raise ImproperlyConfigured(
            "SENTRY_DSN est posé, et sentry-sdk n'est pas installé : requirements/sentry.txt, ou videz SENTRY_DSN."
        ) from None
    sentry_sdk.init(
        dsn=dsn,
        sample_rate=sample_rate,
        transport=transport,
        before_send=told,
        # all that would gather or send something else is off
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
        traces_sample_rate=None,
        before_send_transaction=lambda event, hint: None,
        max_breadcrumbs=0,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        auto_session_tracking=False,
        send_client_reports=False,
        server_name="",
        release="jaabi",
        spotlight=False,
    )


def told(event: Any, hint: dict[str, Any]) -> Any:
    """What is sent of an error that was logged: None of anything else, and of whatever touches the vault."""
    record: logging.LogRecord | None = hint.get("log_record")
    if record is None or _touches_vault(record):
        return None
    sent: dict[str, Any] = {
        "event_id": event["event_id"],
        "timestamp": event["timestamp"],
        "platform": "python",
        "level": record.levelname.lower(),
        "logger": record.name,
        "tags": _where_asked(record),
        "logentry": {"message": event_of(record) if _is_ours(record.name) else record.name},
    }
    if record.exc_info and record.exc_info[0] is not None:
        kind, _error, trace = record.exc_info
        steps = [_step(frame, line) for frame, line in _steps(trace)][-KEPT_STEPS:]
        sent["exception"] = {"values": [{"type": kind.__name__, "stacktrace": {"frames": steps}}]}
    return sent


def _where_asked(record: logging.LogRecord) -> dict[str, str]:
    """The name of the page, never its address, or of the task."""
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    tags = {"page": match.view_name if match else "", "task": _task(record)}
    return {name: value for name, value in tags.items() if value}


def _task(record: logging.LogRecord) -> str:
    """As Celery names it where one failed."""
    said = getattr(record, "data", None)
    return str(said.get("name", "")) if isinstance(said, dict) else ""


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in OURS


def _step(frame: FrameType, line: int) -> dict[str, Any]:
    return {"module": _module(frame), "function": frame.f_code.co_name, "lineno": line}


def _touches_vault(record: logging.LogRecord) -> bool:
    """Of a page, task, module or database of the vault: as it was raised, as what it followed on was, or as it is
    being logged."""
    request = getattr(record, "request", None)
    if request is not None and str(getattr(request, "path", VAULT_PATH)).startswith(VAULT_PATH):
        return True
    if _is_vaults(record.name) or _is_vaults(_task(record)):
        return True
    frames = [frame for error in _chain(record) for frame, _line in _steps(error.__traceback__)]
    return any(_is_vaults(_module(frame)) or _at_vault(frame) for frame in [*frames, *_being_run()])


def _is_vaults(name: str) -> bool:
    return name.partition(".")[0] == VAULT_APP or name in DOORS


def _at_vault(frame: FrameType) -> bool:
    """Whether a database of the vault was being spoken to there."""
    it = frame.f_locals.get("self")
    if isinstance(it, CursorWrapper):
        it = it.db
    return isinstance(it, BaseDatabaseWrapper) and it.alias in VAULT_ALIASES


def _chain(record: logging.LogRecord) -> Iterator[BaseException]:
    """The exception of this record and all that it followed on."""
    waiting = [record.exc_info[1]] if record.exc_info else []
    seen: set[int] = set()
    while waiting:
        error = waiting.pop()
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        yield error
        waiting += [error.__cause__, error.__context__, *getattr(error, "exceptions", ())]


def _steps(trace: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _being_run() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))
