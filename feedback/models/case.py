from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from core.actors import Actor
from core.marks import MarkField
from core.sealed_models import OnlineSealed, SealedField
from core.transitions import Refused, Sentence
from directory.enums import (
    NOT_SAID,
    AgeGroup,
    Disability,
    PopulationStatus,
    RestrictedKind,
    Sector,
    Sex,
)
from directory.implicated import Implicated
from directory.languages import language_choices
from directory.models import Organisation, Place, User
from feedback.enums import (
    LIVE,
    CaseState,
    Channel,
    ClosedBecause,
    Delivery,
    Lane,
    Outcome,
    Priority,
    SafeContact,
    Settled,
    SpeakerMode,
    ToldHow,
)
from feedback.models.case_constraints import CASE_CONSTRAINTS
from feedback.models.case_permissions import HELD_THROUGH_A_REFERRAL, OF_THE_PERSON, ROLES_OF_ACT
from feedback.models.category import Category
from feedback.querysets import TO_SPEAK_WITH, UNREAD, CaseQuerySet
from feedback.references import new_reference

if TYPE_CHECKING:
    from feedback.models.message import Answer

State = CaseState
# Reasons to close that need no answer to have arrived (DESIGN §3).
WITHOUT_REACHING = (Outcome.UNREACHABLE, Outcome.NO_WAY, Outcome.NO_ANSWER_WANTED)
SET_ASIDE_REASONS = (ClosedBecause.TEST, ClosedBecause.THANKS, ClosedBecause.UNINTELLIGIBLE)
END_REASONS = (ClosedBecause.NO_ANSWER_WANTED, ClosedBecause.TEST)
# What could say who, where or about what: nothing of it stays once the vault has the matter.
LEFT_OF_A_PROTECTED_CASE: dict[str, Any] = {
    **dict.fromkeys(["summary", "sector", "code_hash", "phone_hash", "closed_because", "outcome", "settled"], ""),
    **dict.fromkeys(["receipt_hash", "category", "place", "concerned", "said_at", "due_at", "settled_at"]),
    "late_told_for": None,
    **dict.fromkeys(["entered_by", "entered_for", "triaged_by", "group_women", "group_men", "closed_at", "split_from"]),
    **dict.fromkeys(["danger_at", "danger_due_at", "danger_over_at", "to_speak_with_at", "source"]),
    **dict.fromkeys(["sex", "age_group", "disability", "population_status", "language"], NOT_SAID),
    **dict.fromkeys(["sms_may_be_read", "objects_to_sharing"], False),
    "lane": Lane.ORDINARY,
    "restricted_kind": "",
    "priority": Priority.NORMAL,
    "mode": SpeakerMode.SELF,
    "safe_contact": SafeContact.NONE,
}


