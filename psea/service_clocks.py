"""How long each service may wait where it stands: to be offered, to be referred to, to be had (facts.md §1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.enums import ServiceType
from psea.databases import VAULT
from psea.enums import CaseState, OfferState
from psea.models import AssistanceOffer
from psea.promises import hours_of, said

CARE = Q(service=ServiceType.CLINICAL_CARE)
# The promise that runs in a state; where a service was referred to, it depends on which.
_OF_STATE = {
    OfferState.TO_OFFER: "sea_assist",
    OfferState.ACCEPTED: "sea_refer",
    OfferState.SERVICE_FAILED: "sea_service_failed",
    OfferState.DEFERRED: "sea_deferred",
}
# By promise: what waits for it.
WAITING = {
    **{promise: Q(state=state) for state, promise in _OF_STATE.items()},
    "sea_care": Q(state=OfferState.REFERRED) & CARE,
    "sea_service": Q(state=OfferState.REFERRED) & ~CARE,
}
LABELS: dict[str, str | Promise] = {
    "sea_assist": _("assistance à proposer"),
    "sea_refer": _("service accepté : orienter"),
    "sea_care": _("soins à confirmer"),
    "sea_service": _("service à confirmer"),
    "sea_service_failed": _("service non abouti : en trouver un autre"),
    "sea_deferred": _("service remis à plus tard : en reparler"),
}
RULES: dict[str, str | Promise] = {
    "sea_assist": _("Assistance proposée : tout de suite, %(at_most)s au plus."),
    "sea_refer": _("Orientation vers un service accepté : %(at_most)s au plus."),
    "sea_care": _("Soins reçus après l’orientation : à vérifier sous %(at_most)s."),
    "sea_service": _("Service reçu après l’orientation : à vérifier sous %(at_most)s."),
    "sea_service_failed": _("Un autre service après un échec : %(at_most)s au plus."),
    "sea_deferred": _("Ce qui a été remis à plus tard : en reparler sous %(at_most)s."),
}
# An officer has the next step in hand, whether it is late or not.
TO_REFER = frozenset({OfferState.ACCEPTED, OfferState.SERVICE_FAILED})


def promise_of(offer: AssistanceOffer) -> str | None:
    """Which promise runs for a service as it stands; None where it waits for nobody."""
    if offer.state == OfferState.REFERRED:
        return "sea_care" if offer.service == ServiceType.CLINICAL_CARE else "sea_service"
    return _OF_STATE.get(OfferState(offer.state))


def waiting_offers(now: datetime) -> Iterator[AssistanceOffer]:
    """Services that nobody has moved on in time; not of a case that left the vault, which others follow."""
    late = Q(pk__in=[])
    for promise, waits in WAITING.items():
        late |= waits & Q(state_since__lte=now - timedelta(hours=hours_of(promise)))
    offers = AssistanceOffer.objects.using(VAULT).filter(late).select_related("survivor__case")
    left = Q(survivor__case__state=CaseState.RECLASSIFIED, survivor__case__words_destroyed_at__isnull=False)
    yield from offers.exclude(left)


def service_dues(offers: Iterable[AssistanceOffer]) -> list[tuple[datetime, str | Promise, str]]:
    """In: every service of a case. Out: for each promise that runs its first deadline, what is to be done, its rule."""
    since: dict[str, datetime] = {}
    for offer in offers:
        promise = promise_of(offer)
        if promise is not None:
            since[promise] = min(offer.state_since, since.get(promise, offer.state_since))
    return sorted(
        (
            (began + timedelta(hours=hours_of(promise)), LABELS[promise], _rule(promise))
            for promise, began in since.items()
        ),
        key=lambda due: due[0],
    )


def _rule(promise: str) -> str:
    return str(RULES[promise]) % {"at_most": said(hours_of(promise))}
