from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from core.actors import Actor
from core.marks import MarkField
from core.sealed_models import SealedField, SealedModel
from core.transitions import Refused, Sentence
from psea.enums import ASSESSED, OUTCOMES, TAKEN_UP, TO_TRANSMIT, CaseState, Heard, Part, ToldAbout
from psea.querysets import SealedCaseQuerySet
from psea.rights import case_act_refused

S = CaseState
LIVE_ASSESSMENT = [S.PRELIMINARY_ASSESSMENT, S.INVESTIGATION]


class SealedCase(FSMModelMixin, SealedModel):
    """A report of sexual exploitation or abuse. In clear: states and dates; all the rest is sealed.

    Its three parts (`psea.enums.Part`) are under a data key each, wrapped once per reader.
    """

    state = FSMField(default=S.RECEIVED, choices=S.choices, protected=True)
    state_since = models.DateTimeField()
    words = SealedField()
    contact = SealedField()
    mailbox_private = SealedField()
    guard = SealedField()
    facts = SealedField()
    entity_tag = MarkField(max_length=64, blank=True, vault=True)
    thread_tag = MarkField(max_length=64, db_index=True, vault=True, leads=True)
    received_at = models.DateTimeField(db_index=True)
    is_test = models.BooleanField(default=False, help_text="said while practising; no figure counts it")
    opened_at = models.DateTimeField(null=True)
    transmitted_at = models.DateTimeField(null=True)
    outside_at = models.DateTimeField(null=True, help_text="handed over by hand, outside the platform")
    acknowledged_at = models.DateTimeField(null=True)
    assessed_at = models.DateTimeField(null=True)
    investigated_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    copy_held_at = models.DateTimeField(null=True, help_text="the entity's investigation function holds its copy")
    copy_stated_at = models.DateTimeField(null=True, help_text="an officer entered the paper of an entity outside")
    copy_stated_by = models.BigIntegerField(null=True)
    words_destroyed_at = models.DateTimeField(null=True)
    call_by = models.DateTimeField(null=True, help_text="words that suggest danger: somebody must have called by then")
    chased_at = models.DateTimeField(null=True, help_text="the entity was last asked for news")
    # No default of the database: Django would read it back, and intake may not read this table.
    chase_heard = models.CharField(max_length=12, choices=Heard.choices, null=True)  # noqa: DJ001
    epoch = models.PositiveIntegerField(default=1, help_text="how often it was sealed under fresh keys")
    rekey_since = models.DateTimeField(null=True, help_text="somebody who could open it no longer may")
    thin_since = models.DateTimeField(null=True, help_text="fewer than two living handlers and recovery open it")
    mend_tried_at = models.DateTimeField(null=True, help_text="an open key last tried to mend what is marked above")
    conflict_at = models.DateTimeField(null=True, help_text="a conflict of interest is open since")

    # Which data key seals which field.
    PART_OF: ClassVar[dict[str, Part]] = {
        "words": Part.WORDS,
        "contact": Part.WORDS,
        "mailbox_private": Part.WORDS,
        "guard": Part.GUARD,
        "facts": Part.FACTS,
    }

    objects = SealedCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=S.TRANSMITTED) | (Q(transmitted_at__isnull=False) & ~Q(entity_tag="")),
                name="psea_transmitted_has_date_and_entity",
                violation_error_message=_("Une transmission a une date et une entité."),
            ),
            models.CheckConstraint(
                condition=~Q(state=S.ENTITY_OUTSIDE) | Q(outside_at__isnull=False),
                name="psea_outside_has_date",
                violation_error_message=_("Une remise en main propre a une date."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(TAKEN_UP)) | Q(acknowledged_at__isnull=False),
                name="psea_taken_up_has_acknowledgement",
                violation_error_message=_("L'entité accuse réception avant d'avancer."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(ASSESSED)) | Q(assessed_at__isnull=False),
                name="psea_assessed_has_date",
                violation_error_message=_("Une évaluation préliminaire a une date."),
            ),
            models.CheckConstraint(
                condition=~Q(state=S.INVESTIGATION) | Q(investigated_at__isnull=False),
                name="psea_investigation_has_date",
                violation_error_message=_("Une enquête a une date d'ouverture."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(OUTCOMES), decided_at__isnull=False)
                | (~Q(state__in=sorted(OUTCOMES)) & Q(decided_at__isnull=True)),
                name="psea_outcome_iff_decided",
                violation_error_message=_("Une issue va avec sa date."),
            ),
            models.CheckConstraint(
                condition=Q(words_destroyed_at__isnull=True) | Q(words__isnull=True, contact__isnull=True),
                name="psea_destroyed_words_are_gone",
                violation_error_message=_("Un récit détruit n'est plus là."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def may(self, act: str, by: Actor) -> Sentence | None:
        """None when this person may do this; else why not."""
        return case_act_refused(self, act, by)

    @transition(field=state, source=sorted(TO_TRANSMIT), target=S.TRANSMITTED)
    def transmit(self, *, by: Actor, at: datetime, entity_tag: str) -> None:
        if not entity_tag:
            raise Refused(_("Dites d'abord quelle entité est concernée."))
        self.entity_tag, self.transmitted_at, self.outside_at = entity_tag, at, None
        self.acknowledged_at, self.state_since = None, at
        self.copy_stated_at = self.copy_stated_by = None

    @transition(field=state, source=sorted(TO_TRANSMIT), target=S.ENTITY_OUTSIDE)
    def reach_outside(self, *, by: Actor, at: datetime, entity_tag: str = "") -> None:
        self.entity_tag, self.outside_at, self.transmitted_at = entity_tag, at, None
        self.acknowledged_at, self.state_since = None, at
        self.copy_stated_at = self.copy_stated_by = None

    @transition(field=state, source=[S.TRANSMITTED, S.ENTITY_OUTSIDE], target=S.ACKNOWLEDGED)
    def acknowledge(self, *, by: Actor, at: datetime) -> None:
        self.acknowledged_at = self.state_since = at

    @transition(field=state, source=S.ACKNOWLEDGED, target=S.PRELIMINARY_ASSESSMENT)
    def assess(self, *, by: Actor, at: datetime) -> None:
        self.assessed_at = self.state_since = at

    @transition(field=state, source=S.PRELIMINARY_ASSESSMENT, target=S.INVESTIGATION)
    def investigate(self, *, by: Actor, at: datetime) -> None:
        self.investigated_at = self.state_since = at

    @transition(field=state, source=S.INVESTIGATION, target=S.SUBSTANTIATED)
    def substantiate(self, *, by: Actor, at: datetime) -> None:
        self.decided_at = self.state_since = at

    @transition(field=state, source=S.INVESTIGATION, target=S.UNSUBSTANTIATED)
    def not_substantiate(self, *, by: Actor, at: datetime) -> None:
        self.decided_at = self.state_since = at

    @transition(field=state, source=LIVE_ASSESSMENT, target=S.INSUFFICIENT_INFORMATION)
    def lack_information(self, *, by: Actor, at: datetime) -> None:
        self.decided_at = self.state_since = at

    @transition(field=state, source=LIVE_ASSESSMENT, target=S.NO_INVESTIGATION)
    def not_investigate(self, *, by: Actor, at: datetime) -> None:
        self.decided_at = self.state_since = at

    @transition(field=state, source=LIVE_ASSESSMENT, target=S.CLOSED_OTHER)
    def close_otherwise(self, *, by: Actor, at: datetime) -> None:
        self.decided_at = self.state_since = at

    @transition(field=state, source=[S.TRANSMITTED, S.ENTITY_OUTSIDE, S.ACKNOWLEDGED], target=S.NOT_OURS)
    def not_ours(self, *, by: Actor, at: datetime) -> None:
        self.state_since = at
        self.entity_tag = ""

    @transition(field=state, source=sorted(TO_TRANSMIT), target=S.RECLASSIFIED)
    def reclassify(self, *, by: Actor, at: datetime) -> None:
        self.state_since = at

    @transition(field=state, source=sorted(OUTCOMES), target=S.REOPENED)
    def reopen(self, *, by: Actor, at: datetime) -> None:
        self.state_since, self.decided_at = at, None


class SealedMessage(SealedModel):
    """What a person added later. Its own data key is sealed to the case's mailbox, which intake cannot open."""

    thread_tag = MarkField(max_length=64, db_index=True, vault=True)
    wrapped_key = models.BinaryField()
    words = SealedField()
    channel = SealedField()
    recording = SealedField()
    picture = SealedField()
    wish = SealedField()
    received_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    call_by = models.DateTimeField(null=True, help_text="as for a case")
    decide_by = models.DateTimeField(null=True, help_text="the person asks something about what they said")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["received_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)


class CaseNote(SealedModel):
    """A handler's note, sealed with the case's words and destroyed with them."""

    case = models.ForeignKey(SealedCase, models.CASCADE, related_name="notes")
    words = SealedField()
    written_by = models.BigIntegerField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)


class Informed(models.Model):
    """That the person was told where it stands, or could not be: date and yes or no, never the content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(SealedCase, models.CASCADE, related_name="informed")
    about = models.CharField(max_length=12, choices=ToldAbout.choices)
    was_told = models.BooleanField()
    on = models.DateField()
    told_by = models.BigIntegerField()

    class Meta:
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.about} {self.on}"
