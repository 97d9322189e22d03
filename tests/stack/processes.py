"""Real processes: started with a log file each, waited for, ended whole."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.standin.client import ROOT
from tests.standin.webhooks import OPENER

LOW_PORTS = range(12_000, 30_000)


class DidNotStart(Exception):
    """A part of the product ended, or said nothing, before it was ready; the text is the end of its log."""


def free_port() -> int:
    """A free port below those the system hands to outgoing connections."""
    # not the seeded generator: tests running side by side would all try the same ports
    for port in random.SystemRandom().sample(LOW_PORTS, 200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise DidNotStart("no free port")


def run(arguments: list[str], environment: dict[str, str], timeout: float = 300) -> str:
    """Run a Python program to its end and return what it wrote. Raises `DidNotStart` with its words if it fails."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    if done.returncode:
        raise DidNotStart(f"{' '.join(arguments)}\n{done.stdout[-2000:]}\n{done.stderr[-6000:]}")
    return done.stdout


class Process:
    """One long-running program in a process group of its own, in the folder `where`."""

    def __init__(
        self, name: str, arguments: list[str], environment: dict[str, str], log: Path, where: Path = ROOT
    ) -> None:
        self.name = name
        self.arguments = arguments
        self.environment = environment
        self.log = log
        self.where = where
        self._start()

    def _start(self) -> None:
        with self.log.open("ab") as output:
            self._popen = subprocess.Popen(
                [sys.executable, *self.arguments],
                cwd=self.where,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def wait_for(self, ready: Callable[[], bool], timeout: float) -> None:
        """Return once `ready()`; raise `DidNotStart` when the process ends or `timeout` seconds pass before."""
        deadline = time.monotonic() + timeout
        while not ready():
            if self._popen.poll() is not None or time.monotonic() > deadline:
                raise DidNotStart(f"{self.name}:\n{self.log.read_text(errors='replace')[-6000:]}")
            time.sleep(0.1)

    @property
    def group(self) -> int:
        """The process group of the program and its children."""
        return self._popen.pid

    def restart(self) -> None:
        """End it and start it again with the same arguments; the log goes on."""
        self.stop()
        self._start()

    def stop(self) -> None:
        """Ask it to end, then make it and its children end."""
        if self._popen.poll() is None:
            self._popen.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(timeout=8)
        self._end_group()
        self._popen.wait()

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._end_group()
        self._popen.wait()

    def _end_group(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.group, signal.SIGKILL)


def answers(url: str) -> bool:
    """Whether a GET of `url` gives 200."""
    try:
        with OPENER.open(urllib.request.Request(url), timeout=5) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False
