from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin

from core.sealed_models import OnlineSealed, SealedField
from directory.enums import ServiceType
from directory.models import Office, Organisation, Place
from feedback.enums import AnswerKind, Priority, Settled, ToldHow
from feedback.models import Case, CaseMessage
from referrals import enums
from referrals.enums import LIVE, TO_ACCEPT, TO_ANSWER, Clock, Level, ReferralState, Side, Teller
from referrals.models.consent import Consent
from referrals.models.constraints import CONSTRAINTS
from referrals.models.machine import ReferralMachine
from referrals.models.peer import Peer
from referrals.querysets import ANSWERED, COME_BACK, TO_ERASE, ReferralQuerySet
from referrals.references import new_reference

if TYPE_CHECKING:
    from core.actors import Actor
    from core.transitions import Sentence


class Referral(FSMModelMixin, ReferralMachine, OnlineSealed):
    """A case handed from one organisation to another. Names are kept as they were at the time."""

    locked_after = "case"

    reference = models.CharField(_("référence"), max_length=12, unique=True, default=new_reference, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="referrals", verbose_name=_("dossier"))
    previous = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="next_hops")
    cycle = models.PositiveSmallIntegerField(_("tour"), default=1)

    sender = models.ForeignKey(Organisation, models.PROTECT, related_name="referrals_sent")
    sender_office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+")
    sender_name = models.CharField(_("émetteur"), max_length=250)
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="referrals_received")
    receiver_office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+")
    receiver_name = models.CharField(_("destinataire"), max_length=250)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsable")
    )
    stands_in_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="who is away, and whose it is again on their return",
    )

    is_on_paper = models.BooleanField(_("par papier ou téléphone"), default=False)
    # Renewed when a sheet is lost: the address behind its square is made of it.
    sheet_number = models.PositiveSmallIntegerField(default=1, editable=False)
    # Exchanged with another installation: which side of it is there, and how it is named there.
    peer = models.ForeignKey(Peer, models.PROTECT, null=True, blank=True, editable=False, related_name="referrals")
    peer_holds = models.CharField(max_length=10, choices=Side.choices, blank=True, editable=False)
    peer_ref = models.CharField(max_length=64, blank=True, editable=False, help_text="its id there")
    peer_reference = models.CharField(_("référence là-bas"), max_length=20, blank=True, editable=False)

    level = models.CharField(_("niveau"), max_length=1, choices=Level.choices, default=Level.MATTER)
    consent = models.ForeignKey(Consent, models.SET_NULL, null=True, blank=True, related_name="referrals")
    consent_question = models.ForeignKey(CaseMessage, models.SET_NULL, null=True, editable=False, related_name="+")
    priority = models.CharField(_("priorité"), max_length=12, choices=Priority.choices, default=Priority.NORMAL)
    teller = models.CharField(_("qui le dit à la personne"), max_length=10, choices=Teller.choices, default="sender")
    category_code = models.CharField(_("catégorie"), max_length=40)
    category_label = models.CharField(_("libellé"), max_length=160)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lieu"))
    service_wanted = models.CharField(_("service demandé"), max_length=30, choices=ServiceType.choices, blank=True)
    summary = models.CharField(_("résumé neutre"), max_length=200, blank=True)

    request = SealedField()
    answer_words = SealedField()
    note = SealedField()

    state = FSMField(choices=ReferralState.choices, default=ReferralState.DRAFT, protected=True)
    created_at = models.DateTimeField(auto_now_add=True)
    first_sent_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("envoyé le"), null=True)
    received_at = models.DateTimeField(_("reçu le"), null=True)
    accepted_at = models.DateTimeField(_("accepté le"), null=True)
    started_at = models.DateTimeField(_("commencé le"), null=True)
    answered_at = models.DateTimeField(_("répondu le"), null=True)
    refused_at = models.DateTimeField(_("refusé le"), null=True)
    recalled_at = models.DateTimeField(_("retiré le"), null=True)
    fed_back_at = models.DateTimeField(_("retour fait le"), null=True)
    closed_at = models.DateTimeField(_("clos le"), null=True)
    reopened_at = models.DateTimeField(_("rouvert le"), null=True)
    paused_at = models.DateTimeField(_("en pause depuis"), null=True)
    accept_by = models.DateTimeField(_("à accepter avant"), null=True)
    answer_by = models.DateTimeField(_("réponse attendue avant"), null=True)

    answer_kind = models.CharField(_("type de réponse"), max_length=20, choices=AnswerKind.choices, blank=True)
    unsuccessful_reason = models.CharField(_("motif"), max_length=30, choices=enums.NonSuccess.choices, blank=True)
    refusal_code = models.CharField(_("motif du refus"), max_length=20, choices=enums.Refusal.choices, blank=True)
    competent = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    recall_reason = models.CharField(
        _("motif du retrait"), max_length=20, choices=enums.RecallReason.choices, blank=True
    )
    reopen_reason = models.CharField(_("motif"), max_length=20, choices=enums.ReopenReason.choices, blank=True)
    outcome = models.CharField(_("issue"), max_length=20, choices=enums.CloseOutcome.choices, blank=True)
    told_how = models.CharField(_("moyen"), max_length=12, choices=ToldHow.choices, blank=True)
    satisfaction = models.CharField(_("satisfaction"), max_length=10, choices=Settled.choices, blank=True)
    # Set when all of it was taken back whatever its state; it then reads as recalled, and holds no text.
    withdrawn_at = models.DateTimeField(null=True)
    # Of a case that was protected: for whom it is kept, where not for those of ordinary matters.
    kept_for = models.CharField(max_length=12, blank=True, default="", db_default="", editable=False)
    erasure_asked_at = models.DateTimeField(null=True)
    erasure_confirmed_at = models.DateTimeField(null=True)

    objects: ClassVar[ReferralQuerySet] = ReferralQuerySet.as_manager()  # type: ignore[assignment]  # queryset's methods

    class Meta:
        ordering = ["-sent_at"]
        verbose_name = _("référencement")
        constraints = CONSTRAINTS
        indexes = [
            models.Index(fields=["receiver", "state", "answer_by"], name="referral_to_do"),
            models.Index(fields=["sender", "state"], name="referral_sent_by"),
            models.Index(fields=["case", "first_sent_at"], name="referral_of_case"),
            models.Index(fields=["first_sent_at"], name="referral_first_sent"),
            models.Index(fields=["receiver", "-answered_at"], condition=ANSWERED, name="referral_last_answer"),
            models.Index(fields=["receiver"], condition=TO_ERASE, name="referral_to_erase"),
            # What waits, in the order of "Pour moi" (referrals/groups).
            models.Index(fields=["receiver", "accept_by"], condition=Q(state__in=TO_ACCEPT), name="referral_to_accept"),
            models.Index(fields=["receiver", "answer_by"], condition=Q(state__in=TO_ANSWER), name="referral_to_answer"),
            models.Index(fields=["sender", "answer_by"], condition=Q(state__in=LIVE), name="referral_with_others"),
            models.Index(fields=["sender", "state", "sent_at"], condition=COME_BACK, name="referral_come_back"),
        ]

    def __str__(self) -> str:
        return self.reference

    def may(self, act: str, by: Actor) -> Sentence | None:
        """None when the actor's side may do this act; else why not."""
        return Referral.objects.why_may_not(self, act, by)

    @property
    def is_elsewhere(self) -> bool:
        """Its receiver works in another installation: who is responsible there is not known here."""
        return bool(self.peer_holds == Side.RECEIVER)

    @property
    def shown_state(self) -> ReferralState:
        """What the badge says: whatever was withdrawn reads as withdrawn."""
        return ReferralState.RECALLED if self.withdrawn_at else ReferralState(self.state)

    @property
    def running_clock(self) -> Clock | None:
        """Which commitment is running now, if any."""
        if self.state in TO_ACCEPT:
            return Clock.ACCEPT
        return Clock.ANSWER if self.state in LIVE else None

    @property
    def due_at(self) -> datetime | None:
        """When the running commitment ends; None while it is paused."""
        if self.paused_at is not None:
            return None
        return {Clock.ACCEPT: self.accept_by, Clock.ANSWER: self.answer_by, None: None}[self.running_clock]

    @property
    def is_late(self) -> bool:
        """Computed from the clock; never a state."""
        return self.due_at is not None and self.due_at < timezone.now()

    def forget_texts(self) -> None:
        """Drops every text of this row; saving is the caller's."""
        self.forget_all()
        self.summary = ""

    def stamp(self, **dates: Any) -> None:
        """Sets several fields at once."""
        for name, value in dates.items():
            setattr(self, name, value)
