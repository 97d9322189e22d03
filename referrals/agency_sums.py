"""Counts of referrals by receiver and by reason of refusal: the sums, and what is open to be counted again.

Read as `feedback.tallied` reads those of cases: exact at any moment, whatever was taken into the sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from core.periods import Period
from feedback.enums import CaseState, Lane, Settled
from feedback.reads import Counts, Rows, once
from feedback.tallied import Span, added, open_cases, shaped
from referrals.enums import SUCCESSES, ReferralState
from referrals.models import Referral, ReferralFacts, ReferralTally

_ANSWERED = Q(answer_kind__in=SUCCESSES)
# Which referrals each count takes.
COUNTS: dict[str, Q] = {
    "received": Q(),
    "decided_on_time": Q(accepted_at__lte=F("accept_by")) | Q(refused_at__lte=F("accept_by")),
    "refused": Q(state=ReferralState.REFUSED),
    "answered": _ANSWERED,
    "answered_on_time": _ANSWERED & Q(answered_at__lte=F("answer_by")),
    "confirmed": _ANSWERED & Q(case__settled=Settled.YES),
}


def received(period: Period) -> QuerySet[Referral]:
    """The counted referrals of ordinary cases, first sent in a period."""
    return ordinary().filter(first_sent_at__gte=period.start, first_sent_at__lt=period.end)


def ordinary() -> QuerySet[Referral]:
    """The counted referrals of ordinary cases."""
    rows = Referral.objects.counted().filter(case__lane=Lane.ORDINARY, case__is_test=False)
    return rows.exclude(case__state__in=[CaseState.MERGED, CaseState.PROTECTED])


def counts_by(keys: Sequence[str], period: Period, receiver: int | None = None) -> dict[tuple[Any, ...], list[int]]:
    """`keys`: of "receiver" and "refusal_code". Out: the counts of COUNTS, in order, in one statement."""
    of = {} if receiver is None else {"receiver": str(receiver)}
    counts = Counts("referrals", keys, list(COUNTS), period, None, of, None)
    return dict(once(counts, lambda: _counts_by(keys, period, receiver)))


def _counts_by(keys: Sequence[str], period: Period, receiver: int | None) -> Rows:
    span = Span.of(period, None)
    by_key = {key: F(key) for key in keys}
    only = Q() if receiver is None else Q(receiver=receiver)
    facts = ReferralFacts.objects.filter(only, first_sent_at__gte=period.start, first_sent_at__lt=period.end)
    if span is None:
        summed = shaped(facts, by_key, {name: Count("pk", filter=which) for name, which in OF_FACTS.items()})
    else:
        rows = ReferralTally.objects.filter(only, month__gte=span.first, month__lt=span.last)
        summed = shaped(rows, by_key, {name: Sum(name) for name in COUNTS})
    still_open = received(period).filter(only, case__in=open_cases())
    minus = facts.filter(case__in=open_cases())
    return added(
        [
            summed,
            shaped(still_open, by_key, {name: Count("pk", filter=which) for name, which in COUNTS.items()}),
            shaped(minus, by_key, {name: -1 * Count("pk", filter=which) for name, which in OF_FACTS.items()}),
        ],
        len(keys),
    )


# The same, of facts.
OF_FACTS = {name: Q() if name == "received" else Q(**{f"was_{name}": True}) for name in COUNTS}
