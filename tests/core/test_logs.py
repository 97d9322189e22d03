"""A log line says what happened and where, never what somebody said."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery

from core.logs import JsonFormatter
from tests.standin.client import ROOT

pytestmark = pytest.mark.once
SAID = "il demande des faveurs au +223 70 11 12 13"
PROGRAM = """
import threading
from core.logs import JsonFormatter, log_what_nobody_caught
import logging
handler = logging.StreamHandler()
handler.setFormatter(JsonFormatter())
logging.getLogger().addHandler(handler)
log_what_nobody_caught()
def fall():
    raise RuntimeError("il demande")
thread = threading.Thread(target=fall)
thread.start()
thread.join()
class Thrown:
    def __del__(self):
        fall()
Thrown()
class Bad:
    def __str__(self):
        raise RuntimeError("il demande")
logging.warning("%s", Bad())
fall()
"""


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged, as production writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_task_that_fails_is_logged_without_what_its_exception_says(log: io.StringIO) -> None:
    app = Celery("test", broker="memory://", set_as_current=False)

    @app.task(name="test.fails")
    def fails(words: str) -> None:
        raise ValueError(words)

    fails.apply(args=(SAID,))
    (line,) = [one for one in lines(log) if one["logger"] == "celery.app.trace"]
    assert "test.fails" in line["event"]
    assert line["exception"] == "ValueError"
    assert any("test_logs.py" in step for step in line["where"])
    assert "faveurs" not in log.getvalue()


@pytest.mark.parametrize("error", [ValueError(SAID), KeyError(SAID)])
def test_an_exception_that_a_line_names_is_its_type(log: io.StringIO, error: Exception) -> None:
    logger = logging.getLogger("other")
    logger.warning("it failed: %s", error)
    logger.warning("it failed: %(why)s", {"why": error})
    logger.warning(error)
    logger.warning("it failed", extra={"why": error})
    kind = type(error).__name__
    assert [line["event"] for line in lines(log)] == [f"it failed: {kind}", f"it failed: {kind}", kind, "it failed"]
    assert lines(log)[-1]["why"] == kind


def test_a_line_has_its_moment_in_utc_and_numbers_and_addresses_are_not_in_it(log: io.StringIO) -> None:
    logging.getLogger("other").warning("from %s to %s\n{'fake': 1}", "+223 70 11 12 13", "awa@jaabi.example")
    (line,) = lines(log)
    assert line["event"] == "from [number] to [address]\n{'fake': 1}"
    assert line["at"].endswith("+00:00")
    assert len(log.getvalue().splitlines()) == 1


def test_what_nobody_caught_is_logged_as_any_other_and_printed_nowhere() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert [json.loads(line)["exception"] for line in done.stderr.splitlines()] == ["RuntimeError"] * 3
    assert "il demande" not in done.stderr + done.stdout
