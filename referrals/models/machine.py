"""The states of a referral and what each act needs: the table of DESIGN §3.

A transition guards on facts and stamps its own fields. Locking, permission, saving, reactions and audit
are `core.transitions.move`'s; what follows for others is `referrals.actions`'.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from core.actors import Actor
from core.transitions import Refused
from feedback.enums import AnswerKind, CaseState
from referrals.enums import LIVE, CloseOutcome, ConsentStatus, Level, ReferralState, Teller

if TYPE_CHECKING:
    from directory.models import Organisation, User
    from referrals.models.referral import Referral

_S = ReferralState

WAITING = [_S.SENT, _S.RECEIVED, _S.INFO_REQUESTED, _S.REOPENED]
UNDER_WAY = [_S.ACCEPTED, _S.IN_PROGRESS]
# From `answered` a referral is closed without feedback only when there is nobody to tell.
NOBODY_TO_TELL = (CloseOutcome.UNREACHABLE, CloseOutcome.NO_ANSWER_WANTED)
CAN_BE_REFERRED = (CaseState.TRIAGED, CaseState.REFERRED)


class ReferralMachine(models.Model):
    """The transitions. Sender S, receiver R; "reopened" is to R as "sent" is."""

    class Meta:
        abstract = True

    @transition(field="state", source=_S.DRAFT, target=_S.SENT)
    def send(self: Referral, *, by: Actor, at: datetime, accept_by: datetime, answer_by: datetime) -> None:
        """S. Needs a neutral summary, a referable case, consent for level 2. The clock starts."""
        _can_be_sent(self, at)
        self.stamp(first_sent_at=at, sent_at=at, accept_by=accept_by, answer_by=answer_by)

    @transition(field="state", source=[_S.SENT, _S.REOPENED], target=_S.RECEIVED)
    def receive(self: Referral, *, by: Actor, at: datetime) -> None:
        """R. Explicit, or implied by R's first act; looking is not receiving."""
        self.stamp(received_at=at)

    @transition(field="state", source=WAITING, target=_S.ACCEPTED)
    def accept(self: Referral, *, by: Actor, at: datetime, responsible: User | None) -> None:
        """R. Needs a responsible person of the receiver; on paper, of the sender, who follows it; elsewhere, nobody."""
        if self.is_elsewhere:
            self.stamp(received_at=self.received_at or at, accepted_at=at)
            return
        side = self.sender_id if self.is_on_paper else self.receiver_id
        if responsible is None or responsible.organisation_id != side or not responsible.is_active:
            raise Refused(_("Nommez une personne responsable dans votre organisation."))
        self.stamp(received_at=self.received_at or at, accepted_at=at, responsible=responsible)

    @transition(field="state", source=_S.RECEIVED, target=_S.INFO_REQUESTED)
    def ask(self: Referral, *, by: Actor, at: datetime) -> None:
        """R. The question is a message of the thread; the clock goes on."""

    @transition(field="state", source=_S.INFO_REQUESTED, target=_S.RECEIVED)
    def reply(self: Referral, *, by: Actor, at: datetime) -> None:
        """S. The reply is a message of the thread."""

    @transition(field="state", source=[*WAITING, *UNDER_WAY], target=_S.REFUSED)
    def refuse(
        self: Referral, *, by: Actor, at: datetime, code: str, competent: Organisation | None = None, note: str = ""
    ) -> None:
        """R. "Not us": a coded reason, and who is competent if known."""
        if not code:
            raise Refused(_("Dites pourquoi ce n’est pas pour vous."))
        self.stamp(received_at=self.received_at or at, refused_at=at, refusal_code=code, competent=competent)
        self.seal(note=note)

    @transition(field="state", source=_S.ACCEPTED, target=_S.IN_PROGRESS)
    def start(self: Referral, *, by: Actor, at: datetime) -> None:
        """R, optional."""
        self.stamp(started_at=at)

    @transition(field="state", source=[_S.SENT, _S.RECEIVED, _S.REOPENED, *UNDER_WAY], target=_S.ANSWERED)
    def answer(self: Referral, *, by: Actor, at: datetime, kind: str, words: str = "", reason: str = "") -> None:
        """R. A kind; words for the person, or why it came to nothing. Fills the dates it skipped."""
        _has_its_words(kind, words, reason)
        self.stamp(
            received_at=self.received_at or at,
            accepted_at=self.accepted_at or at,
            answered_at=at,
            answer_kind=kind,
            unsuccessful_reason=reason if kind == AnswerKind.UNSUCCESSFUL else "",
        )
        self.seal(answer_words=words)

    @transition(field="state", source=_S.ANSWERED, target=_S.FED_BACK)
    def feed_back(self: Referral, *, by: Actor, at: datetime, how: str, satisfaction: str = "") -> None:
        """Whoever was named to tell the person: how, and what they said of it."""
        if not how:
            raise Refused(_("Dites comment la personne a été informée."))
        self.stamp(fed_back_at=at, told_how=how, satisfaction=satisfaction)

    @transition(field="state", source=[*WAITING, *UNDER_WAY], target=_S.RECALLED)
    def recall(self: Referral, *, by: Actor, at: datetime, reason: str) -> None:
        """S, or a reaction. Works whatever became of R's people."""
        if not reason:
            raise Refused(_("Dites pourquoi vous retirez ce référencement."))
        self.stamp(recalled_at=at, recall_reason=reason)

    @transition(field="state", source=[_S.FED_BACK, _S.ANSWERED, _S.REFUSED], target=_S.CLOSED)
    def close(self: Referral, *, by: Actor, at: datetime, outcome: str) -> None:
        """S. An outcome; before feedback only when there is nobody to tell."""
        _can_be_closed(self, outcome)
        self.stamp(closed_at=at, outcome=outcome)

    @transition(field="state", source=[_S.ANSWERED, _S.FED_BACK, _S.CLOSED], target=_S.REOPENED)
    def reopen(
        self: Referral, *, by: Actor, at: datetime, reason: str, accept_by: datetime, answer_by: datetime
    ) -> None:
        """S or the person. A new cycle and clock; the action keeps the old one."""
        if not reason:
            raise Refused(_("Dites pourquoi vous rouvrez ce référencement."))
        if self.case.objects_to_sharing:
            raise Refused(_("La personne ne veut pas que sa demande soit transmise."))
        if self.case.state == CaseState.MERGED:
            raise Refused(_("Ce dossier a été réuni à un autre : c’est l’autre qui se réfère."))
        self.stamp(**_FRESH_CYCLE, cycle=self.cycle + 1, reopened_at=at, reopen_reason=reason)
        self.stamp(sent_at=at, accept_by=accept_by, answer_by=answer_by)
        self.forget("answer_words", "note")


