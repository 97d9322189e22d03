"""What an organisation's own system is told of a referral: that something happened, if it may know of it at all.

Rows only, in the act's own transaction; `delivering` sends them. Listed in `config/reactions.py`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from core.actors import Actor
from core.publishing import publish
from directory.models import Organisation
from referrals.enums import DeliveryState, EventType
from referrals.models import Consent, Delivery, Endpoint, Referral

TASK = "referrals.tasks.deliver_event"


def referral_sent(referral_pk: Any, /, *, by: Actor, at: datetime) -> None:
    _announce(referral_pk, EventType.SENT, at)


def referral_changed(referral_pk: Any, /, *, by: Actor, at: datetime) -> None:
    _announce(referral_pk, EventType.CHANGED, at)


def consent_changed(consent_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """Withdrawn: what travelled under it shows less now, or asks for its erasure, whatever its state."""
    for pk in Consent.objects.get(pk=consent_pk).referrals.values_list("pk", flat=True):
        _announce(pk, EventType.CHANGED, at)


def question_answered(question_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """The person said themselves whether the receiver may have their number: its level may be another now."""
    for pk in Referral.objects.filter(consent_question=question_pk).values_list("pk", flat=True):
        _announce(pk, EventType.CHANGED, at)


def case_taken_back(case_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """All of it was withdrawn, also what had ended: each reads as any that its sender took back."""
    for pk in Referral.objects.filter(case=case_pk).values_list("pk", flat=True):
        _announce(pk, EventType.CHANGED, at)


def may_know(organisation: Organisation, referral_pk: Any) -> bool:
    """Whether the API would show this referral to this organisation now."""
    return Referral.objects.of_system(organisation).filter(pk=referral_pk).exists()


def _announce(referral_pk: Any, event: EventType, at: datetime) -> None:
    row = Referral.objects.get(pk=referral_pk)
    parties = {row.sender_id, row.receiver_id}
    for endpoint in Endpoint.objects.filter(organisation__in=parties, stopped_at=None).select_related("organisation"):
        if may_know(endpoint.organisation, row.pk):
            _keep(endpoint, row, event, at)


def _keep(endpoint: Endpoint, row: Referral, event: EventType, at: datetime) -> None:
    delivery, is_new = Delivery.objects.get_or_create(
        endpoint=endpoint,
        referral=row,
        event=event,
        referral_state=row.shown_state,
        happened_at=at,
        defaults={"state": DeliveryState.QUEUED, "not_before": timezone.now()},
    )
    if is_new:
        publish(TASK, str(delivery.pk))
