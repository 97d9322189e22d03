"""What a line refused, verified again once the line is mended. Nobody reads it: the machine alone opens it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core import audit, quarantine
from core.actors import Actor
from core.gateways import UnknownGateway
from core.models import Line, Quarantined
from core.sealing import SealBroken
from feedback import arrivals

AT_ONCE = 500


@dataclass(frozen=True)
class Verified:
    """How many were found genuine and taken in, and how many were not; `later`: the schedule goes on with those."""

    taken: int
    refused: int
    later: int


def verify_again(name: str, *, by: Actor) -> Verified:
    """Verifies what this line refused. The genuine goes in, once; the rest stays until it is too old. Audited."""
    with transaction.atomic():
        asked = quarantine.ask_to_verify(name)
        line = Line.objects.filter(name=name).first()
        audit.record("core.line.verify_again", by=by, target=line, name=name, count=asked)
    found = go_on(name)
    return Verified(found.count(True), found.count(False), max(0, asked - len(found)))


def go_on(name: str = "") -> list[bool]:
    """Verifies one batch of what was asked for. Out: for each, whether it was taken in. Harmless to repeat."""
    rows = quarantine.to_verify().filter(**({"gateway": name} if name else {}))
    return [_verify(pk) for pk in list(rows.values_list("pk", flat=True)[:AT_ONCE])]


@transaction.atomic
def _verify(pk: Any) -> bool:
    row = Quarantined.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        return False
    arrival = _read(row)
    if arrival is None or arrival.refused or arrival.allowed:
        row.is_to_verify = False
        row.save(update_fields=["is_to_verify"])
        return False
    arrivals.keep(arrival)
    row.delete()
    return True


def _read(row: Quarantined) -> arrivals.Arrival | None:
    try:
        kept = quarantine.request_of(row)
        return arrivals.read(kept, kept.again())
    except (UnknownGateway, SealBroken):
        return None
