"""When a referral is to be accepted and answered: from the table that staff edit (facts.md §1.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from feedback import deadlines as promises
from feedback import enums
from feedback.models import Category, DeadlineRule
from referrals.enums import Clock

if TYPE_CHECKING:
    from referrals.models import Referral

# Where staff emptied the table: a referral never goes without a clock.
_FALLBACK = {Clock.ACCEPT: timedelta(hours=72), Clock.ANSWER: timedelta(days=14)}


@dataclass(frozen=True)
class Deadlines:
    """Two aware moments."""

    accept_by: datetime
    answer_by: datetime


def deadlines_of(referral: Referral, start: datetime) -> Deadlines:
    """In: a referral with category, priority and service; when its clock starts. Out: both deadlines."""
    accept_by, answer_by = (_after(rule_for(referral, clock), clock, start) for clock in Clock)
    return Deadlines(accept_by, max(accept_by, answer_by))


def rule_for(referral: Referral, clock: Clock) -> DeadlineRule | None:
    """The rule behind one of its clocks. A service asked for has the inter-agency form's own clock."""
    category = Category.objects.filter(pk=referral.category_code).first()
    return promises.rule_for(_promise(referral, clock), category=category, priority=referral.priority)


def _promise(referral: Referral, clock: Clock) -> enums.Clock:
    if clock == Clock.ACCEPT:
        return enums.Clock.ACCEPT
    return enums.Clock.SERVICE if referral.service_wanted else enums.Clock.ANSWER


def _after(rule: DeadlineRule | None, clock: Clock, start: datetime) -> datetime:
    return start + _FALLBACK[clock] if rule is None else rule.after(start)
