from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.languages import language_choices
from directory.models import User
from feedback.enums import SmsText


class TextVersion(models.Model):
    """One wording of a fixed text in one language, in place of its file. The latest counts; none is ever changed.

    Empty `words` mean: back to the file. A wording leaves only once somebody who speaks the language has approved it.
    """

    name = models.CharField(_("texte"), max_length=30, choices=SmsText.choices)
    language = models.CharField(_("langue"), max_length=10, choices=language_choices)
    words = models.TextField(_("texte"), blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    speaker = models.CharField(_("lu et approuvé par"), max_length=120, blank=True)

    class Meta:
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["name", "language", "-written_at"], name="text_version_latest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_at__isnull=True, approved_by__isnull=True, speaker="")
                | (models.Q(approved_at__isnull=False, approved_by__isnull=False) & ~models.Q(speaker="")),
                name="text_version_approved_by_a_speaker",
                violation_error_message=_("Une approbation a une date, un compte et une personne qui parle la langue."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.language}/{self.name}"


class LineWriting(models.Model):
    """What one line costs, and in which languages what it sends is rewritten with the letters of GSM-7."""

    line = models.CharField(primary_key=True, max_length=20, editable=False)
    segment_price = models.DecimalField(
        _("prix d’un SMS"), max_digits=9, decimal_places=3, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    folded = models.JSONField(_("langues repliées"), default=list, blank=True)

    def __str__(self) -> str:
        return self.line
