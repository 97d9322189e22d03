"""Who does what where, as OCHA's 5W spreadsheet tells it (facts.md §3.4), and the files that it comes from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.sealed_models import OnlineSealed, SealedField
from core.sheet_files import CheckedFile
from directory.enums import Sector
from directory.models.organisation import Organisation
from directory.models.person import User
from directory.models.place import Place
from directory.querysets import InterventionFileQuerySet, InterventionQuerySet


class OrganisationSpelling(models.Model):
    """How a spreadsheet writes an organisation, evened out: matched once by a person, known ever after."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="spellings")
    spelling = models.CharField(max_length=160, unique=True)

    def __str__(self) -> str:
        return self.spelling


class InterventionFile(CheckedFile):
    """An uploaded 5W spreadsheet, how far it is and what was wrong with it; its content stands apart.

    `counts` says how many rows are new, changed, the same, refused. `unknown`: organisations that nobody matched yet.
    """

    journal = "directory.intervention_file"
    task = "directory.tasks.take_interventions"

    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    source_name = models.CharField(max_length=60)
    problems = SealedField()
    page_index = models.PositiveSmallIntegerField(default=0)
    header_line = models.PositiveSmallIntegerField(default=1)
    unknown = models.JSONField(default=list)

    objects = InterventionFileQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None) | models.Q(checked_at__isnull=False),
                name="intervention_file_checked_before_confirmed",
                violation_error_message=_("Un fichier est vérifié avant d’être repris."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_name} {self.uploaded_at:%Y-%m-%d}"


class InterventionContent(OnlineSealed):
    """What a file holds, sealed until its rows are taken in, then destroyed: a row of its own, for it may be large
    and the count beside it changes often. `head`: its headings and first rows.
    """

    file = models.OneToOneField(InterventionFile, models.CASCADE, related_name="kept")
    content = SealedField()
    head = SealedField()

    def __str__(self) -> str:
        return str(self.file_id)


class Intervention(models.Model):
    """One row: an organisation's activity in one cercle. The region is the cercle's, whatever a spreadsheet says.

    `key` names the row across files: what is done, by whom, with whose money, where and from when. `targeted` and
    `reached` count people by group (`women`, `men`, `girls`, `boys`, `older`, `disabled`); a group not said is absent.
    """

    key = models.CharField(max_length=64, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="interventions", verbose_name=_("organisation")
    )
    programme_organisation = models.CharField(_("organisation du programme"), max_length=160, blank=True)
    donor = models.CharField(_("bailleur"), max_length=200, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="interventions", verbose_name=_("cercle"))
    commune_pcode = models.CharField(_("P-code de la commune"), max_length=12, blank=True)
    commune = models.CharField(_("commune"), max_length=80, blank=True)
    village = models.CharField(_("village ou site"), max_length=120, blank=True)
    sector = models.CharField(_("secteur"), max_length=20, choices=Sector.choices)
    in_hrp = models.BooleanField(_("dans le HRP"), null=True)
    project = models.CharField(_("projet"), max_length=300, blank=True)
    activity = models.CharField(_("activité"), max_length=500)
    starts_on = models.DateField(_("début"), null=True)
    ends_on = models.DateField(_("fin"), null=True)
    cash_amount = models.DecimalField(_("montant en espèces"), max_digits=16, decimal_places=2, null=True)
    targeted = models.JSONField(_("personnes ciblées"), default=dict)
    reached = models.JSONField(_("personnes atteintes"), default=dict)
    remarks = models.CharField(_("remarques"), max_length=1000, blank=True)
    source = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    source_name = models.CharField(max_length=60)
    seen_in = models.ForeignKey(InterventionFile, models.SET_NULL, null=True, related_name="rows")
    changed_at = models.DateTimeField()

    objects = InterventionQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__acronym", "place__pcode", "sector", "key"]
        indexes = [models.Index(fields=["source", "source_name"], name="intervention_source")]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.place}"
