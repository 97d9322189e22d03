from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.enums import NOT_SAID, Sex
from directory.languages import language_label
from directory.models.organisation import Organisation
from directory.models.person import User


class DutyOfficer(models.Model):
    """What makes somebody fit to stand on duty for sealed reports, and whose matters are not for them."""

    user = models.OneToOneField(User, models.CASCADE, related_name="duty_officer")
    trained_on = models.DateField(_("formation suivie le"), null=True, blank=True)
    confidentiality_signed_on = models.DateField(_("engagement de confidentialité signé le"), null=True, blank=True)
    sex = models.CharField(_("sexe"), max_length=10, choices=Sex.choices, default=NOT_SAID)
    languages = models.JSONField(_("langues parlées"), default=list, blank=True)
    conflicts = models.ManyToManyField(
        Organisation, blank=True, related_name="+", verbose_name=_("conflits d’intérêts déclarés")
    )

    def __str__(self) -> str:
        return str(self.user)

    @property
    def languages_in_words(self) -> list[str]:
        return [language_label(code) for code in self.languages]


class DutyWeek(models.Model):
    """Who is on duty from one Monday's handover to the next: two people, of two organisations as they then were."""

    monday = models.DateField(unique=True)
    first = models.ForeignKey(User, models.PROTECT, related_name="+")
    second = models.ForeignKey(User, models.PROTECT, related_name="+")
    first_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    second_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["monday"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(first=F("second")) & ~Q(first_organisation=F("second_organisation")),
                name="duty_is_two_people_of_two_organisations",
                violation_error_message=_("Une garde tient à deux personnes, de deux organisations."),
            ),
        ]

    def __str__(self) -> str:
        return self.monday.isoformat()

    @property
    def starts_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.monday, time(settings.DUTY_HANDOVER_HOUR)))

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(weeks=1)

    def stands(self, user_id: int) -> bool:
        """Whether this person is one of the two."""
        return user_id in (self.first_id, self.second_id)


class DutySwap(models.Model):
    """One of the two asks a colleague to take their turn, maybe in exchange for one of the colleague's."""

    week = models.ForeignKey(DutyWeek, models.CASCADE, related_name="swaps")
    in_exchange = models.ForeignKey(DutyWeek, models.CASCADE, null=True, related_name="+")
    asked_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    asked_of = models.ForeignKey(User, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    was_accepted = models.BooleanField(null=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, was_accepted__isnull=True)
                | Q(answered_at__isnull=False, was_accepted__isnull=False),
                name="duty_swap_answer_has_date",
            ),
            models.UniqueConstraint(
                fields=["week", "asked_by"], condition=Q(answered_at__isnull=True), name="duty_swap_asked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.week}: {self.asked_by} → {self.asked_of}"
