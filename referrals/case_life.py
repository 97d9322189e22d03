"""What the page of a case shows of its referrals: the chain, and their steps among all that happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from directory.models import User
from feedback.models import Case
from referrals.enums import ReferralState
from referrals.models import Referral
from referrals.timeline import Event, steps_of

# The case's own word for what the referral's steps say better.
SAID_BY_THE_STEPS = "refer"


@dataclass(frozen=True)
class Hop:
    """A referral of the case. `is_theirs`: the reader stands on one of its sides, and may open it."""

    referral: Referral
    is_theirs: bool


def hops_of(case: Case, user: User, joined: Sequence[Case] = ()) -> list[Hop]:
    """Every referral of a case that the reader may see, in the order they were made; drafts are their sender's.

    With those that ended before their case was joined to this one (`joined`).
    """
    known = Referral.objects.filter(case__in=[case, *joined])
    rows = known.exclude(state=ReferralState.DRAFT).with_life().order_by("created_at")
    theirs = set(known.visible_to(user).values_list("pk", flat=True))
    return [Hop(row, row.pk in theirs) for row in rows]


def whole_life(hops: list[Hop], events: list[Event]) -> list[Event]:
    """The events of a case (newest first) with the steps of its referrals, newest first."""
    if not hops:
        return events
    steps = [step for hop in hops for step in steps_of(hop.referral, as_party=hop.is_theirs)]
    own = [event for event in reversed(events) if event.get("act") != SAID_BY_THE_STEPS]
    return sorted([*steps, *own], key=_moment)[::-1]


def _moment(event: Event) -> Any:
    return event["when"]
