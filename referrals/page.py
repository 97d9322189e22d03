"""What the page of one referral shows, and which acts it offers: the same answer drives button, view and API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.transitions import Sentence, why_not
from directory.enums import NOT_SAID
from directory.models import User
from feedback.enums import Lane
from feedback.models import Case
from referrals.actions.asking import is_asking_consent, why_not_ask_consent
from referrals.actions.handover import why_not_assign
from referrals.actions.notes import why_not_note
from referrals.actions.pausing import why_not_pause, why_not_resume
from referrals.actions.protecting import why_not_protect
from referrals.actions.receiving import NOT_YET_RECEIVED
from referrals.deadlines import rule_for
from referrals.disclosure import disclosed, person_of
from referrals.enums import TO_ANSWER, ReferralState, Side
from referrals.exchange.showing import exchange_of
from referrals.files import Shown, shown_to, waits_for_acceptance, why_not_attach
from referrals.forms import acts as forms
from referrals.forms.acts import ActForm
from referrals.forms.files import FileForm
from referrals.kept_beside import files_of, notes_of
from referrals.models import Referral
from referrals.models.machine import CAN_BE_REFERRED
from referrals.timeline import Event, chain_of, timeline_of


@dataclass(frozen=True)
class Act:
    """One act: its form, how its button reads, whether it is one of the four that stand in front, and their key."""

    name: str
    label: Promise
    form: type[ActForm]
    side: Side
    is_main: bool = False
    is_plain: bool = False
    key: str = ""


R, S = Side.RECEIVER, Side.SENDER
ACTS = (
    Act("accept", _("Accepter"), forms.AcceptForm, R, is_main=True, key="a"),
    Act("ask", _("Demander un complément"), forms.AskForm, R, is_main=True, key="q"),
    Act("answer", _("Répondre"), forms.AnswerForm, R, is_main=True, key="r"),
    Act("receive", _("Accuser réception"), forms.PlainForm, R, is_plain=True),
    Act("start", _("Commencer le traitement"), forms.PlainForm, R, is_plain=True),
    Act("pause", _("Mettre en pause"), forms.PauseForm, R),
    Act("resume", _("Reprendre"), forms.PlainForm, R, is_main=True, is_plain=True),
    Act("assign", _("Confier à quelqu’un d’autre"), forms.AssignForm, R),
    Act("reply", _("Répondre à la question"), forms.ReplyForm, S, is_main=True),
    Act("feed_back", _("Noter le retour à la personne"), forms.FeedBackForm, S, is_main=True),
    Act("close", _("Clore"), forms.CloseForm, S),
    Act("reopen", _("Rouvrir"), forms.ReopenForm, S),
    Act("recall", _("Retirer"), forms.RecallForm, S),
)
# Acts that change no state have their own answer to whether they can be done
OWN_REASONS = {"pause": why_not_pause, "resume": why_not_resume, "assign": why_not_assign}
BY_NAME = {act.name: act for act in ACTS}
WHY: dict[tuple[str, ReferralState], Sentence] = {
    ("accept", ReferralState.ACCEPTED): _("c’est déjà fait."),
    ("accept", ReferralState.IN_PROGRESS): _("c’est déjà fait."),
    ("ask", ReferralState.INFO_REQUESTED): _("votre question attend la réponse de l’émetteur."),
    ("ask", ReferralState.ACCEPTED): _("écrivez plutôt un message, ci-dessous."),
    ("ask", ReferralState.IN_PROGRESS): _("écrivez plutôt un message, ci-dessous."),
    ("answer", ReferralState.INFO_REQUESTED): _("acceptez d’abord, ou attendez la réponse à votre question."),
}
RECEIVER_ALWAYS = ("accept", "refuse", "ask", "answer")


@dataclass
class Offer:
    """An act for this reader now: its form, or why it cannot be done."""

    act: Act
    form: ActForm
    why_not: Sentence | None

    @property
    def is_open(self) -> bool:
        return self.why_not is None


def offers_for(referral: Referral, user: User, bound: ActForm | None = None) -> list[Offer]:
    """Acts of the reader's sides: those that can be done, and the receiver's main ones with why they cannot."""
    sides = Referral.objects.sides_of(referral, user)
    found = [_offer(referral, user, act, bound) for act in ACTS if _is_theirs(act, referral, sides)]
    return [offer for offer in found if offer.is_open or (offer.act.name in RECEIVER_ALWAYS and _is_live(referral))]


def page_context(referral: Referral, user: User, bound: ActForm | None = None) -> dict[str, Any]:
    """Everything the template shows to this reader."""
    sides = Referral.objects.sides_of(referral, user)
    seen = disclosed(referral, sides)
    offers = offers_for(referral, user, bound)
    clock = referral.running_clock
    files = shown_to(referral, sides)
    can_forward = S in sides and can_go_on(referral)
    return {
        "referral": referral,
        "case": referral.case if seen.matter else None,
        "case_visible": S in sides and Case.objects.visible_to(user).filter(pk=referral.case_id).exists(),
        "is_sender": S in sides,
        "is_receiver": R in sides,
        "seen": seen,
        "asked": referral.unsealed("request") if seen.matter else "",
        "person": person_of(referral, seen),
        "profile": profile_of(referral.case) if seen.matter else "",
        "answer_words": referral.unsealed("answer_words") if seen.matter else "",
        "speak_first": S in sides and referral.case.to_speak_with_at is not None and referral.state in TO_ANSWER,
        "ask_consent": forms.AskConsentForm(referral=referral)
        if S in sides and why_not_ask_consent(referral) is None
        else None,
        "asked_consent": S in sides and is_asking_consent(referral),
        "main": [offer for offer in offers if offer.act.is_main],
        "primary": "" if can_forward else next((o.act.name for o in offers if o.act.is_main and o.is_open), ""),
        "more": [offer for offer in offers if not offer.act.is_main],
        "refuse_why": why_not(referral, "refuse", user) if R in sides else "",
        "can_forward": can_forward,
        "is_printed": is_printed(referral),
        "exchange": exchange_of(referral),
        "sheet_replies": _by_sheet(referral) if S in sides and seen.matter else [],
        "say": forms.SayForm(referral=referral) if _is_live(referral) else None,
        "protect": {"form": forms.PlainForm(referral=referral)} if why_not_protect(referral, user) is None else None,
        "note": forms.NoteForm(referral=referral) if why_not_note(referral, user) is None else None,
        "files": files,
        "attach": FileForm(referral=referral, user=user) if why_not_attach(referral, sides) is None else None,
        "files_wait": waits_for_acceptance(referral, sides),
        "events": _whole_life(referral, user, files),
        "chain": chain_of(referral),
        "rule": str(rule_for(referral, clock) or "") if clock else "",
    }


def _whole_life(referral: Referral, user: User, files: list[Shown]) -> list[Event]:
    """Newest first; with the notes that are for this reader's organisation alone."""
    events = [*timeline_of(referral), *files_of(referral, files), *notes_of(referral, user)]
    return sorted(events, key=lambda event: event["when"])[::-1]


