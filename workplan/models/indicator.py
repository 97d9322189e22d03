"""Indicators, and the windows in which they are expected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.periods import Quarter, quarters
from workplan.enums import Aggregate, Consolidation, Direction, Kind, Recurrence, Source, Verifier
from workplan.models.plan import Activity
from workplan.querysets import IndicatorQuerySet
from workplan.registers.rules import Rule, rule_of

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from workplan.models.reading import Reading


class Indicator(models.Model):
    """`has_own_windows` with no window means "not planned": never late, and reported in any quarter.

    `measure`, `over`, `share_over`: what the platform counts it by (`workplan.bindings`); "" where it is typed by hand.
    `register`: how it could be counted from a register (`workplan.registers.rules`), {} where none fits;
    `keeps_register`: whether it is, since its reporter wants it. A plain number always suffices.
    `consolidation`: each reporting organisation gives its own part, and how they become one value; "" where they
    report one value together. `inferred`: as an activity's.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="indicators")
    number = models.CharField(max_length=12)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.TextField()
    share = models.CharField(max_length=200, blank=True)
    numerator_unit = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.MANUAL)
    measure = models.CharField(max_length=60, blank=True)
    over = models.JSONField(default=dict, blank=True)
    share_over = models.JSONField(default=dict, blank=True)
    recurrence = models.CharField(max_length=10, choices=Recurrence.choices, default=Recurrence.QUARTERLY)
    aggregate = models.CharField(max_length=10, choices=Aggregate.choices, default=Aggregate.SUM)
    direction = models.CharField(max_length=5, choices=Direction.choices, default=Direction.UP)
    focus = models.CharField(max_length=10, blank=True)
    doubt = models.TextField(blank=True)
    inferred = models.JSONField(default=list)
    disaggregations = models.JSONField(default=list)
    has_own_windows = models.BooleanField(default=False)
    verifier = models.CharField(max_length=20, choices=Verifier.choices)
    register = models.JSONField(default=dict)
    keeps_register = models.BooleanField(default=False)
    consolidation = models.CharField(max_length=10, choices=Consolidation.choices, blank=True)
    baseline = models.PositiveIntegerField(null=True, blank=True)
    baseline_note = models.CharField(max_length=200, blank=True)
    target = models.PositiveIntegerField(null=True, blank=True)
    in_need = models.PositiveIntegerField(null=True, blank=True)
    means_of_verification = models.TextField(blank=True)

    windows: RelatedManager[Window]
    readings: RelatedManager[Reading]

    # Set on one that is shown as it was on another day: the quarters planned then.
    planned_then: Sequence[Quarter] | None = None

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["activity", "number"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "number"], name="indicator_once_per_activity"),
            models.CheckConstraint(
                condition=Q(source=Source.MANUAL, measure="") | (Q(source=Source.AUTO) & ~Q(measure="")),
                name="computed_indicator_names_its_measure",
                violation_error_message=_("Un indicateur calculé nomme sa mesure ; un indicateur saisi n’en a pas."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("workplan:indicator", args=[self.pk])

    @property
    def rule(self) -> Rule | None:
        """How it could be counted from a register; None where none fits."""
        return rule_of(self.register)

    @property
    def consolidations(self) -> list[Consolidation]:
        """The rules that fit its kind: an answer is no sum, and a count no union."""
        fits = Consolidation.UNION if self.kind == Kind.YES_NO else Consolidation.SUM
        return [fits, Consolidation.LATEST]

    @property
    def is_computed(self) -> bool:
        return self.source == Source.AUTO

    @property
    def planned_quarters(self) -> list[Quarter]:
        """In order, from its own windows, else from its activity's."""
        if self.planned_then is not None:
            return sorted(self.planned_then)
        windows = self.windows.all() if self.has_own_windows else self.activity.windows.all()
        return sorted(quarter for window in windows for quarter in window.quarters)


class Window(models.Model):
    """Quarters of one year in which an activity, or one indicator, is expected."""

    activity = models.ForeignKey(Activity, null=True, on_delete=models.CASCADE, related_name="windows")
    indicator = models.ForeignKey(Indicator, null=True, on_delete=models.CASCADE, related_name="windows")
    year = models.PositiveSmallIntegerField()
    first = models.PositiveSmallIntegerField()
    last = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["year", "first"]
        constraints = [
            models.CheckConstraint(
                condition=Q(activity__isnull=False) ^ Q(indicator__isnull=False),
                name="window_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(first__gte=1, last__lte=4, first__lte=F("last")),
                name="window_within_a_year",
            ),
            models.UniqueConstraint(fields=["activity", "year", "first"], name="activity_window_once"),
            models.UniqueConstraint(fields=["indicator", "year", "first"], name="indicator_window_once"),
        ]

    def __str__(self) -> str:
        span = f"Q{self.first}" if self.first == self.last else f"Q{self.first}-Q{self.last}"
        return f"{self.year} {span}"

    @property
    def quarters(self) -> list[Quarter]:
        return list(quarters(Quarter(self.year, self.first), Quarter(self.year, self.last)))
