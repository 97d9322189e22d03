"""Facts of cases as their rows stand, in the shape of `CaseFacts`: what sums take in, and what is open to be counted.

So a figure asks the same of what was taken in and of what was not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.db.models.sql import Query
from django.db.models.sql.datastructures import BaseTable

from feedback.enums import CaseState, Delivery, Lane
from feedback.models import Answer, Case, CaseFacts

REACHED = (Delivery.SENT, Delivery.DELIVERED, Delivery.TOLD, Delivery.READABLE)
# What does not count has no lane, so that no sum takes it.
COUNTS = Q(is_test=False, merged_into=None) & ~Q(state=CaseState.MERGED)
# By column of `CaseFacts`, where it stands on a case of `with_voice`.
VOICE: dict[str, Any] = {
    "case_id": "pk",
    "is_ordinary": COUNTS & Q(lane=Lane.ORDINARY),
    "pcode": Coalesce("place__pcode", Value("")),
    "category_code": Coalesce("category_id", Value("")),
    **{name: name for name in ("channel", "sex", "age_group", "population_status", "language", "received_at")},
    "was_triaged": Q(triaged_at__isnull=False),
    "was_referred": Q(first_referred_at__isnull=False),
    "was_answered": Q(answered_at__isnull=False),
    **{name: name for name in ("was_told", "settled", "settled_at")},
}


def with_voice(rows: QuerySet[Case]) -> QuerySet[Case]:
    """With `was_told`: it has an answer, and one reached the person."""
    reached = Answer.objects.filter(case=OuterRef("pk"), delivery__in=REACHED)
    return rows.annotate(was_told=Q(answered_at__isnull=False) & Exists(reached))


def voice_of(cases: QuerySet[Case]) -> QuerySet[Any]:
    """The columns of VOICE of each case, in their order."""
    rows: QuerySet[Any] = with_voice(cases).order_by().values_list(*VOICE.values())
    return rows


def as_facts(sql: str, params: Sequence[Any], columns: Iterable[str]) -> QuerySet[CaseFacts]:
    """In: a statement that gives such columns. Out: facts that are read from it, and not from the table; others cannot
    be asked.
    """
    named = f"(WITH standing ({', '.join(columns)}) AS ({sql}) SELECT * FROM standing)"  # noqa: S608  our own names

    class Standing(BaseTable):
        def as_sql(self, compiler: Any, connection: Any) -> Any:
            return f"{named} {compiler.quote_name_unless_alias(self.table_alias)}", list(params)

    class OfStanding(Query):
        base_table_class = Standing

    return QuerySet(model=CaseFacts, query=OfStanding(CaseFacts))
