from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.enums import Sector, ServiceType
from directory.languages import language_label
from directory.models.organisation import Office, Organisation
from directory.models.place import Place
from directory.querysets import ServiceQuerySet


def still_valid_until() -> date:
    """After this day a service is stale, unless somebody says again that it stands (facts.md §3.4)."""
    return timezone.localdate() + timedelta(days=settings.SERVICE_VALID_DAYS)


class Service(models.Model):
    """Who does what, where, for whom (5W), with what is needed to send someone there (facts.md §3.4)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="services")
    office = models.ForeignKey(Office, models.SET_NULL, null=True, blank=True, related_name="services")
    kind = models.CharField(_("service"), max_length=30, choices=ServiceType.choices)
    sector = models.CharField(_("secteur"), max_length=20, choices=Sector.choices, blank=True)
    places = models.ManyToManyField(Place, related_name="services", verbose_name=_("lieux"))
    eligibility = models.CharField(_("pour qui"), max_length=200, blank=True)
    directions = models.CharField(
        _("où se présenter"),
        max_length=160,
        blank=True,
        help_text=_("En mots simples, comme on le dirait à quelqu’un ; imprimé sur la fiche pour les communautés."),
    )
    hours = models.CharField(_("horaires"), max_length=120, blank=True)
    languages = models.JSONField(_("langues"), default=list, blank=True)
    contact_role = models.CharField(
        _("fonction à contacter"), max_length=120, blank=True, help_text=_("Une fonction, jamais un nom.")
    )
    deputy_role = models.CharField(_("à défaut, fonction à contacter"), max_length=120, blank=True)
    is_free = models.BooleanField(_("gratuit"), default=True)
    is_accessible = models.BooleanField(_("accessible"), default=False)
    has_women_staff = models.BooleanField(_("personnel féminin"), default=False)
    accepts_self_referral = models.BooleanField(_("on peut venir de soi-même, sans être orienté"), default=False)
    has_capacity = models.BooleanField(_("peut encore accueillir"), default=True)
    capacity = models.CharField(
        _("capacité ou attente"),
        max_length=120,
        blank=True,
        help_text=_("Par exemple : 20 personnes par jour, deux semaines d’attente."),
    )
    is_sensitive = models.BooleanField(_("lieu confidentiel"), default=False)
    asked_on = models.DateField(null=True, editable=False)
    valid_until = models.DateField(_("valable jusqu'au"), default=still_valid_until)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__acronym", "kind"]
        verbose_name = _("service")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.organisation}"

    @property
    def languages_in_words(self) -> str:
        return ", ".join(language_label(code) for code in self.languages)

    @property
    def pcodes(self) -> list[str]:
        return sorted(place.pcode for place in self.places.all())

    @property
    def is_stale(self) -> bool:
        return self.valid_until < timezone.localdate()
