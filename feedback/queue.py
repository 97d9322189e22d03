"""The lists of the listening team: what waits, in the order in which it should be taken."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case as FirstOf
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, TextChoices, Value, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import User
from feedback.enums import LIVE, CaseState, Delivery, Priority, ToldHow
from feedback.models import Answer, Case, PhonePreference
from feedback.outgoing import silent_numbers
from feedback.querysets import IN_DANGER, TO_SPEAK_WITH, UNREAD, UNTOLD, CaseQuerySet

TO_CLARIFY = "A_CLARIFIER"
# How far a list is counted: nobody works through more by hand.
COUNTED_TO = 10_000
UNDER_WAY = (CaseState.TRIAGED, CaseState.REFERRED, CaseState.ANSWERED)
# Each of these has an index of its own (feedback/models): what waits is found among millions at rest.
MAY_WAIT = Q(state__in=LIVE) | UNREAD | TO_SPEAK_WITH


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
    name: str
    label: str | Promise
    count: int


def queue(user: User, name: str, *, search: str = "") -> CaseQuerySet:
    """The cases of one list that this person may read. `search` looks in the neutral summary and the reference."""
    cases = Case.objects.visible_to(user).filter(_of(name), _found_by(search))
    stopped = PhonePreference.objects.filter(phone_hash=OuterRef("phone_hash"), stopped_at__isnull=False)
    cases = cases.select_related("place__parent", "category", "concerned").annotate(
        wants_no_sms=Exists(stopped), replies_stopped=Exists(silent_numbers().filter(pk=OuterRef("phone_hash")))
    )
    if name in (QueueName.DONE, QueueName.ALL):
        return cases.order_by("-received_at", "pk")
    ranked = cases.alias(danger=DANGER, urgency=URGENCY, apart=APART)
    return ranked.order_by("danger", "apart", "-has_unread_words", "urgency", "received_at", "pk")


def counters(user: User) -> list[Counter]:
    """How many wait in each list, in two queries that leave those at rest alone, however many they are."""
    cases = Case.objects.visible_to(user)
    of_state = [name for name in COUNTED if name != QueueName.TELL]
    counts = cases.filter(MAY_WAIT).aggregate(**{name.name: Count("pk", filter=_of(name)) for name in of_state})
    counts[QueueName.TELL.name] = cases.filter(_of(QueueName.TELL)).count()
    return [Counter(name.value, name.label, counts[name.name]) for name in COUNTED]


def counts_of(user: User, asked: Sequence[tuple[str, str]]) -> list[int]:
    """How many cases stand in each (list, search) that is asked for, counted to COUNTED_TO; a query for each."""
    cases = Case.objects.visible_to(user).order_by().values("pk")
    return [cases.filter(_of(name), _found_by(search))[:COUNTED_TO].count() for name, search in asked]


def next_in(user: User, name: str, *, but: uuid.UUID) -> Case | None:
    """The first of a list, other than the one just dealt with."""
    return queue(user, name).exclude(pk=but).first()


def is_late(case: Case, now: datetime | None = None) -> bool:
    """Whether the promised answer is overdue."""
    moment = now or timezone.now()
    if case.is_in_danger and case.danger_due_at is not None and case.danger_due_at < moment:
        return True
    waits = case.state in (CaseState.TRIAGED, CaseState.REFERRED, CaseState.REOPENED)
    return waits and case.due_at is not None and case.due_at < moment


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


def _found_by(search: str) -> Q:
    return Q(summary__icontains=search) | Q(reference=search.upper()) if search else Q()


def _of(name: str) -> Q:
    answered = Q(state=CaseState.ANSWERED)
    to_speak_with = TO_SPEAK_WITH & ~Q(state__in=[CaseState.MERGED, CaseState.PROTECTED])
    to_clarify = Q(state=CaseState.TRIAGED, category=TO_CLARIFY)
    # Whoever writes again after the end is read again; whether that reopens the case is for a person to say.
    wrote_after_the_end = Q(state=CaseState.CLOSED, has_unread_words=True)
    lists = {
        QueueName.TRIAGE.value: Q(state__in=[CaseState.NEW, CaseState.REOPENED]) | wrote_after_the_end,
        QueueName.SPOKE_AGAIN.value: Q(state__in=UNDER_WAY, has_unread_words=True),
        QueueName.CALL_BACK.value: to_clarify | to_speak_with,
        QueueName.ANSWER.value: Q(state=CaseState.TRIAGED) & ~Q(category=TO_CLARIFY),
        QueueName.TELL.value: Q(pk__in=_to_tell()),
        QueueName.REFERRED.value: Q(state=CaseState.REFERRED),
        QueueName.CLOSE.value: answered & ~Q(pk__in=_to_tell()),
        QueueName.DONE.value: Q(state__in=[CaseState.CLOSED, CaseState.MERGED]),
    }
    return lists.get(name, Q())


DANGER = FirstOf(When(IN_DANGER, then=Value(0)), default=Value(1), output_field=IntegerField())
URGENCY = FirstOf(
    *(When(priority=priority, then=Value(rank)) for rank, priority in enumerate(Priority.values)),
    default=Value(len(Priority.values)),
    output_field=IntegerField(),
)
# Those that nobody could sort for want of words stand apart, at the end.
APART = FirstOf(When(category=TO_CLARIFY, then=Value(1)), default=Value(0), output_field=IntegerField())
