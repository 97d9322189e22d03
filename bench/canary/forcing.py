"""Each act gone through once to learn which functions it enters, then again and again with one of them raising."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench.canary.acts import Act, House
from bench.canary.faults import LEARN

WORK = (
    "select (select count(*) from feedback_envelope where state = 'stored')"
    " + (select count(*) from core_outbound where state in ('queued', 'sending'))"
)
PATIENCE = 8.0


@dataclass
class Forced:
    """Of one act: how many functions it enters, and at which of them an exception was forced."""

    entered: int
    raised: list[str]
    status: int


@dataclass
class Forcing:
    """`folder` is what the processes of the product watch (`bench.canary.faults`)."""

    house: House
    folder: Path
    rng: Random

    def go_through(self, act: Act, points: int) -> Forced:
        """Undisturbed, then at so many points, drawn at random among the functions that it enters."""
        _raised, status = self._go(act, LEARN)
        files = list(self.folder.glob("entered-*"))
        names = sorted({name for path in files for name in path.read_text().splitlines()})
        for path in files:
            path.unlink()
        raised: list[str] = []
        for name in self.rng.sample(names, len(names)):
            if len(raised) == points:
                break
            if self._go(act, name)[0]:
                raised.append(name)
        return Forced(len(names), raised, status)

    def _go(self, act: Act, wanted: str) -> tuple[bool, int]:
        """One time, with a canary of its own; whether what was wanted was raised, and what was answered."""
        told = act.prepare(self.house)
        fault, raised = self.folder / "fault", self.folder / "raised"
        raised.unlink(missing_ok=True)
        fault.write_text(wanted)
        status, _answer = act.go(self.house, told, self.house.word())
        if act.waits:
            self._wait(raised)
        fault.unlink(missing_ok=True)
        return raised.exists(), status

    def _wait(self, raised: Path) -> None:
        """Until a worker has done it, or come to the point where it fails."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not raised.exists() and self.house.newest(WORK) != "0":
            time.sleep(0.1)
        time.sleep(0.3)
