"""The assistance track: offered at once, whatever becomes of the accountability track (facts.md §1.2)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.transitions import Refused, move
from directory.enums import ServiceType
from directory.models import User
from psea.actions.opening import case_for, facts_of
from psea.actions.routing import add_offer
from psea.databases import VAULT
from psea.enums import Consent, Known
from psea.facts import Facts
from psea.models import AssistanceOffer, SealedCase, Survivor
from psea.readers import Reader
from psea.rights import assistance_refused

MOVES = frozenset(
    {
        "offer",
        "accept",
        "decline",
        "defer",
        "refer",
        "confirm_service",
        "fail_service",
        "withdraw",
        "mark_unreachable",
        "mark_unsafe",
    }
)


def offer_assistance(
    *, survivor_id: UUID, service: ServiceType, by: User, at: datetime | None = None
) -> AssistanceOffer:
    """Offers a service to one survivor, whether it was noted before or not."""
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        survivor = Survivor.objects.using(VAULT).get(pk=survivor_id)
        _check(case_for(survivor.case_id, by), by)
        offer = survivor.offers.using(VAULT).filter(service=service).first()
        if offer is None:
            offer = add_offer(survivor, service, moment)
            audit.record("psea.assistanceoffer.add", by=by, target=offer, using=VAULT, at=moment)
        return move(AssistanceOffer, offer.pk, "offer", by=by, at=moment, using=VAULT)


def move_offer(
    *,
    offer_id: UUID,
    act: str,
    reader: Reader,
    by: User,
    at: datetime | None = None,
    seen: str | None = None,
    consent_by: Consent = Consent.PERSON,
) -> AssistanceOffer:
    """One step of the assistance track (`MOVES`). Raises Refused, Conflict.

    `consent_by`: who agreed, for `accept`. For a child whoever takes care of it, or a specialist of child protection
    in its best interest, and only the latter when the former is implicated (facts.md §1.3).
    """
    if act not in MOVES:
        raise Refused(_("Cet acte n'existe pas."))
    offer = AssistanceOffer.objects.using(VAULT).select_related("survivor").get(pk=offer_id)
    case = case_for(offer.survivor.case_id, by)
    if act != "accept":
        return move(AssistanceOffer, offer_id, act, by=by, at=at, using=VAULT, seen=seen)
    reader.check_is(by)
    if consent_by not in may_consent(facts_of(case, reader)):
        raise Refused(_("Pour un enfant, dites qui a donné l’accord ; jamais quelqu’un qui est mis en cause."))
    return move(AssistanceOffer, offer_id, act, by=by, at=at, using=VAULT, seen=seen, consent_by=consent_by)


def may_consent(facts: Facts) -> list[Consent]:
    """Who can agree to a service, by what is known of the case."""
    if facts.child != Known.YES:
        return [Consent.PERSON]
    if facts.caregiver_implicated == Known.YES:
        return [Consent.BEST_INTEREST]
    return [Consent.CAREGIVER, Consent.BEST_INTEREST]


def survivors_of(case: SealedCase) -> list[Survivor]:
    """The survivors of a case in order, each with their services."""
    offers = AssistanceOffer.objects.using(VAULT).order_by("service")
    return list(case.survivors.using(VAULT).prefetch_related(Prefetch("offers", queryset=offers)))


def _check(case: SealedCase, by: User) -> None:
    reason = assistance_refused(case, by)
    if reason is not None:
        raise Refused(reason)
