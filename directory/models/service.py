from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.enums import Sector, ServiceType
from directory.models.organisation import Office, Organisation
from directory.models.place import Place
from directory.querysets import ServiceQuerySet

# After this, a service is stale unless somebody says it still stands (facts.md §3.4).
STALE_AFTER = timedelta(days=90)


def in_ninety_days() -> date:
    return timezone.localdate() + STALE_AFTER


class Service(models.Model):
    """Who does what, where, for whom (5W), with what is needed to send someone there (facts.md §3.4)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="services")
    office = models.ForeignKey(Office, models.SET_NULL, null=True, blank=True, related_name="services")
    kind = models.CharField(_("service"), max_length=30, choices=ServiceType.choices)
    sector = models.CharField(_("secteur"), max_length=20, choices=Sector.choices, blank=True)
    places = models.ManyToManyField(Place, related_name="services", verbose_name=_("lieux"))
    eligibility = models.CharField(_("pour qui"), max_length=200, blank=True)
    hours = models.CharField(_("horaires"), max_length=120, blank=True)
    languages = models.JSONField(_("langues"), default=list, blank=True)
    contact_role = models.CharField(_("fonction à contacter"), max_length=120, blank=True)
    is_free = models.BooleanField(_("gratuit"), default=True)
    is_accessible = models.BooleanField(_("accessible"), default=False)
    has_women_staff = models.BooleanField(_("personnel féminin"), default=False)
    accepts_self_referral = models.BooleanField(_("sans rendez-vous"), default=False)
    has_capacity = models.BooleanField(_("peut encore accueillir"), default=True)
    is_sensitive = models.BooleanField(_("lieu confidentiel"), default=False)
    valid_until = models.DateField(_("valable jusqu'au"), default=in_ninety_days)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__acronym", "kind"]
        verbose_name = _("service")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.organisation}"

    @property
    def pcodes(self) -> list[str]:
        return sorted(place.pcode for place in self.places.all())

    @property
    def is_stale(self) -> bool:
        return self.valid_until < timezone.localdate()
