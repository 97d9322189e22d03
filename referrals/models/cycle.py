from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.sealed_models import OnlineSealed, SealedField
from feedback.enums import AnswerKind
from referrals.enums import ReferralState, ReopenReason
from referrals.models.referral import Referral


class ReferralCycle(OnlineSealed):
    """A past round of a referral: its clock and its answer are kept when it is reopened."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="cycles")
    number = models.PositiveSmallIntegerField(_("tour"))
    ended_in = models.CharField(_("état à la réouverture"), max_length=16, choices=ReferralState.choices)
    sent_at = models.DateTimeField()
    accept_by = models.DateTimeField()
    answer_by = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    fed_back_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField()
    answer_kind = models.CharField(max_length=20, choices=AnswerKind.choices, blank=True)
    reopen_reason = models.CharField(max_length=20, choices=ReopenReason.choices)
    responsible = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answer_words = SealedField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["referral", "number"], name="one_row_per_cycle")]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.number}"
