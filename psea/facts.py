"""What is sealed in each part of a case, as values (facts.md §1.3 and §1.5).

Routing facts say where a case must go and how soon; never who, nor what was said.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, time
from typing import Any, Self

from directory.implicated import Implicated
from psea.enums import Known
from psea.statistical import Statistical

MOMENTS: dict[str, type[date] | type[time]] = {
    "incident_on": date,
    "incident_time": time,
    "said_on": date,
    "copy_held_on": date,
}
KNOWNS = ("child", "danger", "retaliation", "caregiver_implicated")


@dataclass(frozen=True)
class Facts:
    """The routing facts: read by handlers and by the coordination.

    `handed_by`, `their_reference`: the mechanism that handed the case over, and what it calls it.
    """

    organisation_id: int | None = None
    place_pcode: str = ""
    child: Known = Known.UNKNOWN
    danger: Known = Known.UNKNOWN
    retaliation: Known = Known.UNKNOWN
    caregiver_implicated: Known = Known.UNKNOWN
    incident_on: date | None = None
    incident_time: time | None = None
    said_on: date | None = None
    services: tuple[str, ...] = ()
    channel: str = ""
    language: str = ""
    receipt: str = ""
    reclassified_as: str = ""
    copy_reference: str = ""
    copy_held_on: date | None = None
    copy_statement: str = ""
    handed_by: int | None = None
    their_reference: str = ""
    statistical: Statistical = field(default_factory=Statistical)

    def to_json(self) -> str:
        values = asdict(self)
        for name in MOMENTS:
            values[name] = values[name].isoformat() if values[name] is not None else None
        return json.dumps(values)

    @classmethod
    def from_json(cls, text: str) -> Self:
        values: dict[str, Any] = json.loads(text)
        for name, kind in MOMENTS.items():
            values[name] = kind.fromisoformat(values[name]) if values.get(name) else None
        for name in KNOWNS:
            values[name] = Known(values.get(name, Known.UNKNOWN))
        values["statistical"] = Statistical.from_json(values.get("statistical"))
        return cls(**values | {"services": tuple(values["services"])})

    def with_(self, changes: Mapping[str, Any]) -> Self:
        return replace(self, **changes)


@dataclass(frozen=True)
class Guard:
    """Who must never get the case. Read by handlers only: it may name the accused.

    `heads`: organisations whose direction is implicated, so that their investigation function alone gets it.
    """

    implicated: Implicated
    heads: frozenset[int] = frozenset()

    def to_json(self) -> str:
        kept = asdict(self.implicated) | {"heads": self.heads}
        return json.dumps({name: sorted(ids) for name, ids in kept.items()})

    @classmethod
    def from_json(cls, text: str) -> Self:
        kept: dict[str, list[int]] = json.loads(text)
        heads = frozenset(kept.pop("heads", []))
        return cls(Implicated(**{name: frozenset(ids) for name, ids in kept.items()}), heads)

    def with_(self, more: Implicated, heads: frozenset[int] = frozenset()) -> Self:
        """The same with others besides; nobody is ever taken off."""
        named = Implicated(
            organisations=self.implicated.organisations | more.organisations,
            offices=self.implicated.offices | more.offices,
            users=self.implicated.users | more.users,
        )
        return replace(self, implicated=named, heads=self.heads | heads)


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
