from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.sealed_models import OnlineSealed, SealedField
from directory.models import User
from feedback.enums import DataWish, Decision, ToldHow
from feedback.models.case import Case
from feedback.querysets import DataRequestQuerySet
from psea.enums import Wish


class DataRequest(OnlineSealed):
    """A person asks to see, correct or erase what they said: decided by a person, before a date."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="data_requests")
    wish = models.CharField(_("demande"), max_length=10, choices=DataWish.choices)
    words = SealedField()
    had_code = models.BooleanField(_("donnée avec le code"), default=False)
    asked_at = models.DateTimeField(_("demandé le"))
    due_at = models.DateTimeField(_("à décider avant"))
    decision = models.CharField(_("décision"), max_length=10, choices=Decision.choices, blank=True)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    reason = SealedField()
    told_how = models.CharField(max_length=10, choices=ToldHow.choices, blank=True, db_default="", editable=False)
    told_at = models.DateTimeField(null=True, editable=False)
    told_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", editable=False)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        verbose_name = _("demande sur ses données")
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True)
                | Q(decision__in=Decision.values, decided_at__isnull=False, decided_by__isnull=False),
                name="data_request_decided_has_who_and_when",
                violation_error_message=_("Une décision dit qui l’a prise et quand."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.wish} {self.asked_at:%Y-%m-%d}"

    @property
    def wish_as_told(self) -> str:
        """What the person asks, as staff read it."""
        return str(Wish(self.wish).label)
