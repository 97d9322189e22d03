"""Figures of referrals: integers, never rows (DESIGN §5). Who may see which is the caller's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median_low
from typing import Any

from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Least, TruncMonth
from django.utils import timezone

from core.periods import Period, Quarter
from feedback.enums import AnswerKind, Settled
from feedback.models import Case
from feedback.statistics import ANY, About
from referrals.enums import SUCCESSES
from referrals.models import Referral, ReferralCycle

_NEVER = Value(datetime(9999, 1, 1, tzinfo=UTC), output_field=DateTimeField())
DAY_SECONDS = 86_400


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
    """`referred_cases` (DESIGN §5): ordinary and restricted lanes; tests and duplicates out.

    In: first referral in `period`; P-codes of the cases' places, or all; answers known at `cutoff` (now by
    default); what was said of the cases, or any.
    """
    return Cohort(**_cases(period, scope, cutoff, about).aggregate(**_COUNTS))


def cohorts_by_month(
    period: Period, scope: Collection[str] | None = None, cutoff: datetime | None = None, about: About = ANY
) -> dict[datetime, Cohort]:
    """The same, by the month of the first referral (its first midnight)."""
    rows = _cases(period, scope, cutoff, about).annotate(key=TruncMonth("first_sent"))
    return _grouped(rows)


def cohorts_by_category(
    period: Period, scope: Collection[str] | None = None, cutoff: datetime | None = None, about: About = ANY
) -> dict[str, Cohort]:
    """The same, by category code."""
    return _grouped(_cases(period, scope, cutoff, about).annotate(key=Coalesce("category", Value(""))))


def cohorts_by_place(
    period: Period, scope: Collection[str] | None = None, cutoff: datetime | None = None, about: About = ANY
) -> dict[str, Cohort]:
    """The same, by P-code; `""` where the place is not known."""
    return _grouped(_cases(period, scope, cutoff, about).annotate(key=Coalesce("place__pcode", Value(""))))


def cohorts_by_organisation(
    period: Period, scope: Collection[str] | None = None, cutoff: datetime | None = None, about: About = ANY
) -> dict[int, Cohort]:
    """The same, by the receiver (organisation id) of the case's first counted referral."""
    return _grouped(
        _cases(period, scope, cutoff, about).annotate(key=Subquery(_first_referral().values("receiver")[:1]))
    )


def median_days(
    period: Period, scope: Collection[str] | None = None, cutoff: datetime | None = None, about: About = ANY
) -> int | None:
    """Whole days from first referral to first successful answer, the lower median of the answered; None if none."""
    spent = ExpressionWrapper(F("first_answer") - F("first_sent"), output_field=DurationField())
    rows = _cases(period, scope, cutoff, about).filter(_ANSWERED).annotate(spent=spent).order_by("spent")
    count = rows.count()
    if not count:
        return None
    middle = rows.values_list("spent", flat=True)[(count - 1) // 2]
    return int(middle.total_seconds() // DAY_SECONDS)


def medians_by_quarter(
    period: Period, scope: Collection[str] | None = None, about: About = ANY
) -> dict[Quarter, tuple[int, int]]:
    """The median days of `median_days`, to this day, and how many were answered, for each quarter that has any."""
    answered = _cases(period, scope, None, about).filter(_ANSWERED)
    rows: Any = answered.values_list("first_sent", "first_answer")  # type: ignore[misc]  # annotated by _cases
    spent: dict[Quarter, list[timedelta]] = defaultdict(list)
    for sent, first_answer in rows.iterator():
        spent[Quarter.of(sent)].append(first_answer - sent)
    return {q: (median_low(spans) // timedelta(days=1), len(spans)) for q, spans in spent.items()}


def case_ids(period: Period, scope: Collection[str] | None = None, about: About = ANY) -> list[str]:
    """The counted cases' ids, sorted: what a verified reading's digest is made of."""
    return sorted(str(pk) for pk in _cases(period, scope, None, about).values_list("pk", flat=True))


def _cases(period: Period, scope: Collection[str] | None, cutoff: datetime | None, about: About) -> QuerySet[Case]:
    known_by = cutoff or timezone.now()
    rows = (
        Case.objects.counted()
        .filter(about.condition)
        .annotate(first_sent=Subquery(_first_referral().values("first_sent_at")[:1]))
    )
    rows = rows.filter(first_sent__gte=period.start, first_sent__lt=period.end)
    if scope is not None:
        rows = rows.filter(place__pcode__in=scope)
    return _with_answers(rows, known_by)


def _with_answers(rows: QuerySet[Case], known_by: datetime) -> QuerySet[Case]:
    """First successful answer by then, whether it was within its own referral's deadline, and each kind apart."""
    here, before = _answers(known_by)
    rows = rows.annotate(
        first_answer=Least(Coalesce(_earliest(here), _NEVER), Coalesce(_earliest(before), _NEVER)),
        confirmed_by_then=Q(settled=Settled.YES, settled_at__lte=known_by),
        **{f"has_{kind}": _any_of_kind(here, before, kind) for kind in SUCCESSES},
    )
    in_time = {"answered_at": OuterRef("first_answer"), "answer_by__gte": F("answered_at")}
    return rows.annotate(was_on_time=Exists(here.filter(**in_time)) | Exists(before.filter(**in_time)))


def _answers(known_by: datetime) -> tuple[QuerySet[Referral], QuerySet[ReferralCycle]]:
    """Successful answers of the case, of running rounds and of past ones."""
    known = {"answer_kind__in": SUCCESSES, "answered_at__lte": known_by}
    here = Referral.objects.filter(case=OuterRef("pk"), **known)
    before = ReferralCycle.objects.filter(referral__case=OuterRef("pk"), **known)
    return here, before


def _earliest(answers: QuerySet[Any]) -> Subquery:
    return Subquery(answers.order_by("answered_at").values("answered_at")[:1])


def _any_of_kind(here: QuerySet[Any], before: QuerySet[Any], kind: AnswerKind) -> Q | Exists:
    return Exists(here.filter(answer_kind=kind)) | Exists(before.filter(answer_kind=kind))


def _first_referral() -> QuerySet[Referral]:
    return Referral.objects.counted().filter(case=OuterRef("pk")).order_by("first_sent_at")


_ANSWERED = Q(first_answer__lt=_NEVER)
_COUNTS = {
    "referred": Count("pk"),
    "answered": Count("pk", filter=_ANSWERED),
    "on_time": Count("pk", filter=Q(was_on_time=True)),
    "confirmed": Count("pk", filter=Q(confirmed_by_then=True)),
    "responses": Count("pk", filter=Q(has_response=True)),
    "adjustments": Count("pk", filter=Q(has_adjustment=True)),
    "services": Count("pk", filter=Q(has_service_provided=True)),
}


def _grouped(rows: QuerySet[Case]) -> dict[Any, Cohort]:
    counted: Any = rows.order_by().values("key").annotate(**_COUNTS)  # type: ignore[misc]  # annotated by the caller
    return {row.pop("key"): Cohort(**row) for row in counted}
