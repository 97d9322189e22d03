"""Where systems are told of events: added, stopped, and an event sent again."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import Actor
from core.outside import why_not_callable
from core.publishing import publish
from core.transitions import Refused
from directory.models import Organisation
from referrals.enums import DeliveryState
from referrals.events import TASK
from referrals.models import Delivery, Endpoint
from referrals.patience import new_secret, queue_again


@transaction.atomic
def add_endpoint(organisation: Organisation, name: str, url: str, *, by: Actor) -> tuple[Endpoint, str]:
    """Out: the endpoint, and the secret that signs what it is sent, which cannot be shown again. Raises Refused."""
    reason = why_not_callable(url)
    if reason is not None:
        raise Refused(reason)
    secret = new_secret()
    endpoint = Endpoint(organisation=organisation, name=name, url=url)
    endpoint.seal(secret=secret)
    endpoint.save(force_insert=True)
    audit.record("referrals.endpoint.add", by=by, target=endpoint)
    return endpoint, secret


@transaction.atomic
def stop_endpoint(endpoint: Endpoint, *, by: Actor) -> None:
    """Nothing goes there any more; its secret is destroyed."""
    endpoint.stopped_at = timezone.now()
    endpoint.forget_all()
    endpoint.save()
    audit.record("referrals.endpoint.stop", by=by, target=endpoint)


@transaction.atomic
def send_again(delivery_id: Any, *, by: Actor) -> Delivery:
    """Sends one event again, under the id it had. Raises Refused while it is on its way."""
    row = Delivery.objects.select_for_update().select_related("endpoint").get(pk=delivery_id)
    if row.endpoint.stopped_at is not None:
        raise Refused(_("Cette adresse est arrêtée : rien n’y part plus."))
    if row.state == DeliveryState.SENDING:
        raise Refused(_("Cet envoi est en cours."))
    queue_again(row)
    audit.record("referrals.delivery.again", by=by, target=row)
    publish(TASK, str(row.pk))
    return row