_FRESH_CYCLE: dict[str, Any] = {
    **dict.fromkeys(
        ["received_at", "accepted_at", "started_at", "answered_at", "refused_at", "fed_back_at", "closed_at"]
    ),
    **dict.fromkeys(["answer_kind", "unsuccessful_reason", "refusal_code", "outcome", "told_how", "satisfaction"], ""),
    "competent": None,
    "responsible": None,
    "stands_in_for": None,
}


def live_states() -> list[str]:
    """The states in which R still has something to do, as stored."""
    return [state.value for state in LIVE]


def _can_be_sent(referral: Referral, at: datetime) -> None:
    if referral.case.state not in CAN_BE_REFERRED:
        raise Refused(_("Ce dossier doit être trié avant d’être référé."))
    if not referral.summary.strip():
        raise Refused(_("Écrivez d’abord le résumé neutre du dossier."))
    if referral.case.objects_to_sharing:
        raise Refused(_("La personne ne veut pas que sa demande soit transmise."))
    consent = referral.consent
    if consent is not None and consent.status == ConsentStatus.REFUSED and not consent.scope_matter:
        raise Refused(_("La personne s’oppose à ce que ce destinataire soit informé."))
    if referral.level == Level.PERSON and (consent is None or not consent.allows_person(at)):
        raise Refused(_("Le niveau 2 demande l’accord de la personne pour ce destinataire."))
    if referral.teller == Teller.RECEIVER and (consent is None or not consent.scope_contact):
        raise Refused(_("Pour que le destinataire informe la personne, elle doit lui avoir permis de la joindre."))


def _has_its_words(kind: str, words: str, reason: str) -> None:
    if kind not in AnswerKind.values:
        raise Refused(_("Choisissez le type de réponse."))
    if kind == AnswerKind.UNSUCCESSFUL and not reason:
        raise Refused(_("Dites pourquoi cela n’a pas abouti."))
    if kind != AnswerKind.UNSUCCESSFUL and not words.strip():
        raise Refused(_("Écrivez ce qui sera dit à la personne."))


def _can_be_closed(referral: Referral, outcome: str) -> None:
    if outcome not in CloseOutcome.values:
        raise Refused(_("Dites comment cela s’est terminé."))
    if referral.state == _S.ANSWERED and outcome not in NOBODY_TO_TELL:
        raise Refused(_("La personne n’a pas encore été informée de la réponse."))
    if referral.state == _S.REFUSED and outcome == CloseOutcome.SUCCESSFUL:
        raise Refused(_("Un référencement refusé ne peut pas être clos comme abouti."))
