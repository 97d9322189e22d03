"""Services: kept current, or dropped from what is suggested."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from core import audit
from core.actors import Actor
from directory.models import Place, Service
from directory.models.service import STALE_AFTER


@transaction.atomic
def keep_service(service: Service, *, places: Iterable[Place], by: Actor) -> Service:
    """Writes down a service, new or changed, with where it is given."""
    service.save()
    service.places.set(places)
    audit.record("directory.service.edit", by=by, target=service)
    return service


@transaction.atomic
def confirm_service(service: Service, *, by: Actor) -> None:
    """Says that a service still stands: valid for another ninety days."""
    service.valid_until = timezone.localdate() + STALE_AFTER
    service.save(update_fields=["valid_until"])
    audit.record("directory.service.confirm", by=by, target=service)
