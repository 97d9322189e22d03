from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models.organisation import Organisation


class Witness(models.Model):
    """An address at which an organisation keeps the signed checkpoints of the audit, out of our reach."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="witnesses", verbose_name=_("organisation")
    )
    email = models.EmailField(_("adresse électronique"))
    named_at = models.DateTimeField(default=timezone.now, editable=False)
    told_until = models.BigIntegerField(default=0, editable=False, help_text="number of the last checkpoint mailed")

    class Meta:
        ordering = ["organisation__name", "email"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                name="witness_once_per_organisation",
                violation_error_message=_("Cette adresse est déjà témoin pour cette organisation."),
            )
        ]

    def __str__(self) -> str:
        return self.email
