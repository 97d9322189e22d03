"""What the page of one open case needs, at the desk and on its own page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.access import confidential_read
from directory.languages import UNNAMED
from directory.models import User
from directory.roles import Role
from feedback.actions.reach import HAS_ITS_ANSWER
from feedback.actions.short_questions import questions_to_ask
from feedback.acts import Act, form_of, offered
from feedback.bringing import can_be_asked, phone_of, sms_is_welcome, words_may_go_by_sms
from feedback.duplicates import likely_duplicates
from feedback.enums import CaseState, Delivery, MessageDirection, ToldHow
from feedback.models import Case
from feedback.outgoing import has_stopped, is_silenced
from feedback.queue import is_late
from feedback.reading import decidable_by, may_read_words, recordings_of
from feedback.timeline import joined_to
from referrals.case_life import hops_of

WHO_ACTS: dict[str, str | Promise] = {
    CaseState.NEW: _("L’équipe d’écoute : trier"),
    CaseState.REOPENED: _("L’équipe d’écoute : trier de nouveau"),
    CaseState.TRIAGED: _("L’équipe d’écoute : répondre ou référer"),
    CaseState.REFERRED: _("L’organisation saisie : répondre"),
    CaseState.ANSWERED: _("L’équipe d’écoute : clore"),
}
# Once it is referred or answered, a duplicate is no longer to be looked for.
COMPARED = (CaseState.NEW, CaseState.REOPENED, CaseState.TRIAGED)
WHEN_IT_MAKES_SENSE: dict[str, Callable[[Case], bool]] = {
    "ask": can_be_asked,
    "ask-short": lambda case: bool(questions_to_ask(case)),
    "danger-over": lambda case: case.is_in_danger,
    "spoken": lambda case: case.to_speak_with_at is not None,
    "withdraw": lambda case: not case.objects_to_sharing,
}
IMPLICATED = tuple(f"implicated_rows__{name}" for name in ("organisation", "office__organisation", "user"))
TO_TELL = _("L’équipe d’écoute : dire la réponse à la personne")


@dataclass
class Offer:
    """One act on the page, with its form; open, or folded until asked for."""

    act: Act
    form: Any
    is_open: bool = False


@dataclass(frozen=True)
class NewWords:
    """One thing that the person said on a case that was there already, and that nobody has read."""

    pk: UUID
    words: str
    channel: str
    at: datetime


def pane(case: Case, user: User, *, typed: tuple[Act, Any] | None = None) -> dict[str, Any]:
    """Context of `cases/_open.html`. `typed`: a form that came back, shown whatever the state has become."""
    if case.is_restricted:
        confidential_read(case, by=user)
    prefetch_related_objects([case], *IMPLICATED)
    answer = case.latest_answer
    reads_words = may_read_words(case, user)
    wants_no_sms = reads_words and has_stopped(phone_of(case))
    untold = answer is not None and (answer.told_how == ToldHow.NOT_YET or answer.delivery == Delivery.FAILED)
    acts = [act for act in offered(case, user) if _makes_sense(act, case, untold=untold)]
    if typed is not None and typed[0] not in acts:
        acts = [typed[0], *acts]
    offers = {act.name: Offer(act, typed[1] if typed and typed[0] is act else form_of(act, case)) for act in acts}
    joined = joined_to(case, user)
    return {
        "case": case,
        "joined": joined,
        "state": CaseState(case.state),
        "is_late": is_late(case),
        "reads_words": reads_words,
        "words": case.unsealed("words") if reads_words else "",
        "words_language": "" if case.language in UNNAMED else case.language,
        "new_words": _new_words(case) if reads_words and case.has_unread_words else [],
        "recordings": recordings_of(case) if reads_words else [],
        "data_requests": decidable_by(user).waiting().filter(case=case) if reads_words else [],
        "may_note_request": case.forgotten_at is None,
        "place_said": case.unsealed("place_said") if reads_words else "",
        "note": case.unsealed("note") if reads_words else "",
        "source_reference": case.unsealed("source_reference") if reads_words else "",
        "hops": hops_of(case, user, joined),
        "answer": answer,
        "answer_words": answer.unsealed("words") if answer is not None else "",
        "answer_delivery": Delivery(answer.delivery) if answer is not None else None,
        "who_acts": TO_TELL if untold and case.state in HAS_ITS_ANSWER else WHO_ACTS.get(case.state, ""),
        "implicated": [str(row) for row in case.implicated_rows.all()],
        "duplicates": likely_duplicates(case, user) if reads_words and case.state in COMPARED else [],
        "split_links": _split_links(case, user),
        "may_split": reads_words and case.is_live and case.may("triage", user) is None,
        "protect": offers.pop("protect", None),
        "triage": offers.pop("triage", None),
        "offers": _with_the_next_step_open(list(offers.values()), untold),
        "may_refer": case.state in (CaseState.TRIAGED, CaseState.REFERRED) and case.may("refer", user) is None,
        "has_contact": (case.contact is not None or case.name is not None) and reads_words,
        "wants_no_sms": wants_no_sms,
        "replies_stopped": reads_words and is_silenced(phone_of(case)),
        "sms_words": words_may_go_by_sms(case) and not wants_no_sms,
        "sms_welcome": sms_is_welcome(case) and not wants_no_sms,
        "is_operator": user.has_role(Role.OPERATOR),
    }


def _new_words(case: Case) -> list[NewWords]:
    """What the person said since somebody last read their words, oldest first."""
    unread = case.messages.filter(direction=MessageDirection.IN, is_unread=True)
    return [NewWords(one.pk, one.unsealed("body"), one.get_channel_display(), one.said_at) for one in unread]


def _split_links(case: Case, user: User) -> list[Case]:
    """The cases of the same message that this person sees too."""
    same_message = Q(pk=case.split_from_id) | Q(split_from=case.pk)
    return list(Case.objects.visible_to(user).filter(same_message).order_by("recorded_at"))


def _makes_sense(act: Act, case: Case, *, untold: bool) -> bool:
    """What the state allows may still have no object: nobody to write to, nothing left to tell."""
    if act.name in WHEN_IT_MAKES_SENSE:
        return WHEN_IT_MAKES_SENSE[act.name](case)
    return act.name != "tell" or untold or case.state == CaseState.ANSWERED


def _with_the_next_step_open(offers: list[Offer], untold: bool) -> list[Offer]:
    """What was told needs no telling, and what was not cannot be closed as told: one act lies open, the rest wait.

    What is closed needs nothing more: reopening waits to be asked for.
    """
    names = [offer.act.name for offer in offers]
    wanted = "tell" if untold and "tell" in names else "close" if "close" in names else next(iter(names), "")
    for offer in offers:
        is_next = offer.act.is_main and offer.act.name == wanted and offer.act.name != "reopen"
        offer.is_open = offer.form.is_bound or is_next
    return sorted(offers, key=lambda offer: (not offer.is_open, not offer.act.is_main))
