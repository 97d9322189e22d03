from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.periods import Quarter
from directory.models import Organisation


class AgencyComment(models.Model):
    """What an organisation says of its own figures of one quarter; read beside them."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name=_("organisation"))
    year = models.PositiveSmallIntegerField(_("année"))
    quarter = models.PositiveSmallIntegerField(_("trimestre"))
    words = models.TextField(_("commentaire"), max_length=1000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    said_at = models.DateTimeField(_("dit le"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year", "quarter"], name="comment_once_per_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {Quarter(self.year, self.quarter)}"

    @classmethod
    def of(cls, organisation: Organisation, quarter: Quarter) -> AgencyComment | None:
        """What this organisation says of this quarter, if anything."""
        return cls.objects.filter(organisation=organisation, year=quarter.year, quarter=quarter.number).first()
