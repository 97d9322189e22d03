"""Where a receipt number stands, in three words, the same in every lane (DESIGN §4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from core.index import keyed_hash
from feedback import sealed_door
from feedback.enums import CaseState
from feedback.models import Case
from psea.enums import Stage

IN_PROGRESS = (CaseState.TRIAGED, CaseState.REFERRED, CaseState.REOPENED)


@dataclass(frozen=True)
class Whereabouts:
    """`stage` is None for a number that is unknown or expired. `case`: the ordinary or restricted one, if it is one;
    `own`: the one that the number was given for, were it joined to `case` since."""

    stage: Stage | None = None
    since: date | None = None
    case: Case | None = None
    own: Case | None = None


def where_is(number: str) -> Whereabouts:
    """In: a receipt number, digits only. Both sides are always asked, so that the work does not tell the lane."""
    own = own_case_of(number)
    case = _where_it_went(own)
    sealed = sealed_door.stage_of(number)
    if case is not None:
        return Whereabouts(stage_of_case(case), timezone.localdate(_since(case)), case, own)
    if sealed is not None:
        return Whereabouts(Stage(sealed.stage), sealed.since)
    return Whereabouts()


def own_case_of(number: str) -> Case | None:
    """The case that this very number was given for, were it joined to another since."""
    return Case.objects.unprotected().filter(receipt_hash=keyed_hash(number, "receipt")).first()


def _where_it_went(case: Case | None) -> Case | None:
    while case is not None and case.merged_into is not None:
        case = case.merged_into
    return case


def stage_of_case(case: Case) -> Stage:
    """Received, in progress or answered. Whatever else happens inside is not for the receipt to tell."""
    if case.state in IN_PROGRESS:
        return Stage.IN_PROGRESS
    if case.answered_at is not None or case.state == CaseState.CLOSED:
        return Stage.ANSWERED
    return Stage.RECEIVED


def _since(case: Case) -> datetime:
    stage = stage_of_case(case)
    if stage is Stage.RECEIVED:
        return case.received_at
    if stage is Stage.ANSWERED:
        return case.answered_at or case.closed_at or case.received_at
    return case.reopened_at or case.triaged_at or case.received_at
