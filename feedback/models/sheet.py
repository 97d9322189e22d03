from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.sealed_models import OnlineSealed, SealedField
from directory.models import User
from feedback.querysets import OwnedQuerySet


class Sheet(OnlineSealed):
    """An uploaded table of what people said: sealed until its rows are taken in, then destroyed.

    `columns` says by field which column holds it, `usual` what counts where no column does. `refused` pairs the number
    of a row with the code of what is wrong: nothing of what the row says.
    """

    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    content = SealedField()
    columns = models.JSONField(default=dict)
    usual = models.JSONField(default=dict)
    row_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    saved_count = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    uploaded_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = OwnedQuerySet["Sheet"].as_manager()

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
