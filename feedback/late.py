"""Which promise runs on a case, whether it is over, and who is told. A breach flags; it never changes a state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from django.db import transaction
from django.db.models import F, Q

from core.index import keyed_hash
from core.reading_once import read_once, reading_once
from directory.enums import RestrictedKind
from directory.notices import Notice, notify
from feedback.deadlines import nearest
from feedback.enums import CaseState, Clock, Lane
from feedback.models import Case, DeadlineRule
from feedback.recipients import late_contacts

# What was late for longer is left to the desk, which shows it: nobody is told of a whole backlog at once.
RECENTLY = timedelta(days=7)
# No promise of the table is longer; the index of the queue finds what came since.
LOOKED_BACK = timedelta(days=120)
OF_CASES = (Clock.TRIAGE, Clock.REFER_OUT, Clock.INTEGRITY, Clock.ANSWER, Clock.CLOSE_LOOP)
TO_SORT = (CaseState.NEW, CaseState.REOPENED)
WITH_SOMEBODY = (CaseState.TRIAGED, CaseState.REFERRED)


@dataclass(frozen=True)
class Running:
    """One promise of a case: when it is over, and whether it runs round the clock."""

    clock: Clock
    due_at: datetime
    is_round: bool = False


class Promises:
    """The table as it stands, read once for many cases."""

    def __init__(self) -> None:
        self._rules = _rules()

    def on(self, case: Case) -> list[Running]:
        """Those that run now: to sort it; once sorted, to answer the person, and to pass it on to whom it concerns."""
        if case.state in TO_SORT:
            return self._from(Clock.TRIAGE, case.reopened_at or case.received_at, case)
        if case.state not in WITH_SOMEBODY:
            return []
        return [*self._to_answer(case), *(self._to_pass_on(case) if case.state == CaseState.TRIAGED else [])]

    def to_tell(self, case: Case) -> list[Running]:
        """That of an answer which has not reached the person."""
        return self._from(Clock.CLOSE_LOOP, case.answered_at, case)

    def _to_answer(self, case: Case) -> list[Running]:
        rule = nearest(self._rules[Clock.ANSWER], case.category, case.priority)
        is_round = rule is not None and rule.around_the_clock
        return [Running(Clock.ANSWER, case.due_at, is_round)] if case.due_at is not None else []

    def _to_pass_on(self, case: Case) -> list[Running]:
        """Until somebody referred or answered it: what another organisation must answer, and integrity matters."""
        if case.first_referred_at is not None:
            return []
        if case.restricted_kind == RestrictedKind.INTEGRITY:
            return self._from(Clock.INTEGRITY, case.triaged_at, case)
        is_for_another = case.lane == Lane.ORDINARY and case.concerned_id is not None and not case.objects_to_sharing
        return self._from(Clock.REFER_OUT, case.triaged_at, case) if is_for_another else []

    def _from(self, clock: Clock, start: datetime | None, case: Case) -> list[Running]:
        rule = nearest(self._rules[clock], case.category, case.priority)
        if rule is None or start is None:
            return []
        return [Running(clock, rule.after(start), rule.around_the_clock)]


@read_once
def _rules() -> dict[str, list[DeadlineRule]]:
    found: dict[str, list[DeadlineRule]] = {clock: [] for clock in OF_CASES}
    for rule in DeadlineRule.objects.filter(clock__in=OF_CASES):
        found[rule.clock].append(rule)
    return found


def flag_late(now: datetime) -> int:
    """Tells whoever must act on cases that became late, once for each promise; out: how many. Safe to run twice."""
    promises = Promises()
    with reading_once():
        return sum(_tell(case, over) for case in _may_be_late(now) if (over := _over(case, promises.on(case), now)))


def _over(case: Case, running: Iterable[Running], now: datetime) -> list[Running]:
    """Those that ended lately, or before it was sorted lately, and that nobody was told of."""
    told_for, lately = case.late_told_for, now - RECENTLY
    is_new_here = case.triaged_at is not None and case.triaged_at > lately
    over = [one for one in running if one.due_at <= now and (is_new_here or one.due_at > lately)]
    return [one for one in over if told_for is None or one.due_at > told_for]


def _may_be_late(now: datetime) -> Iterator[Case]:
    unsaid = Q(late_told_for=None) | Q(late_told_for__lt=F("due_at"))
    lately = Q(due_at__gt=now - RECENTLY) | Q(triaged_at__gt=now - RECENTLY)
    waiting = (
        Q(state=CaseState.NEW, late_told_for=None)
        | (Q(state__in=WITH_SOMEBODY, due_at__lte=now) & unsaid & lately)
        | Q(state=CaseState.TRIAGED, first_referred_at=None, triaged_at__gt=now - LOOKED_BACK)
    )
    live = Case.objects.filter(state__in=[CaseState.NEW, *WITH_SOMEBODY], received_at__gt=now - LOOKED_BACK)
    reopened = Case.objects.filter(state=CaseState.REOPENED, late_told_for=None)
    rows = (
        found.select_related("category", "place").iterator(chunk_size=200) for found in (live.filter(waiting), reopened)
    )
    return chain.from_iterable(rows)


@transaction.atomic
def _tell(case: Case, over: list[Running]) -> int:
    """One notice, without content, for all that is over; at any hour where one of them runs round the clock."""
    latest = max(over, key=lambda one: one.due_at)
    key = keyed_hash(f"{case.pk}:{latest.clock}:{latest.due_at.isoformat()}", "late-case")
    notify(late_contacts(case), Notice.LATE, dedupe_key=key, is_urgent=any(one.is_round for one in over))
    return Case.objects.filter(pk=case.pk).update(late_told_for=latest.due_at)
