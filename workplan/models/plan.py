"""A plan as people know the document: axes, objectives, activities, and who is in charge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from workplan.enums import ActorRole
from workplan.querysets import ActivityQuerySet, PlanQuerySet

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from workplan.models.asked import AskedOfTeam
    from workplan.models.change import PlanChange
    from workplan.models.closing import QuarterClosing
    from workplan.models.indicator import Indicator, Window
    from workplan.models.public_page import PublicSwitch
    from workplan.models.status import ActivityStatus


class Plan(models.Model):
    code = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    owner = models.CharField(max_length=200)
    years = models.JSONField(default=list)
    focus_areas = models.JSONField(default=list)
    is_invented = models.BooleanField(default=False)
    secretariat = models.ManyToManyField(Organisation, blank=True, related_name="+")

    axes: RelatedManager[Axis]
    closings: RelatedManager[QuarterClosing]
    changes: RelatedManager[PlanChange]
    public_switches: RelatedManager[PublicSwitch]
    asked: RelatedManager[AskedOfTeam]

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-code"]

    def __str__(self) -> str:
        return self.title


class Axis(models.Model):
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="axes")
    number = models.PositiveSmallIntegerField()
    title = models.TextField()

    objectives: RelatedManager[Objective]

    class Meta:
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="axis_once_per_plan")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Objective(models.Model):
    axis = models.ForeignKey(Axis, on_delete=models.CASCADE, related_name="objectives")
    number = models.CharField(max_length=10)
    title = models.TextField()
    description = models.TextField(blank=True)
    focus = models.CharField(max_length=10, blank=True)

    activities: RelatedManager[Activity]

    class Meta:
        ordering = ["axis", "number"]
        constraints = [models.UniqueConstraint(fields=["axis", "number"], name="objective_once_per_axis")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Activity(models.Model):
    """`reporter` is the source's or the secretariat's word on who reports; `reporters` the organisations it means.

    `open_to_every_lead`: led by the whole team and by no one by name, so any workplan lead may report. `doubt`: what
    the source leaves open; `inferred`: the fields that it does not say and somebody deduced. Both until they are
    settled.
    """

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="activities")
    number = models.CharField(max_length=10)
    title = models.TextField()
    focus = models.CharField(max_length=10, blank=True)
    reporter = models.CharField(max_length=200, blank=True)
    reporters = models.ManyToManyField(Organisation, blank=True, related_name="+")
    open_to_every_lead = models.BooleanField(default=False)
    doubt = models.TextField(blank=True)
    inferred = models.JSONField(default=list)
    expertise = models.JSONField(default=list)

    actors: RelatedManager[ActivityActor]
    indicators: RelatedManager[Indicator]
    windows: RelatedManager[Window]
    statuses: RelatedManager[ActivityStatus]

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["objective", "number"]
        constraints = [models.UniqueConstraint(fields=["objective", "number"], name="activity_once_per_objective")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("workplan:activity", args=[self.pk])


class ActivityActor(models.Model):
    """A lead or another actor, in the words of the source, and the organisation of the directory that it names.

    `named`: that organisation's name or acronym, where somebody wrote it after "=" because the words do not say it.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="actors")
    role = models.CharField(max_length=10, choices=ActorRole.choices)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    named = models.CharField(max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("organisation")
    )

    class Meta:
        ordering = ["activity", "role", "position"]
        constraints = [models.UniqueConstraint(fields=["activity", "role", "position"], name="actor_once_per_place")]

    def __str__(self) -> str:
        return self.text

    @property
    def said(self) -> str:
        """As the document writes it: its words, and after "=" the organisation that they do not name by themselves."""
        return f"{self.text} = {self.named}" if self.named else self.text

    @classmethod
    def parted(cls, said: str) -> dict[str, str]:
        """The fields of what `said` wrote."""
        text, sign, named = said.rpartition(" = ")
        return {"text": text, "named": named} if sign and text else {"text": said, "named": ""}
