"""Invented organisations of real kinds, with their offices, services and the library of ready answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from demo.corpus import corpus
from directory.models import Office, Organisation, Place, Service
from feedback.models import Category, ReadyAnswer

SIGNED_ON = date(2020, 9, 15)
WITH_INVESTIGATION_UNIT = {"un", "ingo"}
CITY_OF = {"ML0901": "Bamako", "ML0506": "Sévaré", "ML0703": "Gao", "ML1001": "Ménaka", "ML0605": "Tombouctou"}
# A service that somebody vouched for a month ago still stands; the last of the list is stale, to be confirmed.
VALID_FOR, STALE_SINCE = timedelta(days=60), timedelta(days=12)


@transaction.atomic
def make_organisations() -> None:
    """Organisations, offices and services."""
    places = {place.pcode: place for place in Place.objects.all()}
    entries = corpus("organisations")["organisations"]
    for entry in entries:
        _organisation(entry, places)
    stale = Service.objects.order_by("-pk").first()
    if stale is not None:
        stale.valid_until = timezone.localdate() - STALE_SINCE
        stale.save(update_fields=["valid_until"])


@transaction.atomic
def make_ready_answers() -> None:
    """The library: one answer for each category, its words in other languages as its variants."""
    categories = {category.code: category for category in Category.objects.all()}
    for entry in corpus("ready_answers")["ready_answers"]:
        place = Place.objects.filter(pcode=entry.get("place", "")).first()
        for code in entry["categories"]:
            original: ReadyAnswer | None = None
            for language, words in entry["words"].items():
                row = ReadyAnswer(category=categories[code], place=place, language=language, title=entry["title"])
                row.words, row.original = words, original
                row.save(force_insert=True)
                original = original or row


def _organisation(entry: dict[str, Any], places: dict[str, Place]) -> None:
    organisation = Organisation.objects.create(
        name=entry["name"],
        acronym=entry["acronym"],
        kind=entry["kind"],
        protocol_signed_on=SIGNED_ON if entry["protocol_signed"] else None,
        protocol_version="1.0" if entry["protocol_signed"] else "",
        psea_covered_by_duty=entry["kind"] in ("nngo", "common_service"),
        has_investigation_unit=entry["kind"] in WITH_INVESTIGATION_UNIT,
    )
    for office in entry["offices"]:
        _office(organisation, places[office["place"]])
    for service in entry["services"]:
        _service(organisation, service, places)


def _office(organisation: Organisation, place: Place) -> None:
    office = Office.objects.create(organisation=organisation, name=CITY_OF[place.pcode], place=place)
    office.covers.set([place.region])


def _service(organisation: Organisation, entry: dict[str, Any], places: dict[str, Place]) -> None:
    service = Service.objects.create(
        organisation=organisation,
        office=_nearest_office(organisation, entry["places"]),
        valid_until=timezone.localdate() + VALID_FOR,
        **{name: entry[name] for name in entry if name != "places"},
    )
    service.places.set([places[pcode] for pcode in entry["places"]])


def _nearest_office(organisation: Organisation, pcodes: Iterable[str]) -> Office | None:
    return organisation.offices.filter(place__pcode__in=list(pcodes)).first()
