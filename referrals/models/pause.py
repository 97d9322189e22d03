from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from referrals.enums import PauseReason
from referrals.models.referral import Referral


class ReferralPause(models.Model):
    """While the time to answer did not run, and why; the deadline moved by as much once it was over."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="pauses")
    reason = models.CharField(_("motif"), max_length=10, choices=PauseReason.choices)
    began_at = models.DateTimeField(_("depuis le"))
    ended_at = models.DateTimeField(_("jusqu’au"), null=True)
    began_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="nobody: the agency's own system",
    )

    class Meta:
        ordering = ["began_at"]
        constraints = [
            models.UniqueConstraint(fields=["referral"], condition=models.Q(ended_at=None), name="pause_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return str(PauseReason(self.reason).label)
