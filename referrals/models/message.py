from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.sealed_models import OnlineSealed, SealedField
from referrals.enums import MessageKind, Side
from referrals.models.referral import Referral


class ReferralMessage(OnlineSealed):
    """One message of the thread between sender and receiver. The person never reads it."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    side = models.CharField(max_length=10, choices=Side.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    said_at = models.DateTimeField(_("dit le"))
    words = SealedField()

    class Meta:
        ordering = ["said_at", "id"]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.kind}"
