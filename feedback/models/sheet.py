from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.sealed_models import SealedField
from core.sheet_files import SheetFile
from directory.models import User
from feedback.querysets import OwnSheetQuerySet


class Sheet(SheetFile):
    """An uploaded table of what people said: sealed until its rows are taken in, then destroyed.

    `usual` counts where no column says it. `refused` pairs the number of a row with the code of what is wrong: nothing
    of what the row says.
    """

    journal = "feedback.sheet"
    task = "feedback.tasks.take_sheet"

    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    content = SealedField()
    usual = models.JSONField(default=dict)
    saved_count = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)

    objects = OwnSheetQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finished_at=None) | models.Q(content=None, data_key=None),
                name="sheet_finished_keeps_nothing",
                violation_error_message=_("Un fichier repris ne garde rien de son contenu."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.uploaded_at:%Y-%m-%d %H:%M}"
