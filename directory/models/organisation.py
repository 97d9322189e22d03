from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from directory.enums import OrganisationKind
from directory.models.place import Place
from directory.querysets import OrganisationQuerySet


class Organisation(models.Model):
    """An agency, or a cluster, sub-cluster, regional group or common service."""

    name = models.CharField(_("nom"), max_length=160, unique=True)
    acronym = models.CharField(_("sigle"), max_length=30, blank=True)
    kind = models.CharField(_("type"), max_length=20, choices=OrganisationKind.choices)
    is_active = models.BooleanField(pgettext_lazy("organisation", "active"), default=True)
    protocol_signed_on = models.DateField(_("protocole signé le"), null=True, blank=True)
    protocol_version = models.CharField(_("version du protocole"), max_length=20, blank=True)
    psea_covered_by_duty = models.BooleanField(_("PEAS couverte par les personnes de garde"), default=False)
    has_investigation_unit = models.BooleanField(_("dispose d'une unité d'enquête"), default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["acronym", "name"]
        verbose_name = _("organisation")

    def __str__(self) -> str:
        return self.acronym or self.name

    @property
    def has_signed(self) -> bool:
        """Whether its protocol is recorded as signed, with its date and version: until then nothing is sent here."""
        return self.protocol_signed_on is not None and self.protocol_version != ""


class Office(models.Model):
    """Where an organisation is: Bamako cannot answer for Ménaka."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="offices")
    name = models.CharField(_("nom"), max_length=80)
    place = models.ForeignKey(Place, models.PROTECT, related_name="offices", verbose_name=_("lieu"))
    covers = models.ManyToManyField(Place, related_name="covered_by", blank=True, verbose_name=_("couvre"))
    is_active = models.BooleanField(_("ouvert"), default=True)

    class Meta:
        ordering = ["organisation__acronym", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="office_name_once_per_organisation",
                violation_error_message=_("Cette organisation a déjà un bureau de ce nom."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.name}"
