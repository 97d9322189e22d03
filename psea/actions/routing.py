"""Extracting the routing facts: where it must go and how soon, never who nor what was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.transitions import Refused
from directory.enums import ServiceType
from directory.models import User
from directory.roles import HANDLERS
from psea.actions.leaving_out import leave_out_barred
from psea.actions.opening import case_for, facts_of
from psea.databases import VAULT
from psea.enums import Known, Part
from psea.facts import Facts
from psea.models import AssistanceOffer, SealedCase, Survivor
from psea.readers import Reader

MAX_SURVIVORS = 20


def extract_facts(
    *,
    case_id: UUID,
    reader: Reader,
    by: User,
    at: datetime | None = None,
    survivors: int = 1,
    **changes: Any,
) -> Facts:
    """Writes what routing needs: `changes` are fields of `psea.facts.Facts`; the others stay.

    Makes a row per survivor (none is ever taken away) and one service to offer for each service wanted; for a child
    always child protection among them. Whoever declared a conflict with the entity leaves the case to others.
    """
    if not by.has_role(*HANDLERS):
        raise Refused(_("Seules les personnes habilitées relèvent les faits."))
    if not 1 <= survivors <= MAX_SURVIVORS:
        raise Refused(_("Indiquez un nombre de personnes entre 1 et %(most)s.") % {"most": MAX_SURVIVORS})
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        case = case_for(case_id, by)
        before, facts = facts_of(case, reader), change_facts(case, reader, _with_child(changes))
        _make_survivors(case, survivors, facts.services, moment)
        if facts.organisation_id != before.organisation_id:
            leave_out_barred(case, reader, facts, by=by, at=moment)
        audit.record("psea.sealedcase.extract_facts", by=by, target=case, using=VAULT, at=moment, survivors=survivors)
    return facts


def _with_child(changes: Mapping[str, Any]) -> Mapping[str, Any]:
    wanted = tuple(changes.get("services", ()))
    if changes.get("child") != Known.YES or ServiceType.CHILD_PROTECTION in wanted:
        return changes
    return {**changes, "services": (*wanted, ServiceType.CHILD_PROTECTION.value)}


def change_facts(case: SealedCase, reader: Reader, changes: Mapping[str, Any]) -> Facts:
    """Seals the facts anew under the same key; in the caller's transaction. Raises NotAReader."""
    key = reader.data_key(case.pk, Part.FACTS)
    facts = Facts.from_json(case.unseal_with(key, "facts")).with_(changes)
    case.seal_with(key, facts=facts.to_json())
    SealedCase.objects.using(VAULT).filter(pk=case.pk).update(facts=case.facts)
    return facts


def _make_survivors(case: SealedCase, wanted: int, services: Iterable[str], at: datetime) -> None:
    rows = Survivor.objects.using(VAULT).filter(case=case)
    for _number in range(rows.count(), wanted):
        Survivor(case=case, created_at=at).save(using=VAULT, force_insert=True)
    for survivor in rows.all():
        _make_offers(survivor, services, at)


def _make_offers(survivor: Survivor, services: Iterable[str], at: datetime) -> None:
    known = set(survivor.offers.using(VAULT).values_list("service", flat=True))
    for service in dict.fromkeys(services):
        if service not in known:
            add_offer(survivor, ServiceType(service), at)


def add_offer(survivor: Survivor, service: ServiceType, at: datetime) -> AssistanceOffer:
    """One more service to offer; in the caller's transaction."""
    offer = AssistanceOffer(survivor=survivor, service=service, state_since=at)
    offer.save(using=VAULT, force_insert=True)
    return offer
