"""The vault's people with their keys open, and a report that came in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from core.actors import robot
from core.models import Outbound
from directory.models import DutyWeek
from psea.actions import receive_sealed
from psea.enums import Part
from psea.models import HandlerKey
from psea.readers import Reader
from psea.rota import monday_of
from psea.wraps import readers_among
from tests.cast import Cast
from tests.vault_keys import approve, enrolled, recovery_key

HANDLERS = ("aminata", "rokia", "hawa", "nana", "coumba")
INTAKE = robot("intake")
NUMBER = "123456789015"
PHONE = "+22300000042"
WORDS = "Le gardien du site demande des faveurs contre les cartes. Kumasigi-canari."


@dataclass
class Vault:
    """Readers by name of the cast, their passphrases, and the recovery key."""

    cast: Cast
    readers: dict[str, Reader] = field(default_factory=dict)
    passphrases: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def enrol(self, name: str) -> Reader:
        enrolment, self.readers[name] = enrolled(getattr(self.cast, name))
        self.passphrases[name], self.codes[name] = enrolment.passphrase, enrolment.code
        return self.readers[name]

    def approve(self, name: str, *more: str) -> None:
        """Approves the person's key for their roles and `more`."""
        approve(HandlerKey.objects.using("vault").get(pk=self.readers[name].key_id), *more)

    def as_(self, name: str) -> dict[str, Any]:
        """The two arguments of most actions: who, and their open key."""
        return {"by": getattr(self.cast, name), "reader": self.readers[name]}


def holders(case_id: UUID, part: Part) -> set[UUID]:
    """The keys that open this part of a case, retired ones included."""
    return {key.pk for key in readers_among(case_id, HandlerKey.objects.using("vault").all(), part)}


def on_duty(vault: Vault, first: str, second: str, *, at: datetime) -> DutyWeek:
    """These two hold the week of a moment."""
    people = {"first": vault.cast.people[first], "second": vault.cast.people[second]}
    of = {f"{name}_organisation": person.organisation for name, person in people.items()}
    return DutyWeek.objects.update_or_create(monday=monday_of(at), defaults={**people, **of})[0]


@pytest.fixture
def vault(cast: Cast) -> Vault:
    """Every handler of the cast enrolled, and a recovery key."""
    made = Vault(cast)
    for name in HANDLERS:
        made.enrol(name)
    made.readers["recovery"] = recovery_key()
    Outbound.objects.all().delete()  # what the coordination was told of keys to approve
    return made


@pytest.fixture
def receive() -> Callable[..., UUID]:
    """Receives one report; keywords change what differs."""

    def receive_one(source: str = "SM1", **changes: Any) -> UUID:
        known: dict[str, Any] = {
            "source_id": source,
            "receipt_number": NUMBER,
            "words": WORDS,
            "phone": PHONE,
            "channel": "sms",
            "language": "fra",
            "received_at": datetime.now(UTC),
            "by": INTAKE,
        }
        return receive_sealed(**(known | changes))

    return receive_one
