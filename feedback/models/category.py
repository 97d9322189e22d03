from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.working_time import add_working_time
from directory.enums import RestrictedKind
from feedback.enums import Clock, Level, Priority, Sensitivity


class Category(models.Model):
    """What a matter is about. Codes are never renumbered; children are `CODE.sub` (facts.md §2.2)."""

    code = models.CharField(_("code"), primary_key=True, max_length=40)
    label = models.CharField(_("libellé"), max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    level = models.PositiveSmallIntegerField(_("niveau"), choices=Level.choices)
    sensitivity = models.CharField(_("sensibilité"), max_length=2, choices=Sensitivity.choices)
    restricted_kind = models.CharField(
        _("destinataires désignés"), max_length=12, choices=RestrictedKind.choices, blank=True
    )
    is_vault = models.BooleanField(_("relève du circuit PEAS"), default=False)
    is_counted = models.BooleanField(_("compte dans les indicateurs"), default=True)
    routing = models.CharField(_("acheminement par défaut"), max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("proposée"), default=True)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("catégorie")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(restricted_kind__in=["", *RestrictedKind.values]),
                name="category_known_restricted_kind",
                violation_error_message=_("Ce type de destinataires n'existe pas."),
            ),
            models.CheckConstraint(
                condition=~models.Q(is_vault=True) | models.Q(restricted_kind=""),
                name="category_vault_is_not_restricted",
                violation_error_message=_("Une catégorie du circuit PEAS n'a pas d'autres destinataires."),
            ),
            models.CheckConstraint(
                condition=~models.Q(sensitivity__in=["S3", "S4"])
                | models.Q(is_vault=True)
                | ~models.Q(restricted_kind=""),
                name="category_sensitive_has_recipients",
                violation_error_message=_("Une catégorie S3 ou S4 doit avoir des destinataires désignés."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


# By (in hours, around the clock).
_LENGTHS: dict[tuple[bool, bool], Callable[[int], str]] = {
    (True, False): lambda count: ngettext("%(count)s heure ouvrée", "%(count)s heures ouvrées", count),
    (True, True): lambda count: ngettext("%(count)s heure", "%(count)s heures", count),
    (False, False): lambda count: ngettext("%(count)s jour ouvré", "%(count)s jours ouvrés", count),
    (False, True): lambda count: ngettext("%(count)s jour", "%(count)s jours", count),
}


class DeadlineRule(models.Model):
    """How long a promise gives: proposals that staff edit. Only a sourced one may be called a norm (facts.md §1.4)."""

    clock = models.CharField(_("délai"), max_length=20, choices=Clock.choices)
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="deadline_rules", verbose_name=_("catégorie")
    )
    priority = models.CharField(_("priorité"), max_length=10, choices=Priority.choices, blank=True)
    hours = models.PositiveSmallIntegerField(_("heures"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("jours"), null=True, blank=True)
    around_the_clock = models.BooleanField(_("court jour et nuit"), default=False)
    basis = models.CharField(_("fondement"), max_length=200, blank=True)
    is_sourced = models.BooleanField(_("tiré d'une source publiée"), default=False)

    class Meta:
        ordering = ["clock", "category", "priority"]
        verbose_name = _("délai")
        constraints = [
            models.UniqueConstraint(
                "clock",
                Coalesce("category", Value("")),
                "priority",
                name="deadline_once",
                violation_error_message=_("Ce délai existe déjà pour cette catégorie et cette priorité."),
            ),
            models.CheckConstraint(
                condition=models.Q(hours__isnull=True, days__isnull=False)
                | models.Q(hours__isnull=False, days__isnull=True),
                name="deadline_hours_or_days",
                violation_error_message=_("Donnez des heures ou des jours, pas les deux."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_clock_display()} : {self.in_words}"

    @property
    def in_words(self) -> str:
        """`72 heures`, `14 jours`: the rule as staff read it."""
        if self.hours is not None:
            return _("%(count)s h") % {"count": self.hours}
        return _("%(count)s j") % {"count": self.days}

    @property
    def in_full(self) -> str:
        """`24 heures ouvrées`, `14 jours ouvrés`: the same, as people read it."""
        count = self.hours if self.hours is not None else self.days
        return _LENGTHS[self.hours is not None, self.around_the_clock](count or 0) % {"count": count}

    def after(self, start: datetime) -> datetime:
        """The aware moment when a clock that starts at `start` is over."""
        return add_working_time(
            start, hours=self.hours or 0, days=self.days or 0, around_the_clock=self.around_the_clock
        )
