"""The lists of the listening team: what waits, in the order in which it should be taken."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case as FirstOf
from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, TextChoices, Value, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import User
from feedback.enums import CaseState, Delivery, Priority, ToldHow
from feedback.late import Promises
from feedback.models import Answer, Case, DataRequest, PhonePreference
from feedback.outgoing import silent_numbers
from feedback.querysets import IN_DANGER, TO_SPEAK_WITH, UNTOLD, CaseQuerySet

TO_CLARIFY = "A_CLARIFIER"
# How far a list is counted, and what waits in each: nobody works through more by hand.
COUNTED_TO = 10_000
WAITING_COUNTED_TO = 1_000
UNDER_WAY = (CaseState.TRIAGED, CaseState.REFERRED, CaseState.ANSWERED)


class QueueName(TextChoices):
    TRIAGE = "a-trier", _("À trier")
    SPOKE_AGAIN = "nouveaux-messages", _("Ont écrit de nouveau")
    CALL_BACK = "a-rappeler", _("À rappeler")
    ANSWER = "a-repondre", _("À répondre ou à référer")
    TELL = "a-dire", _("À dire à la personne")
    REFERRED = "referes", _("Chez une organisation")
    CLOSE = "a-clore", _("À clore")
    DONE = "clos", _("Clos")
    ALL = "tous", _("Tous")


COUNTED = (QueueName.TRIAGE, QueueName.SPOKE_AGAIN, QueueName.CALL_BACK, QueueName.TELL, QueueName.ANSWER)


@dataclass(frozen=True)
class Counter:
    """`is_longer`: the list goes on where the count stopped."""

    name: str
    label: str | Promise
    count: int
    is_longer: bool = False


def queue(user: User, name: str, *, search: str = "") -> CaseQuerySet:
    """The cases of one list that this person may read. `search` looks in the neutral summary and the reference."""
    cases = Case.objects.visible_to(user).filter(_of(name), _found_by(search))
    stopped = PhonePreference.objects.filter(phone_hash=OuterRef("phone_hash"), stopped_at__isnull=False)
    cases = cases.select_related("place__parent", "category", "concerned").annotate(
        wants_no_sms=Exists(stopped), replies_stopped=Exists(silent_numbers().filter(pk=OuterRef("phone_hash")))
    )
    if name == QueueName.TELL:
        decisions = DataRequest.objects.untold().filter(case=OuterRef("pk")).order_by("due_at")
        cases = cases.annotate(decision_to_tell_by=Subquery(decisions.values("due_at")[:1]))
    if name in (QueueName.DONE, QueueName.ALL):
        return cases.order_by("-received_at", "pk")
    ranked = cases.alias(danger=DANGER, urgency=URGENCY, apart=APART)
    return ranked.order_by("danger", "apart", "-has_unread_words", "urgency", "received_at", "pk")


def counters(user: User) -> list[Counter]:
    """How many wait in each list, counted to WAITING_COUNTED_TO; a query for each, which leaves those at rest alone."""
    cases = Case.objects.visible_to(user).order_by().values("pk")
    found = [(name, cases.filter(_of(name))[: WAITING_COUNTED_TO + 1].count()) for name in COUNTED]
    return [
        Counter(name.value, name.label, min(count, WAITING_COUNTED_TO), count > WAITING_COUNTED_TO)
        for name, count in found
    ]


def counts_of(user: User, asked: Sequence[tuple[str, str]]) -> list[int]:
    """How many cases stand in each (list, search) that is asked for, counted to COUNTED_TO; a query for each."""
    cases = Case.objects.visible_to(user).order_by().values("pk")
    return [cases.filter(_of(name), _found_by(search))[:COUNTED_TO].count() for name, search in asked]


def next_in(user: User, name: str, *, but: uuid.UUID) -> Case | None:
    """The first of a list, other than the one just dealt with."""
    rows = queue(user, name)
    first = rows.exclude(pk=but).values_list("pk", flat=True).first()
    return rows.filter(pk=first).first() if first is not None else None


def is_late(case: Case, now: datetime | None = None, *, promises: Promises | None = None) -> bool:
    """Whether a promise that runs on it is over: to sort it, to pass it on, to answer, to call."""
    moment = now or timezone.now()
    if case.is_in_danger and case.danger_due_at is not None and case.danger_due_at < moment:
        return True
    return any(running.due_at < moment for running in (promises or Promises()).on(case))


def late_among(cases: Iterable[Case], name: str) -> set[uuid.UUID]:
    """Which lines of a list are late. Of those to tell: whose answer has not reached the person in time."""
    now, promises = timezone.now(), Promises()
    return {case.pk for case in cases if _is_late_in(name, case, now, promises)}


def _is_late_in(name: str, case: Case, now: datetime, promises: Promises) -> bool:
    told_late = name == QueueName.TELL and any(running.due_at < now for running in promises.to_tell(case))
    return told_late or is_late(case, now, promises=promises)


def _to_tell() -> QuerySet[Answer, Any]:
    """Cases whose latest answer has not reached the person: of those answered, and of those answered after they ended.

    It begins with the answers that are under way, which are few, not with the cases.
    """
    newer = Answer.objects.filter(case=OuterRef("case")).filter(
        Q(given_at__gt=OuterRef("given_at")) | Q(given_at=OuterRef("given_at"), recorded_at__gt=OuterRef("recorded_at"))
    )
    under_way = Answer.objects.filter(UNTOLD).filter(Q(told_how=ToldHow.NOT_YET) | Q(delivery=Delivery.FAILED))
    late = Q(case__state=CaseState.CLOSED, given_at__gt=F("case__closed_at"))
    return under_way.filter(Q(case__state=CaseState.ANSWERED) | late, ~Exists(newer)).values("case")


def _decision_to_tell() -> QuerySet[DataRequest, Any]:
    """Cases about whose words something was decided that the person cannot read."""
    return DataRequest.objects.untold().order_by().values("case")


def _found_by(search: str) -> Q:
    return Q(summary__icontains=search) | Q(reference=search.upper()) if search else Q()


def _of(name: str) -> Q:
    return LISTS[name]() if name in LISTS else Q()


def _to_call_back() -> Q:
    to_speak_with = TO_SPEAK_WITH & ~Q(state__in=[CaseState.MERGED, CaseState.PROTECTED])
    return Q(state=CaseState.TRIAGED, category=TO_CLARIFY) | to_speak_with


# Whoever writes again after the end is read again; whether that reopens the case is for a person to say.
WROTE_AFTER_THE_END = Q(state=CaseState.CLOSED, has_unread_words=True)
LISTS: dict[str, Callable[[], Q]] = {
    QueueName.TRIAGE.value: lambda: Q(state__in=[CaseState.NEW, CaseState.REOPENED]) | WROTE_AFTER_THE_END,
    QueueName.SPOKE_AGAIN.value: lambda: Q(state__in=UNDER_WAY, has_unread_words=True),
    QueueName.CALL_BACK.value: _to_call_back,
    QueueName.ANSWER.value: lambda: Q(state=CaseState.TRIAGED) & ~Q(category=TO_CLARIFY),
    QueueName.TELL.value: lambda: Q(pk__in=_to_tell().order_by().union(_decision_to_tell())),
    QueueName.REFERRED.value: lambda: Q(state=CaseState.REFERRED),
    QueueName.CLOSE.value: lambda: Q(state=CaseState.ANSWERED) & ~Q(pk__in=_to_tell()),
    QueueName.DONE.value: lambda: Q(state__in=[CaseState.CLOSED, CaseState.MERGED]),
}
DANGER = FirstOf(When(IN_DANGER, then=Value(0)), default=Value(1), output_field=IntegerField())
URGENCY = FirstOf(
    *(When(priority=priority, then=Value(rank)) for rank, priority in enumerate(Priority.values)),
    default=Value(len(Priority.values)),
    output_field=IntegerField(),
)
# Those that nobody could sort for want of words stand apart, at the end.
APART = FirstOf(When(category=TO_CLARIFY, then=Value(1)), default=Value(0), output_field=IntegerField())
