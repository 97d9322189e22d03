from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.sealed_models import OnlineSealed, SealedField
from directory.models import Organisation
from referrals.enums import EventType, ReferralState
from referrals.models.outgoing import Outgoing
from referrals.models.referral import Referral


class Endpoint(OnlineSealed):
    """Where an organisation's own system wants to be told that something changed. It is never told what."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="endpoints")
    name = models.CharField(_("nom"), max_length=80)
    url = models.CharField(_("adresse"), max_length=500)
    secret = SealedField()
    created_at = models.DateTimeField(auto_now_add=True)
    stopped_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["organisation", "name"]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.name}"


class Delivery(Outgoing):
    """One event for one endpoint. Ids, a state and times."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="+")
    event = models.CharField(max_length=20, choices=EventType.choices)
    referral_state = models.CharField(max_length=16, choices=ReferralState.choices)

    class Meta:
        ordering = ["-happened_at", "id"]
        indexes = [models.Index(fields=["state", "not_before"], name="delivery_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "referral", "event", "referral_state", "happened_at"], name="delivery_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.state}"
