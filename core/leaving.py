"""Whether an SMS may leave now that its turn has come: what is asked, and what may be answered.

`settings.MAY_LEAVE` lists who is asked, in order; the first who does not let it go decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.models import Outbound

# Why a message waits, or never left: our own reasons, not a carrier's. None of them is a fault of the line.
WITHHELD, LOOP, CAP, QUIET, BUDGET = "withheld", "loop", "cap", "quiet hours", "budget"
OWN_REASONS = (WITHHELD, LOOP, CAP, QUIET, BUDGET)

# Sent because the person just wrote: to a machine they are what keeps a war going, to a person what keeps a promise.
AUTOMATIC = (Outbound.Kind.RECEIPT, Outbound.Kind.MENU)
# Neither the hour nor a count holds these back
ALWAYS = (Outbound.Kind.RECEIPT, Outbound.Kind.URGENT)


@dataclass(frozen=True)
class Turn:
    """One SMS whose turn has come. `recipient` is E.164; `is_first_try`: it was never handed over before."""

    recipient: str
    body: str
    kind: str
    line: str
    queued_at: datetime
    is_first_try: bool = True

    @property
    def is_automatic(self) -> bool:
        return self.kind in AUTOMATIC


@dataclass(frozen=True)
class Verdict:
    """What keeps a message: `until` when it waits, None when it never leaves."""

    reason: str
    until: datetime | None = None


class MayLeave(Protocol):
    """None lets it go."""

    def __call__(self, turn: Turn, /) -> Verdict | None: ...
