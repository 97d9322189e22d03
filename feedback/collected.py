"""Figures of what other organisations counted: integers, never rows, and never added to what is counted here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Max, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.periods import Quarter
from feedback.models import CollectedCount
from feedback.statistics import ANY, About


def collected(quarter: Quarter, scope: Collection[str] | None = None, about: About = ANY) -> dict[tuple[int, str], int]:
    """How many, by source (its id) and category ("" undecided), of the readings in force that lie in the quarter.

    `scope`: P-codes, or all. What a source did not say (a sex, a place) answers to no question about it; none says
    the status of people, nor their language.
    """
    rows = _counts(quarter).order_by().values_list("reading__source", Coalesce("category", Value("")))
    if scope is not None:
        rows = rows.filter(place__pcode__in=scope)
    return {(source, code): count for source, code, count in _about(rows, about).annotate(count=Sum("count"))}


def sources(quarter: Quarter) -> list[tuple[int, str, date]]:
    """Who counted in the quarter: id, name, and the day their latest reading came in."""
    rows = (
        _counts(quarter).order_by().values_list("reading__source", "reading__source__acronym", "reading__source__name")
    )
    found = rows.annotate(latest=Max("reading__received_at"))
    return sorted(
        ((pk, acronym or name, timezone.localdate(latest)) for pk, acronym, name, latest in found),
        key=lambda one: one[1],
    )


def _counts(quarter: Quarter) -> QuerySet[CollectedCount]:
    return CollectedCount.objects.filter(
        reading__replaced_at=None, reading__first_day__gte=quarter.first_day, reading__last_day__lte=quarter.last_day
    )


def _about(rows: QuerySet[CollectedCount, tuple[int, str]], about: About) -> QuerySet[CollectedCount, tuple[int, str]]:
    if about.population_status or about.language:
        return rows.none()
    return rows.filter(about.condition)
