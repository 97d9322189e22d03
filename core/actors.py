"""Who acts. Every act names its actor, and the audit keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Actor(Protocol):
    """Anything that can act: a member of staff, a person with a receipt, a partner's system, a job."""

    @property
    def actor_kind(self) -> str: ...

    @property
    def actor_id(self) -> str: ...


@dataclass(frozen=True)
class Named:
    """An actor that is no user of ours."""

    actor_kind: str
    actor_id: str = ""


SYSTEM = Named("system")
PERSON = Named("person")


def robot(name: str) -> Named:
    """A job or a gateway, by its name."""
    return Named("system", name)
