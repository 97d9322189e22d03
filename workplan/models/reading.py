"""What was reported of an indicator for one period: draft → submitted → verified | returned (DESIGN §3).

Verified is frozen: the code offers no way out of it, and the database refuses the update (migration
`0002_verified_readings_are_frozen`). A correction is a new version that says why.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from core.actors import Actor
from core.periods import Quarter
from core.transitions import Refused, Sentence
from directory.models import Organisation, Place, User
from workplan.enums import Kind, ReadingState
from workplan.models.indicator import Indicator
from workplan.querysets import ReadingQuerySet
from workplan.values import Value

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from workplan.models.evidence import ReadingFile

State = ReadingState
OPEN = [State.DRAFT, State.SUBMITTED, State.RETURNED]


class Reading(FSMModelMixin, models.Model):
    """`computed`: written by the platform when the quarter closed, with what is needed to open the figure later.
    `binding`: the measure it was counted by, and over what (`workplan.bindings.Binding.kept`).

    `reporter`: the part of one organisation, where the indicator is consolidated from several.
    `register_version`: its reporter submitted what the register counted, by that version of counting.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="readings")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reporter = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField(default=1)
    state = FSMField(default=State.DRAFT, choices=State.choices, protected=True)

    number = models.PositiveIntegerField(null=True)
    numerator = models.PositiveIntegerField(null=True)
    denominator = models.PositiveIntegerField(null=True)
    yes = models.BooleanField(null=True)
    breakdown = models.JSONField(default=dict)
    reached_on = models.DateField(null=True)
    narrative = models.TextField(blank=True)
    evidence = models.URLField(max_length=500, blank=True)

    computed = models.BooleanField(default=False)
    cutoff = models.DateTimeField(null=True)
    definition_version = models.CharField(max_length=20, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    binding = models.JSONField(default=dict, blank=True)
    register_version = models.CharField(max_length=20, blank=True)

    correction_reason = models.TextField(blank=True)
    return_reason = models.TextField(blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(auto_now=True)

    files: RelatedManager[ReadingFile]

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "year", "quarter", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "year", "quarter", "version"],
                condition=Q(place=None, reporter=None),
                name="reading_once_per_period",
                violation_error_message=_("Ce trimestre a déjà une valeur pour cet indicateur."),
            ),
            models.UniqueConstraint(
                fields=["indicator", "year", "quarter", "place", "version"],
                name="reading_once_per_period_and_place",
                violation_error_message=_("Ce trimestre a déjà une valeur pour cet indicateur et ce lieu."),
            ),
            models.UniqueConstraint(
                fields=["indicator", "year", "quarter", "reporter", "version"],
                name="reading_once_per_period_and_reporter",
                violation_error_message=_("Votre organisation a déjà une valeur pour ce trimestre."),
            ),
            models.CheckConstraint(
                condition=Q(place=None) | Q(reporter=None),
                name="part_of_a_place_or_of_a_reporter",
                violation_error_message=_("Une part est d’un lieu ou d’une organisation, pas des deux."),
            ),
            models.CheckConstraint(
                condition=~Q(state=State.VERIFIED) | Q(verified_by__isnull=False, verified_at__isnull=False),
                name="verified_reading_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None)
                | (
                    (Q(submitted_by=None) | ~Q(verified_by=F("submitted_by")))
                    & (Q(drafted_by=None) | ~Q(verified_by=F("drafted_by")))
                ),
                name="nobody_verifies_their_own_reading",
                violation_error_message=_("On ne vérifie pas ce que l’on a rapporté soi-même."),
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(correction_reason=""),
                name="correction_says_why",
                violation_error_message=_("Une correction dit pourquoi."),
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RETURNED) | ~Q(return_reason=""),
                name="returned_reading_says_why",
                violation_error_message=_("Un renvoi dit pourquoi."),
            ),
            models.CheckConstraint(
                condition=Q(numerator=None) | Q(denominator=None) | Q(numerator__lte=F("denominator")),
                name="part_within_whole",
                violation_error_message=_("La part ne peut pas dépasser le total."),
            ),
            models.CheckConstraint(
                condition=Q(reached_on=None) | Q(yes=True),
                name="only_what_was_reached_has_a_day",
                violation_error_message=_("Seul un jalon atteint a une date."),
            ),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="reading_of_a_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period.code} v{self.version}"

    @property
    def period(self) -> Quarter:
        return Quarter(self.year, self.quarter)

    @property
    def value(self) -> Value:
        return Value(self.number, self.numerator, self.denominator, self.yes, self.breakdown, self.reached_on)

    @value.setter
    def value(self, value: Value) -> None:
        self.number, self.numerator, self.denominator = value.number, value.numerator, value.denominator
        self.yes, self.breakdown, self.reached_on = value.yes, dict(value.breakdown), value.on

    @property
    def does_not_add_up(self) -> list[str]:
        """The disaggregations whose parts do not make the number, those that the plan asks for and nobody said
        included. A flag, not a refusal.
        """
        wrong, asked = self.value.does_not_add_up(), self.indicator
        if asked.kind == Kind.COUNT_DISAGGREGATED and self.number:
            names = [group["name"] for group in asked.disaggregations]
            wrong = [*wrong, *(name for name in names if not self.breakdown.get(name))]
        return wrong

    @property
    def state_label(self) -> str:
        return str(State(self.state).label)

    @property
    def is_verified(self) -> bool:
        return bool(self.state == State.VERIFIED)

    @property
    def tone(self) -> str:
        return State(self.state).tone

    def may(self, act: str, by: Actor) -> Sentence | None:
        """Who may act. Out: None, or the reason why not."""
        if act == "submit":
            return self._why_not_submit(by)
        return self._why_not_judge(by)

    def _why_not_submit(self, by: Actor) -> Sentence | None:
        if self.computed:
            return None if by.actor_kind == "system" else _("La plateforme calcule cet indicateur.")
        if isinstance(by, User) and self.reporter_id not in (None, by.organisation_id):
            return _("Cette part est rapportée par %(organisation)s.") % {"organisation": self.reporter}
        if isinstance(by, User) and Indicator.objects.reported_by(by).filter(pk=self.indicator_id).exists():
            return None
        return _("Cet indicateur est rapporté par le responsable de l’activité.")

    def _why_not_judge(self, by: Actor) -> Sentence | None:
        if not isinstance(by, User):
            return _("Une personne vérifie, pas un système.")
        if by.pk in {self.submitted_by_id, self.drafted_by_id}:
            return _("On ne vérifie pas ce que l’on a rapporté soi-même.")
        if Indicator.objects.verified_by(by).filter(pk=self.indicator_id).exists():
            return None
        verifier = self.indicator.get_verifier_display()
        return _("Cet indicateur est vérifié par : %(verifier)s.") % {"verifier": verifier}

    @transition(field=state, source=[State.DRAFT, State.RETURNED], target=State.SUBMITTED)
    def submit(self, *, by: Actor, at: datetime, **_facts: Any) -> None:
        """Raises Refused while the value is blank: blank is not zero."""
        missing = self.value.missing(self.indicator.kind)
        if missing is not None:
            raise Refused(missing)
        self.submitted_by = by if isinstance(by, User) else None
        self.submitted_at = at
        self.return_reason = ""

    @transition(field=state, source=State.SUBMITTED, target=State.VERIFIED)
    def verify(self, *, by: User, at: datetime, **_facts: Any) -> None:
        self.verified_by, self.verified_at = by, at

    @transition(field=state, source=State.SUBMITTED, target=State.RETURNED)
    def send_back(self, *, by: Actor, at: datetime, reason: str, **_facts: Any) -> None:
        """Raises Refused without a reason."""
        if not reason.strip():
            raise Refused(_("Dites pourquoi vous renvoyez cette valeur."))
        self.return_reason = reason.strip()
