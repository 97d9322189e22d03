from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from referrals.enums import Clock, Step
from referrals.models.referral import Referral


class LateNotice(models.Model):
    """Who was told of a late referral, when, and by which rule. Late itself is computed, never stored."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="late_notices")
    cycle = models.PositiveSmallIntegerField(_("tour"))
    clock = models.CharField(_("délai"), max_length=10, choices=Clock.choices)
    step = models.CharField(_("échelon"), max_length=12, choices=Step.choices)
    told = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    due_at = models.DateTimeField(_("échéance"))
    told_at = models.DateTimeField(_("prévenu le"))

    class Meta:
        ordering = ["told_at"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "cycle", "clock", "step", "told"], name="late_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.clock} {self.step}"
