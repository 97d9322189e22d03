"""Keeping what another organisation counted in a period: once, by versions, never added to cases of ours."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actors import Actor
from core.transitions import Refused
from directory.models import Organisation
from feedback.enums import Came
from feedback.ingest_periods import Span
from feedback.models import CollectedCount, CollectedReading


@dataclass(frozen=True)
class Cell:
    """What a count is of; None and "" where the source does not say."""

    place_id: int | None
    category_id: str | None
    sex: str
    age_group: str
    channel: str


def digest_of(counts: Counter[Cell]) -> str:
    """Tells whether two readings say the same."""
    said = sorted(repr((astuple(cell), count)) for cell, count in counts.items())
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def would_be(source: Organisation, span: Span, counts: Counter[Cell]) -> Came:
    """What keeping it would be: new, known, changed; refused where it crosses another period of the same source."""
    came, _current = _compared(source, span, counts)
    return came


@transaction.atomic
def keep_reading(
    source: Organisation, span: Span, counts: Counter[Cell], *, by: Actor, at: datetime | None = None
) -> tuple[CollectedReading, Came]:
    """Puts it in force, as a new version of what this source said of the same period. Raises Refused when it crosses
    another period that is in force: the same feedback would be counted twice.
    """
    Organisation.objects.select_for_update().get(pk=source.pk)  # two deposits of one source, one after the other
    came, current = _compared(source, span, counts)
    if came is Came.REFUSED:
        raise Refused(_("Cette période en recoupe une autre, déjà donnée : les mêmes retours compteraient deux fois."))
    if came is Came.KNOWN and current is not None:
        return current, came
    moment = at or timezone.now()
    if current is not None:
        current.replaced_at = moment
        current.save(update_fields=["replaced_at"])
    reading = CollectedReading.objects.create(
        source=source,
        first_day=span.first_day,
        last_day=span.last_day,
        version=current.version + 1 if current is not None else 1,
        digest=digest_of(counts),
        received_at=moment,
    )
    CollectedCount.objects.bulk_create(_rows(reading, counts.items()))
    audit.record("feedback.collected_reading.keep", by=by, target=reading, at=at, version=reading.version)
    return reading, came


def _rows(reading: CollectedReading, counts: Iterable[tuple[Cell, int]]) -> list[CollectedCount]:
    return [CollectedCount(reading=reading, count=count, **vars(cell)) for cell, count in counts]


def _compared(source: Organisation, span: Span, counts: Counter[Cell]) -> tuple[Came, CollectedReading | None]:
    in_force = CollectedReading.objects.filter(
        source=source, replaced_at=None, first_day__lte=span.last_day, last_day__gte=span.first_day
    )
    for one in in_force:
        if (one.first_day, one.last_day) != (span.first_day, span.last_day):
            return Came.REFUSED, None
        return (Came.KNOWN if one.digest == digest_of(counts) else Came.CHANGED), one
    return Came.NEW, None
