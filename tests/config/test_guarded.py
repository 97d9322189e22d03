"""The web server, which prints what it is told, is told nothing; and what it knows is in no request."""

from __future__ import annotations

import os
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack.processes import Process, answers, free_port
from tests.standin.client import ROOT
from tests.standin.webhooks import OPENER

pytestmark = pytest.mark.once
SAID = "il demande des faveurs"
SECRETS = {
    "SEALING_KEYS": "of-the-platform",
    "DATABASE_URL": "postgres://with-a-password",
    "SECRET_KEY_FALLBACKS": "of-sessions",
    "SENTRY_DSN": "https://of-one",
}
PROGRAM = f"""
import logging
from config.guarded import Guarded
from core.logs import JsonFormatter

handler = logging.StreamHandler()
handler.setFormatter(JsonFormatter())
logging.getLogger().addHandler(handler)

def falls():
    raise RuntimeError({SAID!r})

class Parts:
    def __init__(self, environ):
        self.path, self.environ = environ["PATH_INFO"], repr(environ).encode()
    def __iter__(self):
        yield self.environ
        if self.path == "/breaks/":
            falls()
    def close(self):
        if self.path == "/closes/":
            falls()

def product(environ, start_response):
    if environ["PATH_INFO"] == "/falls/":
        falls()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return Parts(environ)

application = Guarded(product)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a product that breaks in three ways, and what its web server prints."""
    (tmp_path / "breaking.py").write_text(PROGRAM)
    address, log = f"http://127.0.0.1:{(port := free_port())}", tmp_path / "web.log"
    program = ["-m", "granian", "--interface", "wsgi", "--port", str(port), "breaking:application"]
    process = Process("web", program, {**os.environ, **SECRETS, "PYTHONPATH": str(ROOT)}, log, tmp_path)
    process.wait_for(lambda: answers(f"{address}/"), 30)
    yield address, log
    process.stop()


def test_the_text_of_what_nobody_caught_is_neither_answered_nor_printed(server: tuple[str, Path]) -> None:
    address, log = server
    with pytest.raises(urllib.error.HTTPError) as refused:
        OPENER.open(f"{address}/falls/")
    assert (refused.value.code, SAID in refused.value.read().decode()) == (500, False)
    assert answers(f"{address}/breaks/")
    assert answers(f"{address}/closes/")
    printed = log.read_text()
    assert printed.count("nobody caught an exception") == 2
    assert printed.count("an answer was cut off") == 1
    assert SAID not in printed


def test_no_request_holds_a_secret_of_the_environment(server: tuple[str, Path]) -> None:
    address, _log = server
    with OPENER.open(f"{address}/") as reply:
        environ = reply.read().decode()
    assert "'PATH_INFO': '/'" in environ
    assert str(ROOT) in environ, "the server does give the environment"
    assert [name for name, value in SECRETS.items() if name in environ or value in environ] == []
