"""What came by a form and can be sealed to nobody yet: kept as a sealed envelope, and taken in once somebody can read.

As with a message from a telephone, whoever said it has their receipt already, the same as in every lane.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime, time
from typing import Any

from django.db.models import Model

from core.actors import robot
from core.index import drawn_hash
from core.inserting import insert_once
from directory.implicated import Implicated
from directory.models import Organisation, Place, User
from feedback.actions.attach import keep_beside
from feedback.actions.receive import Spoken, receive
from feedback.models import Category, Envelope

FORM = "form"
INTAKE = robot("intake")
ROWS: dict[str, type[Model]] = {
    "place": Place,
    "concerned": Organisation,
    "entered_by": User,
    "entered_for": Organisation,
    "source": Organisation,
    "category": Category,
}
READ_FROM: dict[str, Callable[[str], Any]] = {
    "received_at": datetime.fromisoformat,
    "said_at": datetime.fromisoformat,
    "incident_on": date.fromisoformat,
    "incident_time": time.fromisoformat,
}
# What the telephone asked of us is read again then.
LEFT_OUT = frozenset({"known", "implicated"})


def keep(spoken: Spoken, *, marks: str = "", recording: str = "", picture: str = "") -> None:
    """Keeps what a form said and the files that came with it; once for each `source_key`."""
    envelope = Envelope(
        gateway=FORM,
        provider_id=drawn_hash(spoken.source_key, "kept-form"),
        sent_at=spoken.said_at,
        received_at=spoken.received_at,
    )
    attached = {"marks": marks, "recording": recording, "picture": picture}
    envelope.seal(body=json.dumps({"spoken": _plain(spoken), "attached": attached}))
    insert_once(envelope)


def take_in(envelope: Envelope) -> None:
    """Takes it in as its door would have. Raises NobodyCanRead while that is still so."""
    kept: dict[str, dict[str, Any]] = json.loads(envelope.unsealed("body"))
    spoken, attached = _spoken(kept["spoken"]), kept["attached"]
    case = receive(spoken, by=INTAKE)
    if attached["recording"] or attached["picture"]:
        keep_beside(spoken, case, by=INTAKE, **attached)


def _plain(spoken: Spoken) -> dict[str, Any]:
    """As JSON holds it: rows by their id."""
    values = {one.name: getattr(spoken, one.name) for one in fields(Spoken) if one.name not in LEFT_OUT}
    for name in ROWS:
        values[name] = values[name].pk if values[name] is not None else None
    for name in READ_FROM:
        values[name] = values[name].isoformat() if values[name] is not None else None
    named = {one.name: sorted(getattr(spoken.implicated, one.name)) for one in fields(Implicated)}
    return values | {"implicated": named}


def _spoken(values: dict[str, Any]) -> Spoken:
    for name, model in ROWS.items():
        values[name] = model._default_manager.filter(pk=values[name]).first() if values[name] is not None else None
    for name, read in READ_FROM.items():
        values[name] = read(values[name]) if values[name] is not None else None
    values["implicated"] = Implicated(**{name: frozenset(ids) for name, ids in values["implicated"].items()})
    return Spoken(**values)
