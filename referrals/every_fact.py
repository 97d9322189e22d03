"""The facts of every case at once: referrals and answers are gone through once, where facts one by one look them up.

What they say is what `referrals.statistics.facts_of` says, which `manage.py tallies --check` compares them with.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Case as If
from django.db.models import F, Min, Q, QuerySet, Value, When

from feedback.facts import COUNTS, VOICE, as_facts, with_voice
from feedback.models import Case
from feedback.tallied import WholeDays
from referrals.enums import SUCCESSES
from referrals.models import Referral, ReferralCycle
from referrals.statistics import FACTS, KINDS

_MOMENTS = ("first_answer", *(f"first_{name}" for name in KINDS))


def every_fact() -> QuerySet[Any]:
    """FACTS of every case, in their order; by when cases came, as periods are read."""
    rows = as_facts(*_joined(), [*VOICE, "first_sent", *_MOMENTS, "was_on_time"])
    told = {"days": WholeDays(F("first_sent"), F("first_answer")), "is_stale": Value(False)}
    found: QuerySet[Any] = rows.order_by("received_at").values_list(*(told.get(name, name) for name in FACTS))
    return found


def _joined() -> tuple[str, tuple[Any, ...]]:
    """Cases, beside the first referral and the first answers of each."""
    counts = If(When(COUNTS, then=1), default=0)
    voice = with_voice(Case.objects.all()).order_by().values_list(*VOICE.values(), counts)
    sent = Referral.objects.counted().order_by().values_list("case").annotate(Min("first_sent_at"))
    here = _answers(Referral.objects.all(), "case")
    answers = here.union(_answers(ReferralCycle.objects.all(), "referral__case"), all=True)
    told = [rows.query.sql_with_params() for rows in (voice, sent, answers)]
    moments = (*_MOMENTS, "in_time")
    firsts = ", ".join(f"min({name}) AS {name}" for name in moments)
    clauses = [
        f"WITH voice ({', '.join(VOICE)}, counts) AS ({told[0][0]}), sent (case_id, first_sent) AS ({told[1][0]}),",
        f"answers (case_id, {', '.join(moments)}) AS ({told[2][0]}),",
        f"firsts AS (SELECT case_id, {firsts} FROM answers GROUP BY case_id)",  # noqa: S608  our own names
        f"SELECT {', '.join(f'voice.{name}' for name in VOICE)}, CASE WHEN counts = 1 THEN sent.first_sent END,",
        f"{', '.join(f'firsts.{name}' for name in _MOMENTS)}, coalesce(in_time = first_answer, false)",
        "FROM voice LEFT JOIN sent ON sent.case_id = voice.case_id LEFT JOIN firsts ON firsts.case_id = voice.case_id",
    ]
    return " ".join(clauses), tuple(param for _sql, params in told for param in params)


def _answers(rows: QuerySet[Any], case: str) -> QuerySet[Any]:
    """Each success: its case; its moment, for each kind apart too, and where it came in time."""
    at = F("answered_at")
    kinds = [If(When(answer_kind=kind, then=at), default=None) for kind in KINDS.values()]
    in_time = If(When(Q(answer_by__gte=at), then=at), default=None)
    found: QuerySet[Any] = rows.filter(answer_kind__in=SUCCESSES).order_by().values_list(case, at, *kinds, in_time)
    return found
