"""Figures of what was said: integers, never rows. The ordinary lane only; tests and duplicates out (DESIGN §4, §5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.models import Outbound
from core.periods import Period
from feedback.enums import AnswerKind, CaseState, Lane, Settled
from feedback.facts import VOICE, as_facts, voice_of
from feedback.models import Answer, Case, CaseFacts, VoiceTally
from feedback.reads import Counts, Rows, once
from feedback.tallied import Behind, Facts, Parts, Question, Span, added, open_cases, parts, sums

HELPED = (AnswerKind.RESPONSE, AnswerKind.ADJUSTMENT, AnswerKind.SERVICE_PROVIDED)
TO_PEOPLE = (Outbound.Kind.RECEIPT, Outbound.Kind.MENU, Outbound.Kind.ANSWER, Outbound.Kind.QUESTION)

# How dates are written that are keys.
WRITTEN = {"month": "%Y-%m", "day": "%Y-%m-%d"}


@dataclass(frozen=True)
class About:
    """Which cases, by what was said of them; empty means any."""

    channel: str = ""
    category: str = ""
    sex: str = ""
    age_group: str = ""
    population_status: str = ""
    language: str = ""

    @property
    def condition(self) -> Q:
        """On `Case`. A category stands for its children too."""
        said = {name: value for name, value in vars(self).items() if value and name != "category"}
        within = Q(category=self.category) | Q(category__parent=self.category) if self.category else Q()
        return Q(**said) & within

    @property
    def asked(self) -> dict[str, str]:
        """What is asked, by name."""
        return {name: value for name, value in vars(self).items() if value}

    @property
    def is_narrow(self) -> bool:
        """Whether anything is asked."""
        return bool(self.asked)


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


def said(
    period: Period, scope: Collection[str] | None = None, about: About = ANY, cutoff: datetime | None = None
) -> int:
    """How many cases were received in a period. `scope`: P-codes of their places, or all."""
    return _one(["said"], period, scope, about, cutoff)[0]


def behind(period: Period, scope: Collection[str] | None = None, about: About = ANY) -> Behind:
    """The cases that `said` counts."""
    return Behind.of(Facts("received_at", _received(period), open_voices()), scope, about.asked)


def said_by(
    *fields: str,
    period: Period,
    scope: Collection[str] | None = None,
    about: About = ANY,
    cutoff: datetime | None = None,
) -> dict[tuple[str, ...], int]:
    """The same, by any of `feedback.tallied.ON_FACTS`, "month" ("2022-03") and "day" ("2022-03-31"); "" where it is not
    known. Raises KeyError for another.
    """
    found = steps_by(*fields, counts=["said"], period=period, scope=scope, about=about, cutoff=cutoff)
    return {key: n for key, (n,) in found.items()}


def steps_by(
    *fields: str,
    counts: Sequence[str],
    period: Period,
    scope: Collection[str] | None = None,
    about: About = ANY,
    cutoff: datetime | None = None,
) -> dict[tuple[str, ...], list[int]]:
    """The same fields, for several counts of `VoiceTally`, in their order."""
    found = _voices(fields, counts, period, scope, about, cutoff)
    dates = [(place, WRITTEN[name]) for place, name in enumerate(fields) if name in WRITTEN]
    if not dates:
        return dict(found)
    # few dates stand in many keys
    words = {(form, key[place]): format(key[place], form) for key in found for place, form in dates}
    forms = [WRITTEN.get(name) for name in fields]
    return {
        tuple(words[form, part] if form else part for part, form in zip(key, forms, strict=True)): each
        for key, each in found.items()
    }


def funnel(period: Period, scope: Collection[str] | None = None, about: About = ANY) -> Funnel:
    """From said to settled, of the cases received in a period."""
    return Funnel(*_one(["said", "triaged", "referred", "answered", "told", "settled"], period, scope, about))


def confirmed(
    period: Period, scope: Collection[str] | None = None, about: About = ANY, cutoff: datetime | None = None
) -> tuple[int, int]:
    """Of the cases received in a period: how many people said that it was settled, over those who said anything.

    What they said is as of `cutoff`; to this day by default.
    """
    yes, spoke = _one(["settled", "spoke"], period, scope, about, cutoff)
    return yes, spoke


def loops_closed(period: Period, scope: Collection[str] | None = None, about: About = ANY) -> tuple[int, int]:
    """Of the cases received in a period: how many had their answer reach the person, over those that had an answer."""
    told, answered = _one(["told", "answered"], period, scope, about)
    return told, answered


def sms_delivered(period: Period, cutoff: datetime | None = None) -> tuple[int, int]:
    """Of the SMS that left for people in a period: how many the carrier says were delivered, over all of them.

    Every kind and lane together, for a receipt is sent in each: what is counted here cannot be set against cases.
    """
    known_by = cutoff or timezone.now()
    rows = Outbound.objects.filter(
        way=Outbound.Way.SMS, kind__in=TO_PEOPLE, sent_at__gte=period.start, sent_at__lt=min(period.end, known_by)
    )
    delivered = Q(state=Outbound.State.DELIVERED, settled_at__lte=known_by)
    counts = rows.aggregate(delivered=Count("sent_at", filter=delivered), left=Count("sent_at"))
    return counts["delivered"], counts["left"]


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


def _one(
    counts: Sequence[str],
    period: Period,
    scope: Collection[str] | None,
    about: About,
    cutoff: datetime | None = None,
) -> list[int]:
    return _voices((), counts, period, scope, about, cutoff).get((), [0] * len(counts))


def _voices(
    keys: Sequence[str],
    counts: Sequence[str],
    period: Period,
    scope: Collection[str] | None,
    about: About,
    cutoff: datetime | None,
) -> Rows:
    """`counts`: names of `VoiceTally`. In one statement: what is summed, what is open, less what was summed of it."""

    def read() -> Rows:
        known = Q() if cutoff is None else Q(settled_at__lt=cutoff)
        which = {name: facts_that(known)[name] for name in counts}
        question = Question(Span.of(period, cutoff), keys, scope, about.asked)
        facts = Facts("received_at", _received(period), open_voices())
        is_of_entry = set(counts) == {"said"} and (cutoff is None or cutoff >= period.end)
        split = Span.whole_months(period)
        if is_of_entry and split is not None and sums(VoiceTally, question, counts) is None:
            months, left = split
            return added(_of_months_and_left(replace(question, span=months), left, which, facts), len(keys))
        return added(parts(VoiceTally, question, which, facts), len(keys))

    return once(Counts("voices", keys, counts, period, scope, about.asked, cutoff), read)


def _received(period: Period) -> Q:
    return Q(is_ordinary=True, received_at__gte=period.start, received_at__lt=period.end)


def _of_months_and_left(question: Question, left: Period, which: Mapping[str, Q], facts: Facts) -> Parts:
    """Of one statement: what is counted on entry needs no cut-off, and of all but a last part of a month the sums know
    it as of now.
    """
    months = facts.within & Q(received_at__lt=left.start)
    late = Facts(facts.entered, facts.within & _received(left), facts.opened)
    return [
        *parts(VoiceTally, question, which, replace(facts, within=months)),
        *parts(VoiceTally, replace(question, span=None), which, late),
    ]


@cache
def open_voices() -> QuerySet[CaseFacts]:
    """What is open to be counted again, as it stands: as much of its facts as VOICE."""
    return as_facts(*voice_of(Case.objects.filter(pk__in=open_cases())).query.sql_with_params(), VOICE)


def facts_that(known: Q) -> dict[str, Q]:
    """Which facts each count of `VoiceTally` takes. `known`: what people had said by then."""
    return {
        "said": Q(pk__isnull=False),
        **{name: Q(**{f"was_{name}": True}) for name in ("triaged", "referred", "answered", "told")},
        "settled": known & Q(settled=Settled.YES),
        "spoke": known & ~Q(settled=""),
    }
