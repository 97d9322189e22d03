"""How the stand-in misbehaves when it is told to."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any


@dataclass
class Faults:
    """What goes wrong with the next requests to the API.

    `delay` seconds before every answer; `fail_times` refusals with `status` and `code`; `lose_times` messages that are
    taken and never acknowledged; `auto` sends the status of every message by itself, as Twilio does.
    """

    delay: float = 0.0
    fail_times: int = 0
    status: int = 503
    code: int = 20503
    lose_times: int = 0
    auto: bool = False

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def set(self, wanted: dict[str, Any]) -> None:
        """Replace the whole plan; what is not named is well again."""
        fresh = Faults(**wanted)
        with self._lock:
            for name in ("delay", "fail_times", "status", "code", "lose_times", "auto"):
                setattr(self, name, getattr(fresh, name))

    def take_failure(self) -> tuple[int, int] | None:
        """The (HTTP status, Twilio code) to refuse this request with, if it is to be refused."""
        with self._lock:
            if self.fail_times <= 0:
                return None
            self.fail_times -= 1
            return self.status, self.code

    def take_loss(self) -> bool:
        """Whether the answer to this request is to be lost."""
        with self._lock:
            lost = self.lose_times > 0
            self.lose_times -= lost
            return lost
