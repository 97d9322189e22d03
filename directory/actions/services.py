"""Services: kept current, asked for when they are not, and dropped from what is suggested meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core import audit
from core.actors import Actor
from core.index import keyed_hash
from directory.models import Place, Service, User
from directory.models.service import still_valid_until
from directory.notices import Notice, notify
from directory.roles import Role


@transaction.atomic
def keep_service(service: Service, *, places: Iterable[Place], by: Actor) -> Service:
    """Writes down a service, new or changed, with where it is given."""
    service.save()
    service.places.set(places)
    audit.record("directory.service.edit", by=by, target=service)
    return service


@transaction.atomic
def confirm_service(service: Service, *, by: Actor) -> None:
    """Says that a service still stands: valid from today for as long as the settings say."""
    service.valid_until, service.asked_on = still_valid_until(), None
    service.save(update_fields=["valid_until", "asked_on"])
    audit.record("directory.service.confirm", by=by, target=service)


@transaction.atomic
def ask_about_stale(now: datetime) -> int:
    """Asks, once, those who keep each service that has become stale; one notice a day for each person.

    Out: about how many services. The notice says nothing of them: the directory does.
    """
    today = timezone.localdate(now)
    asked: dict[int, User] = {}
    stale = Service.objects.stale(today).filter(asked_on=None).select_for_update(of=("self",))
    rows = list(stale.select_related("organisation", "office"))
    for service in rows:
        asked |= {person.pk: person for person in _keepers_of(service)}
    notify(asked.values(), Notice.ACT, dedupe_key=keyed_hash(f"stale:{today}", "notice")[:40])
    return Service.objects.filter(pk__in=[service.pk for service in rows]).update(asked_on=today)


def _keepers_of(service: Service) -> list[User]:
    """Focal points of its office; where there are none, whoever manages the agency."""
    found = User.objects.with_role(Role.FOCAL_POINT, organisation=service.organisation, office=service.office)
    return list(found or User.objects.with_role(Role.AGENCY_MANAGER, organisation=service.organisation))
