from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.sealed_models import OnlineSealed, SealedField
from directory.languages import language_choices
from directory.models import User
from feedback.enums import WordAct, WordEffect


class ScreeningChange(OnlineSealed):
    """One change of the screening's word lists; none is ever changed itself, and the latest of an entry counts.

    The entry and the reason are sealed: a word that was added the day after a report would tell what it said.
    `number` counts changes without a gap; it is unique, so that of two who decide at once one looks again.
    """

    number = models.PositiveIntegerField(unique=True, editable=False)
    language = models.CharField(_("langue"), max_length=10, choices=language_choices)
    effect = models.CharField(_("effet"), max_length=10, choices=WordEffect.choices)
    act = models.CharField(_("acte"), max_length=10, choices=WordAct.choices)
    entry = SealedField()
    reason = SealedField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.language} {self.number}"
