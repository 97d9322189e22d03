from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.sealed_models import OnlineSealed, SealedField
from feedback.enums import AnswerKind
from referrals.enums import Refusal, SheetSays
from referrals.models.referral import Referral


class SheetReply(OnlineSealed):
    """What somebody who held a sheet of paper said on the page behind its square. It moves nothing by itself:
    the sender's people know the agency, and take it over or set it aside."""

    locked_after = "referral"

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="sheet_replies")
    says = models.CharField(_("réponse"), max_length=10, choices=SheetSays.choices)
    refusal_code = models.CharField(_("motif du refus"), max_length=20, choices=Refusal.choices, blank=True)
    answer_kind = models.CharField(_("type de réponse"), max_length=20, choices=AnswerKind.choices, blank=True)
    name = SealedField()
    words = SealedField()
    said_at = models.DateTimeField(_("dit le"))
    decided_at = models.DateTimeField(null=True, editable=False)
    was_taken = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["said_at"]

    def __str__(self) -> str:
        return f"{self.says} {self.said_at:%Y-%m-%d}"
