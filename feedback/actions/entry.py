"""Typing in what somebody said by voice or on paper, perhaps long ago, perhaps for someone else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.transitions import Refused, Sentence
from directory.implicated import NOBODY
from directory.models import User
from feedback import kept_forms
from feedback.actions.booklets import claim
from feedback.actions.receive import Spoken, receive, send_receipt
from feedback.actions.triage import Sorting, hand_to_protection, triage
from feedback.enums import CaseState, SafeContact
from feedback.models import Case
from feedback.recipients import NobodyReads
from feedback.source_keys import receipt_number
from psea.actions.receive import NobodyCanRead


@dataclass(frozen=True)
class Entered:
    """The number to give, in three groups of four; and whether there is anything left here to work on.

    `waits`: it had to be sealed, nobody can open it yet, and it is kept until somebody can. `unsorted`: why it was not
    sorted in the same go.
    """

    receipt_number: str
    case: Case | None
    waits: bool = False
    unsorted: Sentence = ""


@dataclass(frozen=True)
class Decision:
    """What whoever typed it also decided. `way`: `vault`, `gbv`, `child`, or `sort` with its sorting."""

    way: str
    sorting: Sorting | None = None


@transaction.atomic
def enter(spoken: Spoken, *, by: User, at: datetime | None = None) -> Entered:
    """Takes in what an operator typed. A repeat of the same form makes nothing new and gives the same number.

    `spoken.receipt_number`: from a booklet, or "" for a fresh one. Raises Refused: a number that is mistyped, foreign
    or taken, a date to come.
    """
    moment = at or timezone.now()
    if spoken.said_at is not None and spoken.said_at > moment:
        raise Refused(_("Ce qui est dit l’est avant d’être saisi : cette date n’est pas encore venue."))
    number = spoken.receipt_number or receipt_number(spoken.source_key)
    if spoken.receipt_number:
        claim(number, spoken.source_key)
    said = replace(spoken, receipt_number=number, entered_by=by, entered_for=by.organisation)
    case, waits = None, False
    try:
        case = receive(said, by=by)
    except NobodyCanRead:
        kept_forms.keep(said)
        waits = True
    if said.safe_contact == SafeContact.SMS:
        send_receipt(said)
    return Entered(number, case, waits)


@transaction.atomic
def enter_sorted(spoken: Spoken, decision: Decision, *, by: User, at: datetime | None = None) -> Entered:
    """As `enter`, and sorts it in the same go. What has to be sealed is sealed, whatever was decided.

    What nobody is named for stays unsorted with the listening team. Raises NobodyReads where somebody is implicated:
    who must not see it would be forgotten with the sorting.
    """
    entered = enter(replace(spoken, is_delicate=decision.way == "vault"), by=by, at=at)
    case = entered.case
    if case is None or case.state != CaseState.NEW:
        return entered
    try:
        with transaction.atomic():
            _sort(case, decision, by=by, at=at)
    except NobodyReads as error:
        if decision.sorting is not None and decision.sorting.implicated != NOBODY:
            raise
        return replace(entered, unsorted=error.reason)
    return entered


def _sort(case: Case, decision: Decision, *, by: User, at: datetime | None) -> None:
    if decision.way == "gbv":
        hand_to_protection(case.pk, "gbv", by=by, at=at)
    elif decision.way == "child":
        hand_to_protection(case.pk, "child", by=by, at=at)
    elif decision.sorting is not None:
        triage(case.pk, decision.sorting, by=by, at=at)
