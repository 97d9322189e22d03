"""What is sealed in each part of a case, as values (facts.md §1.3 and §1.5).

Routing facts say where a case must go and how soon; never who, nor what was said.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Self

from directory.implicated import Implicated
from psea.enums import Known


@dataclass(frozen=True)
class Facts:
    """The routing facts: read by handlers and by the coordination."""

    organisation_id: int | None = None
    place_pcode: str = ""
    child: Known = Known.UNKNOWN
    danger: Known = Known.UNKNOWN
    incident_on: date | None = None
    said_on: date | None = None
    services: tuple[str, ...] = ()
    channel: str = ""
    language: str = ""
    receipt: str = ""
    reclassified_as: str = ""
    copy_reference: str = ""

    def to_json(self) -> str:
        values = asdict(self)
        for name in ("incident_on", "said_on"):
            values[name] = values[name].isoformat() if values[name] else None
        return json.dumps(values)

    @classmethod
    def from_json(cls, text: str) -> Self:
        values: dict[str, Any] = json.loads(text)
        for name in ("incident_on", "said_on"):
            values[name] = date.fromisoformat(values[name]) if values[name] else None
        values["services"] = tuple(values["services"])
        values["child"], values["danger"] = Known(values["child"]), Known(values["danger"])
        return cls(**values)

    def with_(self, changes: Mapping[str, Any]) -> Self:
        return replace(self, **changes)


@dataclass(frozen=True)
class Guard:
    """Who must never get the case. Read by handlers only: it may name the accused."""

    implicated: Implicated

    def to_json(self) -> str:
        kept = asdict(self.implicated)
        return json.dumps({name: sorted(ids) for name, ids in kept.items()})

    @classmethod
    def from_json(cls, text: str) -> Self:
        kept: dict[str, list[int]] = json.loads(text)
        return cls(Implicated(**{name: frozenset(ids) for name, ids in kept.items()}))


@dataclass(frozen=True)
class Contact:
    """How the person may be reached, and the number and code that stay theirs if the case leaves the vault.

    `noted`: what whoever took it in wrote beside the person's words, one remark a line.
    """

    way: str = ""
    noted: str = ""
    phone: str = ""
    receipt_number: str = ""
    code: str = ""
    mailbox: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        return cls(**json.loads(text))
