"""What other organisations counted among the feedback that they collect: figures of theirs, never cases of ours."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from directory.enums import NOT_SAID, AgeGroup, Sex
from directory.models import Organisation, Place
from feedback.enums import Channel
from feedback.models.category import Category


class CollectedReading(models.Model):
    """What one source counted in one month or quarter. Sent again, it is a new version; the old ones stay."""

    source = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("source"))
    first_day = models.DateField()
    last_day = models.DateField()
    version = models.PositiveSmallIntegerField(default=1)
    digest = models.CharField(max_length=64, help_text="of all its counts: whether another says the same")
    received_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["source", "-first_day", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "first_day", "last_day", "version"],
                name="collected_version_once",
                violation_error_message=_("Cette version existe déjà."),
            ),
            models.UniqueConstraint(
                fields=["source", "first_day", "last_day"],
                condition=Q(replaced_at=None),
                name="collected_one_in_force",
                violation_error_message=_("Une source n’a qu’un relevé en vigueur par période."),
            ),
            models.CheckConstraint(
                condition=Q(last_day__gt=F("first_day")),
                name="collected_ends_after_it_begins",
                violation_error_message=_("La fin vient avant le début."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.first_day:%Y-%m} v{self.version}"


class CollectedCount(models.Model):
    """How many, of one place, category, sex, age and channel, each as far as the source says it."""

    reading = models.ForeignKey(CollectedReading, models.CASCADE, related_name="counts")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+")
    sex = models.CharField(max_length=10, choices=Sex.choices, default=NOT_SAID)
    age_group = models.CharField(max_length=10, choices=AgeGroup.choices, default=NOT_SAID)
    channel = models.CharField(max_length=12, choices=Channel.choices, blank=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return str(self.count)
