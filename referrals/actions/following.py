"""What an act on a referral means for its case."""

from __future__ import annotations

from datetime import datetime

from core.actors import SYSTEM, Actor
from feedback.actions.answer import record_answer
from feedback.actions.triage import Sorting, back_to_triage, mark_referred, triage
from feedback.enums import AnswerKind, CaseState
from feedback.models import Case
from referrals.enums import LIVE, WITH_ANSWER
from referrals.models import Referral


def case_was_referred(case: Case, *, by: Actor, at: datetime) -> None:
    """The first referral of a triaged case makes it a referred one."""
    if case.state == CaseState.TRIAGED:
        mark_referred(case.pk, by=by, at=at)


def case_may_be_stranded(referral: Referral, *, by: Actor, at: datetime) -> None:
    """Every referral refused, recalled or unsuccessful: the case goes back to triage."""
    case = Case.objects.get(pk=referral.case_id)
    if case.state == CaseState.REFERRED and not _still_hoped_for(case):
        back_to_triage(case.pk, by=by, at=at)


def _still_hoped_for(case: Case) -> bool:
    rows = Referral.objects.filter(case=case)
    answered = rows.filter(state__in=WITH_ANSWER).exclude(answer_kind__in=["", AnswerKind.UNSUCCESSFUL])
    return rows.filter(state__in=LIVE).exists() or answered.exists()


def answer_to_the_person(referral: Referral, words: str, *, by: Actor, at: datetime) -> None:
    """A successful answer becomes the case's, and goes to the person by the way they chose."""
    if referral.answer_kind == AnswerKind.UNSUCCESSFUL:
        return
    case = Case.objects.get(pk=referral.case_id)
    if case.state == CaseState.REOPENED:
        sorted_as_before(case, at)
    record_answer(case.pk, words=words, kind=referral.answer_kind, source="referral", by=by, at=at)


def sorted_as_before(case: Case, at: datetime) -> None:
    """Reopened and answered before anybody sorted it again: it is about what it was about."""
    if case.category is not None:
        sorting = Sorting(category=case.category, summary=case.summary, restricted_kind=case.restricted_kind)
        triage(case.pk, sorting, by=SYSTEM, at=at)
