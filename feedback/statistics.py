"""Figures of what was said: integers, never rows. The ordinary lane only; tests and duplicates out (DESIGN §4, §5)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, ExtractMonth, ExtractYear

from core.periods import Period
from feedback.enums import AnswerKind, CaseState, Delivery, Lane, Settled
from feedback.models import Answer, Case

HELPED = (AnswerKind.RESPONSE, AnswerKind.ADJUSTMENT, AnswerKind.SERVICE_PROVIDED)
REACHED = (Delivery.SENT, Delivery.DELIVERED, Delivery.TOLD, Delivery.READABLE)
# What figures can be broken down by, and where each stands on a case.
FIELDS = {
    "channel": "channel",
    "category": "category_id",
    "place": "place__pcode",
    "sex": "sex",
    "age_group": "age_group",
    "population_status": "population_status",
    "language": "language",
}


@dataclass(frozen=True)
class About:
    """Which cases, by what was said of them; empty means any."""

    channel: str = ""
    category: str = ""
    sex: str = ""
    age_group: str = ""
    population_status: str = ""

    @property
    def condition(self) -> Q:
        """On `Case`. A category stands for its children too."""
        said = {name: value for name, value in vars(self).items() if value and name != "category"}
        within = Q(category=self.category) | Q(category__parent=self.category) if self.category else Q()
        return Q(**said) & within

    @property
    def is_narrow(self) -> bool:
        """Whether anything is asked."""
        return any(vars(self).values())


@dataclass(frozen=True)
class Funnel:
    """What became, to this day, of what was said in a period."""

    said: int
    triaged: int
    referred: int
    answered: int
    told: int
    settled: int


ANY = About()


def said(period: Period, scope: Collection[str] | None = None, about: About = ANY) -> int:
    """How many cases were received in a period. `scope`: P-codes of their places, or all."""
    return _cases(period, scope, about).count()


def said_by(
    *fields: str, period: Period, scope: Collection[str] | None = None, about: About = ANY
) -> dict[tuple[str, ...], int]:
    """The same, by any of FIELDS and "month" ("2022-03"); "" where it is not known. Raises KeyError for another."""
    rows = (
        _cases(period, scope, about)
        .order_by()
        .annotate(year=ExtractYear("received_at"), month=ExtractMonth("received_at"))
    )
    named = [name for name in fields if name != "month"]
    keys = {f"key_{name}": Coalesce(Cast(F(FIELDS[name]), CharField()), Value("")) for name in named}
    by_month = ["year", "month"] if "month" in fields else []
    counted = rows.values(*by_month, **keys).annotate(count=Count("pk"))
    return {tuple(_key(row, name) for name in fields): row["count"] for row in counted}


def funnel(period: Period, scope: Collection[str] | None = None, about: About = ANY) -> Funnel:
    """From said to settled, of the cases received in a period."""
    told = Exists(Answer.objects.filter(case=OuterRef("pk"), delivery__in=REACHED))
    counts = (
        _cases(period, scope, about)
        .annotate(was_told=told)
        .aggregate(
            said=Count("pk"),
            triaged=Count("pk", filter=Q(triaged_at__isnull=False)),
            referred=Count("pk", filter=Q(first_referred_at__isnull=False)),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            told=Count("pk", filter=Q(was_told=True)),
            settled=Count("pk", filter=Q(settled=Settled.YES)),
        )
    )
    return Funnel(**counts)


def confirmed(
    period: Period, scope: Collection[str] | None = None, about: About = ANY, cutoff: datetime | None = None
) -> tuple[int, int]:
    """Of the cases received in a period: how many people said that it was settled, over those who said anything.

    What they said is as of `cutoff`; to this day by default.
    """
    known = Q() if cutoff is None else Q(settled_at__lte=cutoff)
    counts = _cases(period, scope, about).aggregate(
        yes=Count("pk", filter=known & Q(settled=Settled.YES)), said=Count("pk", filter=known & ~Q(settled=""))
    )
    return counts["yes"], counts["said"]


def closed_with_answer(period: Period) -> dict[tuple[str, str, bool], int]:
    """Cases closed in a period whose person had an answer: by P-code ("" unknown), category, and whether the answer
    changed something in the programme.
    """
    answers = Answer.objects.filter(case=OuterRef("pk"))
    counted = (
        closed_in(period)
        .order_by()
        .annotate(
            answered=Exists(answers.filter(kind__in=HELPED)),
            adjusted=Exists(answers.filter(kind=AnswerKind.ADJUSTMENT)),
        )
        .filter(answered=True)
        .values_list(Coalesce("place__pcode", Value("")), "category_id", "adjusted")
        .annotate(count=Count("pk"))
    )
    return {(pcode, code or "", adjusted): count for pcode, code, adjusted, count in counted}


def closed_in(period: Period) -> QuerySet[Case]:
    """The counted cases of the ordinary lane that were closed in a period."""
    closed = Case.objects.counted().filter(lane=Lane.ORDINARY, state=CaseState.CLOSED)
    return closed.filter(closed_at__gte=period.start, closed_at__lt=period.end)


def _cases(period: Period, scope: Collection[str] | None, about: About) -> QuerySet[Case]:
    rows = Case.objects.counted().filter(about.condition, lane=Lane.ORDINARY)
    rows = rows.filter(received_at__gte=period.start, received_at__lt=period.end)
    return rows if scope is None else rows.filter(place__pcode__in=scope)


def _key(row: dict[str, str | int], name: str) -> str:
    return f"{row['year']}-{int(row['month']):02}" if name == "month" else str(row[f"key_{name}"])
