from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.sealed_models import OnlineSealed, SealedField
from directory.models import Organisation, User
from referrals.enums import ReferralState
from referrals.models.referral import Referral


class ReferralNoteQuerySet(models.QuerySet["ReferralNote"]):
    def visible_to(self, user: User) -> Self:
        """Those of this person's own organisation, on referrals they see and that nobody took back."""
        seen = Referral.objects.visible_to(user).filter(withdrawn_at=None).exclude(state=ReferralState.RECALLED)
        return self.filter(organisation=user.organisation_id, referral__in=seen)


class ReferralNote(OnlineSealed):
    """What one organisation writes for itself on a referral: neither the other side nor the person ever reads it."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="notes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    said_at = models.DateTimeField(_("écrit le"))
    struck_at = models.DateTimeField(_("rayé le"), null=True)
    struck_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    words = SealedField()

    objects: ClassVar[ReferralNoteQuerySet] = ReferralNoteQuerySet.as_manager()  # type: ignore[assignment]  # queryset's methods

    class Meta:
        ordering = ["said_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(struck_by=None) | Q(struck_at__isnull=False),
                name="note_struck_has_its_date",
                violation_error_message=_("Une note rayée porte la date à laquelle elle l’a été."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.organisation_id}"

    def can_be_taken_back(self, by: User, now: datetime) -> bool:
        """Whether its author may still take it back, as if it had not been written."""
        lasts = timedelta(minutes=settings.REFERRAL_NOTE_MINUTES)
        return self.author_id == by.pk and self.struck_at is None and now < self.said_at + lasts
