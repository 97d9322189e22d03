"""Two processes in the foreground: the web server, and one worker with its schedule. One signal stops both.

One that ends by itself after a while is started again; one that ends at once ends all, and its log says why.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings

HOST = "127.0.0.1"
PATIENCE, GRACE, BEAT = 90.0, 10.0, 0.2
# A child that worked for so long and ends is started again: Celery's broker of files may read a message that is half
# written, on a busy machine, and that ends its worker. Nothing is lost: what remains to be done is in the database.
HAS_WORKED = 20.0


class ChildDied(Exception):
    """One of the processes ended by itself; `log` says why."""

    def __init__(self, name: str, log: Path) -> None:
        super().__init__(name)
        self.name = name
        self.log = log


@dataclass
class Child:
    """One process, in a group of its own, writing to its own log."""

    name: str
    arguments: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0

    def start(self, environment: dict[str, str]) -> None:
        self.began = time.monotonic()
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, *self.arguments],
                cwd=settings.BASE_DIR,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def has_worked(self) -> bool:
        return time.monotonic() - self.began > HAS_WORKED

    @property
    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def end(self, how: signal.Signals) -> None:
        """Signals the process and its children."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, how)


@dataclass
class Supervisor:
    """Starts the children, waits until they answer, and ends them together."""

    port: int
    children: list[Child] = field(default_factory=list)
    asked_to_stop: bool = False

    def __post_init__(self) -> None:
        logs = Path(settings.VAR_DIR) / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        web = ["-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(self.port), "--workers", "1"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        module, _dot, name = settings.WSGI_APPLICATION.rpartition(".")
        worker = [
            "-m",
            "celery",
            "-A",
            module.partition(".")[0],
            "worker",
            "--beat",
            "--pool",
            "solo",
            "--loglevel",
            "INFO",
        ]
        self.children = [
            Child("web", [*web, "--blocking-threads", "4", f"{module}:{name}"], logs / "web.log"),
            Child("worker", [*worker, *quiet], logs / "worker.log"),
        ]

    def start(self) -> None:
        """Returns once the web server answers. Raises ChildDied, TimeoutError."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_asked)
        for child in self.children:
            child.start(self._environment)
        deadline = time.monotonic() + PATIENCE
        while not self.asked_to_stop and not self._answers():
            self._check()
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(BEAT)

    def watch(self) -> None:
        """Returns when a signal asked to stop. Raises ChildDied."""
        while not self.asked_to_stop:
            self._check()
            time.sleep(BEAT)

    def stop(self) -> None:
        """Asks every child to end, then makes it."""
        for child in self.children:
            child.end(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while time.monotonic() < deadline and not all(child.has_ended for child in self.children):
            time.sleep(BEAT / 2)
        for child in self.children:
            child.end(signal.SIGKILL)

    def _stop_asked(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True

    @property
    def _environment(self) -> dict[str, str]:
        told = {"DEMO": "1", "PUBLIC_URL": settings.PUBLIC_URL, "PYTHONUNBUFFERED": "1", "COLLECTED_STATIC": "1"}
        return {**os.environ, **told, "VAR_DIR": str(settings.VAR_DIR)}

    def _check(self) -> None:
        """Starts again a child that had worked. Raises ChildDied for one that ended at once."""
        for child in self.children:
            if child.has_ended and not self.asked_to_stop:
                if not child.has_worked:
                    raise ChildDied(child.name, child.log)
                child.end(signal.SIGKILL)
                child.start(self._environment)

    def _answers(self) -> bool:
        try:
            with urlopen(f"http://{HOST}:{self.port}/healthz", timeout=2) as reply:
                return bool(reply.status == 200)
        except (URLError, OSError):
            return False


def is_taken(port: int) -> bool:
    """Whether something listens on this port of the loopback already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False
