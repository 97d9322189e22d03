"""An agency's own figures beside the collective median: no league table (DESIGN §5). Ordinary matters only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import median_low
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from core.formats import percent
from core.periods import Period
from feedback.enums import CaseState, Lane, Settled
from referrals.enums import LIVE, SUCCESSES, ReferralState
from referrals.models import Referral

# With fewer agencies the median would tell one of them the figure of another.
MEDIAN_FROM = 3


@dataclass(frozen=True)
class AgencyFigures:
    """Referrals that one organisation received, first sent in a period.

    `answered` is what the organisation says; `confirmed`, what the person said of it: that it is settled.
    """

    received: int = 0
    decided_on_time: int = 0
    refused: int = 0
    answered: int = 0
    answered_on_time: int = 0
    confirmed: int = 0
    late_now: int = 0

    @property
    def shares(self) -> dict[str, int | None]:
        """Whole percentages of what was received; None for 0/0."""
        names = ("decided_on_time", "refused", "answered", "answered_on_time", "confirmed")
        return {name: percent(getattr(self, name), self.received) if self.received else None for name in names}


@dataclass(frozen=True)
class Medians:
    """The lower median of each share of `AgencyFigures` (None below MEDIAN_FROM), and of how many organisations."""

    shares: dict[str, int | None]
    organisations: int


def agency_figures(organisation_id: int, period: Period, now: datetime) -> AgencyFigures:
    """In: an organisation, a span, and now (for what is late). Out: its figures."""
    return AgencyFigures(**_received(period).filter(receiver=organisation_id).aggregate(**_counts(now)))


def collective_medians(period: Period, now: datetime) -> Medians:
    """Over every organisation that received a referral in the span."""
    rows = _received(period).order_by().values("receiver").annotate(**_counts(now))
    counts: list[dict[str, Any]] = [{k: v for k, v in row.items() if k != "receiver"} for row in rows]
    everyone = [AgencyFigures(**one).shares for one in counts]
    medians = {name: _median([shares[name] for shares in everyone]) for name in AgencyFigures().shares}
    return Medians(medians, len(everyone))


def refusals_by_reason(organisation_id: int | None, period: Period) -> dict[str, int]:
    """Coded reasons of "not us", most frequent first; of everyone when no organisation is given."""
    refused = _received(period).exclude(refusal_code="")
    if organisation_id is not None:
        refused = refused.filter(receiver=organisation_id)
    rows = refused.order_by().values("refusal_code").annotate(count=Count("pk")).order_by("-count", "refusal_code")
    return {row["refusal_code"]: row["count"] for row in rows}


def _received(period: Period) -> QuerySet[Referral]:
    rows = Referral.objects.counted().filter(case__lane=Lane.ORDINARY, case__is_test=False)
    rows = rows.exclude(case__state__in=[CaseState.MERGED, CaseState.PROTECTED])
    return rows.filter(first_sent_at__gte=period.start, first_sent_at__lt=period.end)


def _counts(now: datetime) -> dict[str, Any]:
    answered = Q(answer_kind__in=SUCCESSES)
    decided = Q(accepted_at__lte=F("accept_by")) | Q(refused_at__lte=F("accept_by"))
    late = Q(state__in=LIVE) & (Q(accepted_at=None, accept_by__lt=now) | Q(answer_by__lt=now))
    return {
        "received": Count("pk"),
        "decided_on_time": Count("pk", filter=decided),
        "refused": Count("pk", filter=Q(state=ReferralState.REFUSED)),
        "answered": Count("pk", filter=answered),
        "answered_on_time": Count("pk", filter=answered & Q(answered_at__lte=F("answer_by"))),
        "confirmed": Count("pk", filter=answered & Q(case__settled=Settled.YES)),
        "late_now": Count("pk", filter=late),
    }


def _median(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return median_low(known) if len(known) >= MEDIAN_FROM else None