class Case(FSMModelMixin, OnlineSealed):
    """What one person or group said, until they have had an answer. States: DESIGN §3.

    `received_at`: when we had it. `said_at`: when it was said, if earlier. `recorded_at`: when it was typed in.
    """

    reference = models.CharField(_("référence"), max_length=7, unique=True, default=new_reference, editable=False)
    state = FSMField(_("état"), max_length=10, choices=CaseState.choices, default=State.NEW, protected=True)
    lane = models.CharField(_("circuit"), max_length=10, choices=Lane.choices, default=Lane.ORDINARY)
    restricted_kind = models.CharField(
        _("destinataires désignés"), max_length=12, choices=RestrictedKind.choices, blank=True
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("catégorie")
    )
    priority = models.CharField(_("priorité"), max_length=10, choices=Priority.choices, default=Priority.NORMAL)
    summary = models.CharField(_("résumé neutre"), max_length=200, blank=True)
    due_at = models.DateTimeField(_("réponse attendue avant"), null=True)
    late_told_for = models.DateTimeField(null=True, editable=False)

    # What was said, and by what way.
    words = SealedField()
    place_said = SealedField()
    # How the person wishes to be named to somebody, where they said so; nobody has to.
    name = SealedField()
    contact = SealedField()
    note = SealedField()
    channel = models.CharField(_("canal"), max_length=12, choices=Channel.choices)
    mode = models.CharField(_("qui parle"), max_length=10, choices=SpeakerMode.choices, default=SpeakerMode.SELF)
    group_women = models.PositiveSmallIntegerField(_("femmes du groupe"), null=True, blank=True)
    group_men = models.PositiveSmallIntegerField(_("hommes du groupe"), null=True, blank=True)
    received_at = models.DateTimeField(_("reçu le"), db_index=True)
    said_at = models.DateTimeField(_("dit le"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("saisi le"), default=timezone.now, editable=False)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    entered_for = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recueilli par")
    )

    # Where another organisation had it first: whose system or register, and its own id there.
    source = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source")
    )
    source_reference = SealedField()

    # About what and whom.
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lieu"))
    concerned = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation concernée")
    )
    sector = models.CharField(_("secteur"), max_length=20, choices=Sector.choices, blank=True)
    sex = models.CharField(_("sexe"), max_length=10, choices=Sex.choices, default=NOT_SAID)
    age_group = models.CharField(_("âge"), max_length=10, choices=AgeGroup.choices, default=NOT_SAID)
    disability = models.CharField(_("handicap"), max_length=10, choices=Disability.choices, default=NOT_SAID)
    population_status = models.CharField(_("statut"), max_length=10, choices=PopulationStatus.choices, default=NOT_SAID)
    language = models.CharField(_("langue"), max_length=10, choices=language_choices, default=NOT_SAID)

    # How the person can be reached, and is recognised.
    safe_contact = models.CharField(
        _("moyen sûr"), max_length=10, choices=SafeContact.choices, default=SafeContact.NONE
    )
    sms_may_be_read = models.BooleanField(_("le SMS peut être lu par d'autres"), default=False)
    objects_to_sharing = models.BooleanField(_("ne veut pas que la demande soit transmise"), default=False)
    receipt_number = SealedField()
    # With the number it opens the thread on the web; what goes to the vault takes it along, for questions there.
    code = SealedField()
    receipt_hash = MarkField(max_length=64, unique=True, null=True, editable=False)
    code_hash = MarkField(max_length=64, blank=True, editable=False)
    phone_hash = MarkField(max_length=64, blank=True, db_index=True, editable=False, leads=True)
    last_spoke_at = models.DateTimeField(editable=False)
    has_unread_words = models.BooleanField(_("mots non lus"), default=True)
    settled_asked_at = models.DateTimeField(null=True, editable=False)
    # Words that suggest danger: since when, by when somebody must have called, and when somebody had.
    danger_at = models.DateTimeField(null=True, editable=False)
    danger_due_at = models.DateTimeField(_("appeler avant"), null=True, editable=False)
    danger_over_at = models.DateTimeField(null=True, editable=False)
    # They take their consent back while a service runs: somebody speaks with them before it is stopped.
    to_speak_with_at = models.DateTimeField(null=True, editable=False)
    settled_asked_again_at = models.DateTimeField(null=True, editable=False)
    failed_deliveries = models.PositiveSmallIntegerField(default=0, editable=False)
    first_failed_at = models.DateTimeField(null=True, editable=False)
    unreachable_at = models.DateTimeField(_("injoignable depuis"), null=True, editable=False)

    # What became of it.
    is_test = models.BooleanField(_("essai"), default=False)
    in_training = models.BooleanField(default=False, editable=False, help_text="said while practising: a test for good")
    triaged_at = models.DateTimeField(null=True, editable=False)
    triaged_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    first_referred_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_because = models.CharField(max_length=20, choices=ClosedBecause.choices, blank=True, editable=False)
    outcome = models.CharField(_("issue"), max_length=20, choices=Outcome.choices, blank=True)
    settled = models.CharField(_("réglé selon la personne"), max_length=10, choices=Settled.choices, blank=True)
    settled_at = models.DateTimeField(null=True, editable=False)
    reopened_at = models.DateTimeField(null=True, editable=False)
    reopen_count = models.PositiveSmallIntegerField(default=0, editable=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    merged_at = models.DateTimeField(null=True, editable=False)
    split_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    protected_at = models.DateTimeField(null=True, editable=False)
    is_tallied = models.BooleanField(default=False, editable=False, help_text="the sums of figures have taken it in")
    forgotten_at = models.DateTimeField(null=True, editable=False, help_text="its texts were destroyed: retention")

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at"]
        verbose_name = _("dossier")
        constraints = CASE_CONSTRAINTS
        indexes = [
            models.Index(fields=["state", "received_at"], name="case_queue"),
            models.Index(fields=["first_referred_at"], name="case_first_referred"),
            models.Index(fields=["received_at"], condition=models.Q(is_tallied=False), name="case_to_tally"),
            models.Index(fields=["received_at"], condition=UNREAD, name="case_unread"),
            models.Index(fields=["to_speak_with_at"], condition=TO_SPEAK_WITH, name="case_to_speak_with"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_restricted(self) -> bool:
        return bool(self.lane == Lane.RESTRICTED)

    @property
    def is_in_danger(self) -> bool:
        """Words of theirs suggest danger, and nobody has said yet that somebody called."""
        return self.danger_at is not None and self.danger_over_at is None

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def has_ended(self) -> bool:
        """Closed, or joined to a case that is over."""
        joined = self.merged_into
        if joined is None:
            return bool(self.state == State.CLOSED)
        return joined.state == State.CLOSED or joined.forgotten_at is not None

    def implicated(self) -> Implicated:
        """Who must be left out of this matter."""
        rows = list(self.implicated_rows.all())
        return Implicated(
            organisations=frozenset(row.organisation_id for row in rows if row.organisation_id),
            offices=frozenset(row.office_id for row in rows if row.office_id),
            users=frozenset(row.user_id for row in rows if row.user_id),
        )

    def classify(self, category: Category, restricted_kind: str = "") -> None:
        """`restricted_kind` may raise an ordinary category's lane; what the category asks is never lowered."""
        self.category, self.is_test = category, self.in_training or not category.is_counted
        self.restricted_kind = category.restricted_kind or restricted_kind
        self.lane = Lane.RESTRICTED if self.restricted_kind else Lane.ORDINARY

    def forget_texts(self, *, at: datetime) -> None:
        """Retention: drops what was said, and all that leads to who said it; saving is the caller's."""
        self.forget_all()
        self.summary = self.code_hash = self.phone_hash = ""
        self.receipt_hash = self.entered_by = self.triaged_by = None
        self.forgotten_at = at

    def may(self, act: str, by: Actor) -> Sentence | None:
        """None when this actor may; else why not, for the user."""
        if self.forgotten_at is not None:
            return _("Ses textes ont été détruits à la fin de leur conservation : il ne se reprend plus.")
        if by.actor_kind == "user":
            return self._may_staff(act, by)
        if by.actor_kind == "person" and act not in OF_THE_PERSON:
            return _("Seule l'équipe peut faire cela.")
        return None

    def _may_staff(self, act: str, by: Any) -> Sentence | None:
        if not by.has_role(*ROLES_OF_ACT[act]):
            return _("Votre rôle ne permet pas cet acte.")
        spares, sees = self._stands_to(by)
        if not spares:
            return _("Vous ne pouvez pas agir sur ce dossier.")
        if act in HELD_THROUGH_A_REFERRAL or sees:
            return None
        return _("Ce dossier n'est pas dans votre zone.")

    def _stands_to(self, by: Any) -> tuple[bool, bool]:
        """Whether it spares this person, and whether they see it; asked once for each row read and person."""
        known: dict[Any, tuple[bool, bool]] = self.__dict__.setdefault("_stands", {})
        if by.pk not in known:
            sees = Case.objects.visible_to(by).filter(pk=self.pk).exists()
            known[by.pk] = (self.implicated().spares(by), sees)
        return known[by.pk]

    @property
    def latest_answer(self) -> Answer | None:
        return self.answers.order_by("-given_at", "-recorded_at").first()

    def answer_reached(self, at: datetime) -> bool:
        """Whether the last answer counts as having reached the person at that moment (DESIGN §3)."""
        answer = self.latest_answer
        if answer is None or answer.told_how == ToldHow.NOT_YET:
            return False
        if answer.delivery in (Delivery.DELIVERED, Delivery.TOLD, Delivery.READABLE):
            return True
        if answer.delivery != Delivery.SENT or answer.delivery_at is None:
            return False
        stands_after = timedelta(hours=settings.ANSWER_STANDS_HOURS)
        return answer.delivery_at + stands_after <= at

    def note_reached(self) -> list[str]:
        """The person is reachable after all: what counted against it is over. Out: the fields to be saved."""
        self.failed_deliveries, self.first_failed_at, self.unreachable_at = 0, None, None
        return ["failed_deliveries", "first_failed_at", "unreachable_at"]

    # -- the table of DESIGN §3: each transition guards and stamps its own fields ----------------------------------

    @transition("state", [State.NEW, State.REOPENED], State.TRIAGED)
    def triage(
        self,
        *,
        by: Actor,
        at: datetime,
        category: Category,
        summary: str,
        restricted_kind: str = "",
        about: Mapping[str, Any] | None = None,
    ) -> None:
        """`about`: the other fields that the triager filled in. The lane follows from `classify`."""
        if category.is_vault:
            raise Refused(_("L'exploitation et les abus sexuels ne se trient pas ici : protégez ce dossier."))
        if not summary.strip():
            raise Refused(_("Écrivez un résumé neutre d'une ligne."))
        for name, value in (about or {}).items():
            setattr(self, name, value)
        self.summary = summary.strip()
        self.classify(category, restricted_kind)
        self.triaged_at, self.triaged_by = at, by if isinstance(by, User) else None
        self.has_unread_words = False

    @transition("state", State.NEW, State.CLOSED)
    def set_aside(self, *, by: Actor, at: datetime, because: str) -> None:
        """A test, a thank-you, or what nobody can read. A thank-you closes as wanting no answer."""
        self._end(at, because, SET_ASIDE_REASONS)

    @transition("state", State.TRIAGED, State.CLOSED)
    def end_without_answer(self, *, by: Actor, at: datetime, because: str) -> None:
        self._end(at, because, END_REASONS)

    @transition("state", State.TRIAGED, State.REFERRED)
    def refer(self, *, by: Actor, at: datetime) -> None:
        if self.objects_to_sharing:
            raise Refused(_("La personne ne veut pas que sa demande soit transmise."))
        self.first_referred_at = self.first_referred_at or at

    @transition("state", State.REFERRED, State.TRIAGED)
    def back_to_triage(self, *, by: Actor, at: datetime) -> None:
        """Every referral was refused, recalled or unsuccessful."""

    @transition("state", [State.TRIAGED, State.REFERRED], State.ANSWERED)
    def answer(self, *, by: Actor, at: datetime) -> None:
        if self.latest_answer is None:
            raise Refused(_("Écrivez d'abord la réponse."))
        self.answered_at = at

    @transition("state", State.ANSWERED, State.CLOSED)
    def close(self, *, by: Actor, at: datetime, outcome: str) -> None:
        if outcome not in Outcome.values:
            raise Refused(_("Choisissez une issue."))
        if outcome not in WITHOUT_REACHING and not self.answer_reached(at):
            raise Refused(_("La réponse n'a pas encore atteint la personne."))
        self.closed_at, self.closed_because, self.outcome = at, ClosedBecause.ANSWERED, outcome

    @transition("state", State.CLOSED, State.REOPENED)
    def reopen(self, *, by: Actor, at: datetime) -> None:
        self.closed_at, self.closed_because, self.outcome = None, "", ""
        self.settled_asked_at = self.settled_asked_again_at = None
        self.reopened_at, self.late_told_for = at, None
        self.reopen_count += 1

    @transition("state", LIVE, State.MERGED)
    def merge(self, *, by: Actor, at: datetime, into: Case) -> None:
        if into.pk == self.pk or not into.is_live:
            raise Refused(_("Choisissez un autre dossier, encore ouvert."))
        if self.is_restricted and into.restricted_kind != self.restricted_kind:
            raise Refused(_("Les deux dossiers doivent avoir les mêmes destinataires."))
        self.merged_into, self.merged_at = into, at

    @transition("state", [*LIVE, State.CLOSED, State.MERGED], State.PROTECTED)
    def protect(self, *, by: Actor, at: datetime) -> None:
        """Once it stands in the vault: nothing of it stays here but a bare number for past counts."""
        self.forget_all()
        for name, nothing in LEFT_OF_A_PROTECTED_CASE.items():
            setattr(self, name, nothing)
        self.protected_at = at
        self.has_unread_words = False

    def _end(self, at: datetime, because: str, allowed: tuple[ClosedBecause, ...]) -> None:
        if because not in allowed:
            raise Refused(_("Choisissez pourquoi ce dossier se clôt sans réponse."))
        self.closed_at, self.closed_because = at, because
        self.outcome = Outcome.NO_ANSWER_WANTED if because != ClosedBecause.TEST else ""
        self.is_test = self.in_training or because == ClosedBecause.TEST
        self.has_unread_words = False