def _offer(referral: Referral, user: User, act: Act, bound: ActForm | None) -> Offer:
    form = bound if isinstance(bound, act.form) else act.form(referral=referral)
    # Asking implies receiving, where that was not done yet.
    implied = act.name == "ask" and referral.state in NOT_YET_RECEIVED
    own = OWN_REASONS.get(act.name)
    reason = own(referral, user) if own is not None else why_not(referral, "receive" if implied else act.name, user)
    return Offer(act, form, reason and _plainer(referral, act.name, reason))


def _plainer(referral: Referral, act: str, reason: Sentence) -> Sentence:
    """Why a main act cannot be done, by where the referral stands."""
    return WHY.get((act, ReferralState(referral.state)), reason)


def _is_theirs(act: Act, referral: Referral, sides: frozenset[Side]) -> bool:
    side = Side(referral.teller) if act.name == "feed_back" else act.side
    return side in sides


def _is_live(referral: Referral) -> bool:
    return referral.running_clock is not None and referral.withdrawn_at is None


def _by_sheet(referral: Referral) -> list[dict[str, Any]]:
    """What waits of what was said by the square of its sheet, opened for the sender's people."""
    rows = referral.sheet_replies.filter(decided_at=None) if referral.is_on_paper else []
    return [{"row": row, "name": row.unsealed("name"), "words": row.unsealed("words")} for row in rows]


def can_go_on(referral: Referral) -> bool:
    """Whether the sender may send the case on to somebody else after this one."""
    came_back = referral.state in (ReferralState.REFUSED, ReferralState.RECALLED)
    return came_back and referral.withdrawn_at is None and referral.case.state in CAN_BE_REFERRED


def profile_of(case: Case) -> str:
    """What is known of the person, without who they are: only what was communicated."""
    fields = ("sex", "age_group", "disability", "population_status", "language")
    said = [getattr(case, f"get_{name}_display")() for name in fields if getattr(case, name) != NOT_SAID]
    return " · ".join(str(label) for label in said) or str(_("non communiqué"))


def is_printed(referral: Referral) -> bool:
    """Whether a sheet exists: of ordinary matters that were sent and not taken back.

    A restricted matter is handed over by voice or on its pathway's own form (DESIGN §4).
    """
    is_out = referral.shown_state not in (ReferralState.DRAFT, ReferralState.RECALLED)
    return referral.case.lane == Lane.ORDINARY and is_out
