"""Logs: one JSON object a line, without numbers, addresses or texts."""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

logger = logging.getLogger(__name__)

# Long runs of digits, as telephone and receipt numbers are, however they are spaced.
DIGITS = re.compile(r"\+?\d(?:[\s.\-]?\d){7,}")
ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")
STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request", "server_time"}
# What Celery says of a task that failed, with what its exception says, which may be what somebody said.
TOLD_BY_CELERY = {"data", "exc", "traceback", "args", "kwargs"}


def redacted(text: str) -> str:
    """The text without anything that looks like a number or an address."""
    return ADDRESS.sub("[address]", DIGITS.sub("[number]", text))


def event_of(record: logging.LogRecord) -> str:
    """What a record says, without numbers and addresses, and without what an exception says."""
    return redacted(_event(record))


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message and extras. Of an exception: its type and where, never its text or values."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": event_of(record),
        }
        extras = {key: value for key, value in vars(record).items() if key not in STANDARD | TOLD_BY_CELERY}
        line.update({key: redacted(str(_quiet(value))) for key, value in extras.items()})
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["where"] = _where(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def log_what_nobody_caught() -> None:
    """An exception that ends the process or one of its threads is logged as any other: its text is printed nowhere.

    Likewise one that can end nothing, for it comes while something is thrown away.
    """
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda told: _log_uncaught(told.exc_type, told.exc_value, told.exc_traceback)
    sys.unraisablehook = lambda told: _log_uncaught(told.exc_type, told.exc_value, told.exc_traceback)
    logging.raiseExceptions = False  # else a line that cannot be written is printed with what it was told


def _log_uncaught(kind: Any, error: Any, trace: Any) -> None:
    if not issubclass(kind, KeyboardInterrupt | SystemExit):
        logger.critical("nobody caught an exception", exc_info=(kind, error, trace))


def _event(record: logging.LogRecord) -> str:
    """The message, with the type of each exception that it names in the place of its text."""
    told: Any = record.args
    if isinstance(told, Mapping):
        told = {key: "…" if key in TOLD_BY_CELERY else _quiet(value) for key, value in told.items()}
    elif told:
        told = tuple(_quiet(value) for value in told)
    message = str(_quiet(record.msg))
    return message % told if told else message


def _quiet(value: Any) -> Any:
    return type(value).__name__ if isinstance(value, BaseException) else value


def _where(trace: Any) -> list[str]:
    steps = []
    while trace is not None:
        file = "/".join(trace.tb_frame.f_code.co_filename.split("/")[-2:])
        steps.append(f"{file}:{trace.tb_lineno}")
        trace = trace.tb_next
    return steps[-8:]
