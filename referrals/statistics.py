"""Figures of referrals: integers, never rows (DESIGN §5). Who may see which is the caller's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django.db.models import Case as If
from django.db.models import Count, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Least, NullIf

from core.periods import Period, Quarter
from feedback.enums import AnswerKind, Settled
from feedback.facts import COUNTS, VOICE, as_facts, with_voice
from feedback.models import Case, CaseFacts, CohortTally, WaitTally
from feedback.reads import Counts, Rows, once
from feedback.statistics import ANY, About
from feedback.tallied import Behind, Facts, Question, Span, WholeDays, added, open_cases, parts
from referrals.agency_statistics import Days
from referrals.enums import SUCCESSES
from referrals.models import Referral, ReferralCycle

KINDS = {
    "response": AnswerKind.RESPONSE,
    "adjustment": AnswerKind.ADJUSTMENT,
    "service": AnswerKind.SERVICE_PROVIDED,
}
_NEVER = Value(datetime(9999, 1, 1, tzinfo=UTC), output_field=DateTimeField())


@dataclass(frozen=True)
class Cohort:
    """Distinct cases first referred in a period, and what became of them by a cut-off."""

    referred: int = 0
    answered: int = 0
    on_time: int = 0
    confirmed: int = 0
    responses: int = 0
    adjustments: int = 0
    services: int = 0


def referred_cohort(
    period: Period, scope: Collection[str] | None = None, cutoff: datetime | None = None, about: About = ANY
) -> Cohort:
    """`referred_cases` (DESIGN §5): ordinary and restricted lanes for the whole country; for a zone, or for what was
    said, the ordinary lane alone (decision 22). Tests and duplicates out.

    In: first referral in `period`; P-codes of the cases' places, or all; answers known before `cutoff` (now by
    default); what was said of the cases, or any.
    """
    return _cohorts((), period, scope, cutoff, about).get((), Cohort())


def cohorts_by_month(
    period: Period, scope: Collection[str] | None = None, cutoff: datetime | None = None, about: About = ANY
) -> dict[date, Cohort]:
    """The same, by the month of the first referral (its first day): the ordinary lane."""
    return {key: cohort for (key,), cohort in _cohorts(["month"], period, scope, cutoff, about).items()}


def read_whole_months(period: Period) -> None:
    """For a page that will ask for the country's figure of several quarters: `referred_cohort` finds each in one read.

    By month, the country's figure is nobody's: only the quarter's is shown (decision 22).
    """
    _read_cohorts(["month"], period, None, None, ANY, every_lane=True)


def cohorts_by_day(period: Period, scope: Collection[str] | None = None, about: About = ANY) -> dict[date, Cohort]:
    """The same, by the day of the first referral, to this day: the ordinary lane."""
    return {key: cohort for (key,), cohort in _cohorts(["day"], period, scope, None, about).items()}


def cohorts_by(
    field: str,
    period: Period,
    scope: Collection[str] | None = None,
    cutoff: datetime | None = None,
    about: About = ANY,
) -> dict[str, Cohort]:
    """The same, by one of `feedback.tallied.ON_FACTS`, of the ordinary lane; "" where it is not known.

    Raises KeyError for another.
    """
    return {key: cohort for (key,), cohort in _cohorts([field], period, scope, cutoff, about).items()}


def cohorts_of(
    *fields: str,
    period: Period,
    scope: Collection[str] | None = None,
    cutoff: datetime | None = None,
    about: About = ANY,
) -> dict[tuple[Any, ...], Cohort]:
    """The same, by several of them, "month" and "day" (dates) included."""
    return _cohorts(fields, period, scope, cutoff, about)


def days_taken(
    period: Period, scope: Collection[str] | None = None, cutoff: datetime | None = None, about: About = ANY
) -> Days | None:
    """Whole days from first referral to first successful answer, of the answered; None if none."""
    return Days.of_counts(_waits([], period, scope, cutoff, about).get((), {}))


def medians_by_quarter(
    period: Period, scope: Collection[str] | None = None, about: About = ANY
) -> dict[Quarter, tuple[int, int]]:
    """The median of `days_taken`, to this day, and how many were answered, for each quarter that has any."""
    by_quarter: dict[Quarter, Counter[int]] = defaultdict(Counter)
    for (month,), waits in _waits(["month"], period, scope, None, about).items():
        by_quarter[Quarter.of(month)].update(waits)
    found = {quarter: Days.of_counts(waits) for quarter, waits in by_quarter.items()}
    return {quarter: (days.median, days.answers) for quarter, days in found.items() if days}


def referred_to(services: Collection[str], period: Period) -> int:
    """Distinct cases, by the period in which they were first referred to a service of these kinds: ordinary and
    restricted lanes of the whole country, tests and duplicates out. It never leaves as it is (`psea.disclosure`).
    """
    sent = Referral.objects.counted().filter(service_wanted__in=services, case__in=Case.objects.counted())
    before = sent.filter(case=OuterRef("case"), first_sent_at__lt=period.start)
    rows = sent.filter(first_sent_at__gte=period.start, first_sent_at__lt=period.end).exclude(Exists(before))
    return rows.aggregate(cases=Count("case", distinct=True))["cases"] or 0


def behind(period: Period, scope: Collection[str] | None = None, about: About = ANY) -> Behind:
    """The cases that `referred_cohort` counts."""
    return Behind.of(_facts(period, every_lane=_is_whole(scope, about)), scope, about.asked)


def _is_whole(scope: Collection[str] | None, about: About) -> bool:
    return scope is None and not about.is_narrow


def _cohorts(
    keys: Sequence[str], period: Period, scope: Collection[str] | None, cutoff: datetime | None, about: About
) -> dict[tuple[Any, ...], Cohort]:
    """Every lane for the whole country's one figure, the ordinary one for anything narrower."""
    every_lane = not keys and _is_whole(scope, about)
    return _read_cohorts(keys, period, scope, cutoff, about, every_lane=every_lane)


