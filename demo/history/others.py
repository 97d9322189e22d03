"""What two other organisations counted with lines of their own, month by month: invented, and apart from the cases."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from core.actors import SYSTEM
from directory.enums import AgeGroup, OrganisationKind, Sex
from directory.models import Organisation, Place
from feedback.actions.collected import Cell, keep_reading
from feedback.actions.ingest import note_deposit
from feedback.enums import Channel, DepositKind, DepositWay
from feedback.ingest_periods import Span, span_of

MONTHS, PLACES = 9, ("ML0703", "ML0506", "ML0605", "ML1001")
CATEGORIES = ("INFO", "ASSIST", "INSAT_MIN", "INSAT_MAJ.ciblage", "MERCI")


def count(seed: int, now: datetime) -> None:
    """The last months, but for the one that runs."""
    rng, places = Random(seed), list(Place.objects.filter(pcode__in=PLACES))
    for source in Organisation.objects.filter(kind=OrganisationKind.INGO).order_by("pk")[:2]:
        for span in _months(timezone.localdate(now)):
            cells = Counter({cell: rng.randint(1, 24) for cell in _cells(places)})
            at = timezone.make_aware(datetime.combine(span.last_day, datetime.min.time())) + timedelta(days=4)
            keep_reading(source, span, cells, by=SYSTEM, at=at)
            counts = {"new": len(cells)}
            note_deposit(
                uuid.UUID(int=rng.getrandbits(128)), source, DepositKind.FIGURES, DepositWay.API, counts, at=at
            )


def _cells(places: list[Place]) -> list[Cell]:
    adult, voice = AgeGroup.ADULT.value, Channel.VOICE.value
    sexes = (Sex.FEMALE.value, Sex.MALE.value)
    return [Cell(place.pk, code, sex, adult, voice) for place in places for code in CATEGORIES for sex in sexes]


def _months(today: date) -> list[Span]:
    last = today.year * 12 + today.month - 1
    names = [f"{month // 12}-{month % 12 + 1:02}" for month in range(last - MONTHS, last)]
    return [span for name in names if (span := span_of(name)) is not None]
