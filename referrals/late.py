"""Late referrals: who is told, when, by which rule. A breach flags and escalates; it never changes a state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.index import keyed_hash
from core.transitions import Sentence
from directory.models import User
from directory.notices import Notice
from feedback.enums import Lane
from referrals.enums import Clock, Step
from referrals.models import LateNotice, Referral
from referrals.people import above, in_charge, tell

# So long after its deadline a referral stands on the working group's agenda (a proposal, as the steps are).
AGENDA_AFTER = timedelta(days=7)
# How long after the deadline each is told, in clock time (a proposal, facts.md §1.4 asks only for escalation).
STEPS: dict[Step, timedelta] = {
    Step.FOCAL_POINT: timedelta(0),
    Step.DEPUTY: timedelta(hours=24),
    Step.MANAGER: timedelta(hours=72),
}
RULES: dict[Step, Sentence] = {
    Step.FOCAL_POINT: _("point focal prévenu à l’échéance"),
    Step.DEPUTY: _("suppléance prévenue 24 h après l’échéance"),
    Step.MANAGER: _("responsable de l’organisation prévenu 72 h après l’échéance"),
}
_NAMED = _("personnes désignées pour ce circuit prévenues 72 h après l’échéance")


def is_on_agenda(referral: Referral, now: datetime) -> bool:
    """Whether the working group finds it among those that are late by more than a week."""
    return referral.due_at is not None and referral.due_at + AGENDA_AFTER < now


def rule_of(step: Step, referral: Referral) -> Sentence:
    """By which rule somebody was told."""
    is_restricted = referral.case.lane == Lane.RESTRICTED
    return _NAMED if step == Step.MANAGER and is_restricted else RULES[step]


@dataclass(frozen=True)
class Overdue:
    """One referral's running commitment that is over."""

    referral: Referral
    clock: Clock
    due_at: datetime


def flag_late(now: datetime) -> int:
    """Tells whoever must be told by now and was not yet; returns how many were. Safe to run twice."""
    rows = Referral.objects.late(now).with_names().select_related("consent").iterator(chunk_size=200)
    return sum(_escalate(overdue, now) for referral in rows for overdue in _overdue(referral))


def _overdue(referral: Referral) -> Iterator[Overdue]:
    clock, due_at = referral.running_clock, referral.due_at
    if clock is not None and due_at is not None:
        yield Overdue(referral, clock, due_at)


def _escalate(overdue: Overdue, now: datetime) -> int:
    due_steps = [step for step, after in STEPS.items() if overdue.due_at + after <= now]
    known = set(_notices(overdue).values_list("step", flat=True))
    return sum(_tell(overdue, step, now) for step in due_steps if step not in known)


def _notices(overdue: Overdue) -> QuerySet[LateNotice]:
    return LateNotice.objects.filter(referral=overdue.referral, cycle=overdue.referral.cycle, clock=overdue.clock)


@transaction.atomic
def _tell(overdue: Overdue, step: Step, now: datetime) -> int:
    referral = overdue.referral
    key = keyed_hash(f"{referral.pk}:{referral.cycle}:{overdue.clock}:{step}", "late")
    told = tell(referral, _people(referral, step), Notice.LATE, key[:40])
    for person in told:
        _notices(overdue).get_or_create(
            step=step,
            told=person,
            defaults={
                "referral": referral,
                "cycle": referral.cycle,
                "clock": overdue.clock,
                "due_at": overdue.due_at,
                "told_at": now,
            },
        )
    return len(told)


def _people(referral: Referral, step: Step) -> list[User]:
    if step == Step.MANAGER:
        return above(referral)
    holders = in_charge(referral)
    if step == Step.FOCAL_POINT:
        return holders
    return [holder.deputy for holder in holders if holder.deputy is not None]