def _read_cohorts(
    keys: Sequence[str],
    period: Period,
    scope: Collection[str] | None,
    cutoff: datetime | None,
    about: About,
    *,
    every_lane: bool,
) -> dict[tuple[Any, ...], Cohort]:
    which = facts_that(cutoff)

    def read() -> Rows:
        question = Question(Span.of(period, cutoff), keys, scope, about.asked)
        return added(parts(CohortTally, question, which, _facts(period, every_lane=every_lane)), len(keys))

    of = "cohorts of every lane" if every_lane else "cohorts"
    found = once(Counts(of, keys, list(which), period, scope, about.asked, cutoff), read)
    return {key: Cohort(*counts) for key, counts in found.items()}


def _waits(
    keys: Sequence[str], period: Period, scope: Collection[str] | None, cutoff: datetime | None, about: About
) -> dict[tuple[Any, ...], Counter[int]]:
    """Whole days → how many cases took as many, by keys ("month"). The days are the last key of each part."""
    named, every_lane = [*keys, "days"], _is_whole(scope, about)

    def read() -> Rows:
        question = Question(Span.of(period, cutoff), named, scope, about.asked)
        which = {"answered": facts_that(cutoff)["answered"]}
        facts = _facts(period, Q(days__isnull=False), every_lane=every_lane)
        return added(parts(WaitTally, question, which, facts), len(named))

    found: dict[tuple[Any, ...], Counter[int]] = defaultdict(Counter)
    of = "waits of every lane" if every_lane else "waits"
    counts = Counts(of, named, ["answered"], period, scope, about.asked, cutoff)
    for (*key, days), (count,) in once(counts, read).items():
        found[tuple(key)][days] += count
    return found


def _facts(period: Period, only: Q | None = None, *, every_lane: bool) -> Facts:
    """The sums hold every lane: for the ordinary one, less the facts of the others in the period, which are few."""
    within = Q(first_sent__gte=period.start, first_sent__lt=period.end) & (only or Q())
    if every_lane:
        return Facts("first_sent", within, open_cohorts())
    beside = within & Q(is_ordinary=False)
    return Facts("first_sent", within & Q(is_ordinary=True), open_cohorts(), beside)


@cache
def open_cohorts() -> QuerySet[CaseFacts]:
    """What is open to be counted again, as it stands."""
    return as_facts(*facts_of(Case.objects.filter(pk__in=open_cases())).query.sql_with_params(), FACTS)


def facts_that(cutoff: datetime | None) -> dict[str, Q]:
    """Which facts each count of a cohort takes, of what had happened before the cut-off."""

    def before(name: str) -> Q:
        return Q(**{f"{name}__isnull": False}) & (Q(**{f"{name}__lt": cutoff}) if cutoff else Q())

    return {
        "referred": Q(pk__isnull=False),
        "answered": before("first_answer"),
        "on_time": before("first_answer") & Q(was_on_time=True),
        "confirmed": before("settled_at") & Q(settled=Settled.YES),
        "responses": before("first_response"),
        "adjustments": before("first_adjustment"),
        "services": before("first_service"),
    }


# By column of `CaseFacts`, where it stands on a case with voice, first referral and answers.
FACTS: dict[str, Any] = {
    **VOICE,
    "first_sent": If(When(COUNTS, then=F("first_sent")), default=None),
    **{name: name for name in ("first_answer", "was_on_time", *(f"first_{kind}" for kind in KINDS), "days")},
    "is_stale": Value(False),
}


def facts_of(cases: QuerySet[Case]) -> QuerySet[Any]:
    """FACTS of each case, in their order. What does not count has no referral, so that no sum takes it."""
    rows: Any = with_answers(with_first_referral(with_voice(cases)))
    found: QuerySet[Any] = rows.order_by().values_list(*FACTS.values())
    return found


def with_first_referral(rows: QuerySet[Case]) -> QuerySet[Case]:
    """With `first_sent`: when its first counted referral was sent; None without any."""
    return rows.annotate(first_sent=Subquery(_first_referral().values("first_sent_at")[:1]))


def with_answers(rows: QuerySet[Case]) -> QuerySet[Case]:
    """With the first successful answer, whether it was within its own referral's deadline, and of each kind apart."""
    here = Referral.objects.filter(case=OuterRef("pk"), answer_kind__in=SUCCESSES)
    before = ReferralCycle.objects.filter(referral__case=OuterRef("pk"), answer_kind__in=SUCCESSES)
    kinds = {f"first_{name}": _earliest(here, before, kind) for name, kind in KINDS.items()}
    rows = rows.annotate(first_answer=_earliest(here, before), **kinds)
    in_time = {"answered_at": OuterRef("first_answer"), "answer_by__gte": F("answered_at")}
    return rows.annotate(
        was_on_time=Exists(here.filter(**in_time)) | Exists(before.filter(**in_time)),
        days=WholeDays(F("first_sent"), F("first_answer")),
    )


def _earliest(here: QuerySet[Referral], before: QuerySet[ReferralCycle], kind: AnswerKind | None = None) -> NullIf:
    """Of running rounds and of past ones."""
    named = {} if kind is None else {"answer_kind": kind}
    dates = [
        Coalesce(Subquery(rows.filter(**named).order_by("answered_at").values("answered_at")[:1]), _NEVER)
        for rows in (here, before)
    ]
    return NullIf(Least(*dates), _NEVER)


def _first_referral() -> QuerySet[Referral]:
    return Referral.objects.counted().filter(case=OuterRef("pk")).order_by("first_sent_at")
