from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.sealed_models import SealedField
from core.sheet_files import SheetFile
from directory.models import User
from workplan.models.plan import Plan
from workplan.querysets import PlanFileQuerySet


class PlanFile(SheetFile):
    """A plan on its way in, from YAML, Word or a spreadsheet. Small, and taken whole or not at all: no worker goes
    through it. `plan`: what it became. `facts`, sealed: what is said of the plan itself, as somebody confirmed it.
    """

    journal = "workplan.plan_file"

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    plan = models.ForeignKey(Plan, null=True, on_delete=models.CASCADE, related_name="+")
    is_yaml = models.BooleanField(default=False)
    content = SealedField()
    facts = SealedField()

    objects = PlanFileQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(content=None, facts=None),
                name="plan_file_finished_keeps_nothing",
                violation_error_message=_("Un fichier repris ne garde rien de son contenu."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.uploaded_at:%Y-%m-%d}"
