from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from core.actors import Actor
from core.transitions import Sentence
from directory.enums import ServiceType
from psea.enums import Consent, OfferState
from psea.models.cases import SealedCase
from psea.querysets import SurvivorQuerySet
from psea.rights import assistance_refused

O = OfferState  # noqa: E741  the table below reads as one
AGAIN = [O.TO_OFFER, O.DECLINED, O.DEFERRED, O.WITHDRAWN, O.UNREACHABLE, O.UNSAFE_TO_CONTACT]
WAS_ACCEPTED = [O.ACCEPTED, O.REFERRED, O.SERVICE_CONFIRMED, O.SERVICE_FAILED]
WAS_OFFERED = [O.OFFERED, O.DECLINED, O.DEFERRED, *WAS_ACCEPTED]
WAS_REFERRED = [O.REFERRED, O.SERVICE_CONFIRMED, O.SERVICE_FAILED]


class Survivor(models.Model):
    """One survivor of a case: a bare row, so that services can be told apart. Nothing says who."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(SealedCase, models.CASCADE, related_name="survivors")
    created_at = models.DateTimeField()

    objects = SurvivorQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)


class AssistanceOffer(FSMModelMixin, models.Model):
    """One service for one survivor: type, dates, yes or no. Independent of any inquiry (facts.md §1.2)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survivor = models.ForeignKey(Survivor, models.CASCADE, related_name="offers")
    service = models.CharField(max_length=30, choices=ServiceType.choices)
    state = FSMField(default=O.TO_OFFER, choices=O.choices, protected=True)
    state_since = models.DateTimeField()
    offered_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    referred_at = models.DateTimeField(null=True)
    service_at = models.DateTimeField(null=True)
    consent_by = models.CharField(max_length=20, choices=Consent.choices, blank=True)

    class Meta:
        ordering = ["state_since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["survivor", "service"],
                name="psea_service_once_per_survivor",
                violation_error_message=_("Ce service est déjà suivi pour cette personne."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=WAS_OFFERED) | Q(offered_at__isnull=False),
                name="psea_offered_has_date",
                violation_error_message=_("Une proposition a une date."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=WAS_ACCEPTED) | Q(accepted_at__isnull=False),
                name="psea_accepted_has_date",
                violation_error_message=_("Une acceptation a une date."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=WAS_REFERRED) | Q(referred_at__isnull=False),
                name="psea_referred_has_date",
                violation_error_message=_("Une orientation a une date."),
            ),
            models.CheckConstraint(
                condition=Q(referred_at__isnull=True) | Q(accepted_at__isnull=False),
                name="psea_referred_was_accepted",
                violation_error_message=_("Nul n'est orienté sans avoir accepté."),
            ),
            models.CheckConstraint(
                condition=~Q(state=O.SERVICE_CONFIRMED) | Q(service_at__isnull=False),
                name="psea_service_has_date",
                violation_error_message=_("Un service reçu a une date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.state}"

    def may(self, act: str, by: Actor) -> Sentence | None:
        """None when this person may do this; else why not."""
        return assistance_refused(self.survivor.case, by)

    @transition(field=state, source=AGAIN, target=O.OFFERED)
    def offer(self, *, by: Actor, at: datetime) -> None:
        self.state_since = at
        self.offered_at = self.offered_at or at

    @transition(field=state, source=[O.OFFERED, O.DEFERRED], target=O.ACCEPTED)
    def accept(self, *, by: Actor, at: datetime, consent_by: Consent) -> None:
        self.state_since, self.consent_by = at, consent_by
        self.accepted_at = self.accepted_at or at

    @transition(field=state, source=[O.OFFERED, O.DEFERRED], target=O.DECLINED)
    def decline(self, *, by: Actor, at: datetime) -> None:
        self.state_since = at

    @transition(field=state, source=O.OFFERED, target=O.DEFERRED)
    def defer(self, *, by: Actor, at: datetime) -> None:
        self.state_since = at

    @transition(field=state, source=[O.ACCEPTED, O.SERVICE_FAILED], target=O.REFERRED)
    def refer(self, *, by: Actor, at: datetime) -> None:
        self.state_since = at
        self.referred_at = self.referred_at or at

    @transition(field=state, source=O.REFERRED, target=O.SERVICE_CONFIRMED)
    def confirm_service(self, *, by: Actor, at: datetime) -> None:
        self.state_since = self.service_at = at

    @transition(field=state, source=O.REFERRED, target=O.SERVICE_FAILED)
    def fail_service(self, *, by: Actor, at: datetime) -> None:
        self.state_since = at

    @transition(field=state, source=[O.OFFERED, O.DEFERRED, O.ACCEPTED, O.REFERRED], target=O.WITHDRAWN)
    def withdraw(self, *, by: Actor, at: datetime) -> None:
        self.state_since = at

    @transition(field=state, source=[O.TO_OFFER, O.OFFERED, O.DEFERRED, O.ACCEPTED], target=O.UNREACHABLE)
    def mark_unreachable(self, *, by: Actor, at: datetime) -> None:
        self.state_since = at

    @transition(field=state, source=[O.TO_OFFER, O.OFFERED, O.DEFERRED, O.ACCEPTED], target=O.UNSAFE_TO_CONTACT)
    def mark_unsafe(self, *, by: Actor, at: datetime) -> None:
        self.state_since = at
