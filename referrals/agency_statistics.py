"""An agency's own figures beside the collective median: no league table (DESIGN §5). Ordinary matters only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median_low
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from core.formats import percent
from core.periods import Period
from feedback.enums import Lane
from feedback.models import Case
from referrals.agency_sums import counts_by, received
from referrals.enums import LIVE, SUCCESSES, NonSuccess, ReferralState, Refusal
from referrals.late import AGENDA_AFTER
from referrals.models import Referral

# With fewer agencies the median would tell one of them the figure of another.
MEDIAN_FROM = 3
# So many answers show a habit, and so large a share of them in time is a good one (proposals, not norms).
HABIT_FROM, PROMPT_PERCENT = 5, 75


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
class Days:
    """Whole days from first sending to the answer: the lower median, the nine tenths, and of how many answers."""

    median: int
    nine_tenths: int
    answers: int

    @classmethod
    def of(cls, spans: list[timedelta]) -> Days | None:
        """None without any."""
        return cls.of_counts(Counter(span // timedelta(days=1) for span in spans))

    @classmethod
    def of_counts(cls, counts: Mapping[int, int]) -> Days | None:
        """In: whole days → how many answers took as many. None without any."""
        answers = sum(counts.values())
        if not answers:
            return None
        return cls(_nth(counts, (answers + 1) // 2), _nth(counts, -(-9 * answers // 10)), answers)


@dataclass(frozen=True)
class Standing:
    """What of one organisation is late by more than a week, for the working group's agenda."""

    count: int
    since: datetime


@dataclass(frozen=True)
class Medians:
    """The lower median of each share of `AgencyFigures` (None below MEDIAN_FROM), and of how many organisations."""

    shares: dict[str, int | None]
    organisations: int


def agency_shares(organisation_id: int, period: Period) -> AgencyFigures:
    """In: an organisation and a span. Out: its figures, but for what is late now."""
    return AgencyFigures(*counts_by((), period, organisation_id).get((), []))


def agency_figures(organisation_id: int, period: Period, now: datetime) -> AgencyFigures:
    """The same, with what is late."""
    own = agency_shares(organisation_id, period)
    return replace(own, late_now=_late(period, now).filter(receiver=organisation_id).count())


def collective_medians(period: Period) -> Medians:
    """Over every organisation that received a referral in the span."""
    everyone = [AgencyFigures(*counts).shares for counts in counts_by(["receiver"], period).values()]
    medians = {name: _median([shares[name] for shares in everyone]) for name in AgencyFigures().shares}
    return Medians(medians, len(everyone))


def figures_by_organisation(period: Period, now: datetime) -> dict[int, AgencyFigures]:
    """The figures of each organisation (its id) that received a referral in the span."""
    late = dict(_late(period, now).order_by().values_list("receiver").annotate(count=Count("pk")))
    found = counts_by(["receiver"], period)
    return {key: replace(AgencyFigures(*counts), late_now=late.get(key, 0)) for (key,), counts in found.items()}


def days_to_answer(period: Period) -> tuple[dict[int, Days], Days | None]:
    """How long successful answers took: each organisation's (by id), and all together.

    None together where fewer organisations answered than may be shown together.
    """
    spans = _spans(period)
    each = {organisation: days for organisation, found in spans.items() if (days := Days.of(found)) is not None}
    return each, Days.of([span for found in spans.values() for span in found]) if len(spans) >= MEDIAN_FROM else None


def prompt_organisations(now: datetime) -> frozenset[int]:
    """Organisations (ids) that answered in time what they received in the year before, as far as that shows a habit.

    Known for an hour: it only helps to choose whom to ask.
    """
    return frozenset(cache.get_or_set("prompt-organisations", lambda: _prompt(now), timeout=3600) or ())


def _prompt(now: datetime) -> list[int]:
    figures = figures_by_organisation(Period(now - timedelta(days=365), now), now)
    return [
        organisation
        for organisation, own in figures.items()
        if own.answered >= HABIT_FROM and own.answered_on_time * 100 >= own.answered * PROMPT_PERCENT
    ]


def gaps_by_category(period: Period) -> dict[str, int]:
    """Cases first referred in the span that nobody could take, by category code, most frequent first.

    Every referral of such a case was refused for want of mandate, zone or capacity, or came to nothing for want of
    capacity; whether somebody will take it yet is open while one is under way, and it is not counted then.
    """
    of_case = Referral.objects.counted().filter(case=OuterRef("pk"))
    cases = Case.objects.counted().filter(Exists(received(period).filter(case=OuterRef("pk"))))
    rows = cases.exclude(Exists(of_case.exclude(_NOBODY_COULD))).order_by()
    counted: Any = rows.values_list("category").annotate(count=Count("pk")).order_by("-count", "category")
    return {code or "": count for code, count in counted}


def agenda(now: datetime) -> dict[int, Standing]:
    """What has been late for more than a week, by the organisation (its id) that must act. Ordinary matters only."""
    before = now - AGENDA_AFTER
    rows = Referral.objects.late(before).filter(case__lane=Lane.ORDINARY, case__is_test=False)
    found: dict[int, list[datetime]] = defaultdict(list)
    for referral in rows.only("state", "accept_by", "answer_by", "accepted_at", "receiver"):
        if referral.due_at is not None:
            found[referral.receiver_id].append(referral.due_at)
    return {organisation: Standing(len(dates), min(dates)) for organisation, dates in found.items()}


def refused(period: Period) -> tuple[int, int]:
    """How many referrals of the span were refused with a reason, over all that were received."""
    found = counts_by(["refusal_code"], period)
    return sum(counts[0] for (code,), counts in found.items() if code), sum(counts[0] for counts in found.values())


def refusals_by_reason(organisation_id: int | None, period: Period) -> dict[str, int]:
    """Coded reasons of "not us", most frequent first; of everyone when no organisation is given."""
    found = counts_by(["refusal_code"], period, organisation_id)
    reasons = {code: counts[0] for (code,), counts in found.items() if code}
    return dict(sorted(reasons.items(), key=lambda one: (-one[1], one[0])))


_FOR_WANT = (Refusal.HORS_MANDAT, Refusal.HORS_ZONE, Refusal.SANS_CAPACITE)
_NOBODY_COULD = Q(state=ReferralState.REFUSED, refusal_code__in=_FOR_WANT) | Q(
    unsuccessful_reason=NonSuccess.MANQUE_CAPACITE
)


def _spans(period: Period) -> dict[int, list[timedelta]]:
    answered = received(period).filter(answer_kind__in=SUCCESSES, answered_at__isnull=False).order_by()
    found: dict[int, list[timedelta]] = defaultdict(list)
    for receiver, sent, done in answered.values_list("receiver", "first_sent_at", "answered_at").iterator():
        if sent is not None and done is not None:
            found[receiver].append(done - sent)
    return found


def _late(period: Period, now: datetime) -> QuerySet[Referral]:
    late = Q(accepted_at=None, accept_by__lt=now) | Q(answer_by__lt=now)
    return received(period).filter(late, state__in=LIVE, paused_at=None)


def _nth(counts: Mapping[int, int], n: int) -> int:
    """The nth of them in order, the first being 1."""
    for days in sorted(counts):
        n -= counts[days]
        if n <= 0:
            return days
    raise ValueError("there are not so many")


def _median(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return median_low(known) if len(known) >= MEDIAN_FROM else None
