"""Matters that several organisations were asked about in one place: integers, never rows; no organisation is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from core.periods import Period
from referrals.agency_sums import received


@dataclass(frozen=True)
class Shared:
    """How many organisations received referrals of one category from one place ("" unknown), of how many cases."""

    category: str
    pcode: str
    organisations: int
    cases: int


def shared_matters(period: Period, *, organisations: int, cases: int) -> list[Shared]:
    """Those of at least so many organisations and so many cases, the most widely shared first. Ordinary matters only.

    It reads every referral of the period: for a page that keeps what it found.
    """
    rows: Any = received(period).exclude(case__category=None).order_by()
    found = (
        rows.values_list("case__category", "case__place__pcode")
        .annotate(receivers=Count("receiver", distinct=True), of=Count("case", distinct=True))
        .filter(receivers__gte=organisations, of__gte=cases)
    )
    shared = [Shared(code, pcode or "", receivers, of) for code, pcode, receivers, of in found]
    return sorted(shared, key=lambda one: (-one.organisations, -one.cases, one.category, one.pcode))
