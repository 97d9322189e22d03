from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.enums import AgeGroup, Sex
from directory.models import Place, User
from workplan.enums import Basis, Part


class ReferenceFigure(models.Model):
    """How many people there are, or are assisted, somewhere: what voices are set against. The latest date counts."""

    basis = models.CharField(max_length=12, choices=Basis.choices)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    sex = models.CharField(max_length=10, choices=Sex.choices)
    age_group = models.CharField(max_length=10, choices=AgeGroup.choices)
    count = models.PositiveIntegerField()
    source = models.CharField(_("source"), max_length=200)
    as_of = models.DateField(_("à la date du"))
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["place", "-as_of"]
        constraints = [
            models.UniqueConstraint(
                fields=["basis", "place", "sex", "age_group", "as_of"], name="reference_figure_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.basis} {self.place} {self.sex} {self.age_group}"


class ReferenceShare(models.Model):
    """What part of those people speak a language first, or can use a channel. The latest date counts."""

    basis = models.CharField(max_length=12, choices=Basis.choices)
    part = models.CharField(max_length=10, choices=Part.choices)
    value = models.CharField(max_length=10)
    percent = models.DecimalField(
        max_digits=4, decimal_places=1, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    source = models.CharField(_("source"), max_length=200)
    as_of = models.DateField(_("à la date du"))
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["basis", "part", "-as_of"]
        constraints = [
            models.UniqueConstraint(fields=["basis", "part", "value", "as_of"], name="reference_share_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(percent__gte=0, percent__lte=100),
                name="reference_share_of_a_whole",
                violation_error_message="Une part va de 0 à 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.basis} {self.part} {self.value}"
