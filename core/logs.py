"""Logs: one JSON object a line, without numbers, addresses or texts."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

# Long runs of digits, as telephone and receipt numbers are, however they are spaced.
DIGITS = re.compile(r"\+?\d(?:[\s.\-]?\d){7,}")
ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")
STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request", "server_time"}


def redacted(text: str) -> str:
    """The text without anything that looks like a number or an address."""
    return ADDRESS.sub("[address]", DIGITS.sub("[number]", text))


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message and extras. Of an exception: its type and where, never its text or values."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "event": redacted(record.getMessage()),
        }
        line.update({key: redacted(str(value)) for key, value in vars(record).items() if key not in STANDARD})
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["where"] = _where(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def _where(trace: Any) -> list[str]:
    steps = []
    while trace is not None:
        code = trace.tb_frame.f_code
        steps.append(f"{code.co_filename.rsplit('/', 2)[-2]}/{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return steps[-8:]
