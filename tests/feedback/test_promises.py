"""Promises that run on a case: shown where one works, said once to whoever must act, and nothing else changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.enums import NoticePace
from directory.implicated import Implicated
from directory.models import StaffNotice, User
from feedback import actions
from feedback.enums import CaseState, SafeContact
from feedback.late import flag_late
from feedback.models import Case, DeadlineRule
from feedback.queue import QueueName, is_late, late_among
from tests.cast import Cast
from tests.feedback.making import made_case, sorted_case, sorting

pytestmark = pytest.mark.usefixtures("db")

DAY = timedelta(days=1)


def told() -> list[str]:
    """Who was told that something is late, by name."""
    return sorted(StaffNotice.objects.filter(sentence="late").values_list("person__name", flat=True))


def late(case: Case, now: datetime | None = None) -> bool:
    return is_late(Case.objects.get(pk=case.pk), now)


def test_a_threat_that_nobody_answered_within_the_hour_is_said_to_those_named_for_it(cast: Cast) -> None:
    """At any hour, to whoever prefers one summary a day; once; and to nobody else."""
    User.objects.update(notices_pace=NoticePace.DAILY)
    case = sorted_case(cast.awa, "SECU")
    now = timezone.now()
    assert (flag_late(now), told(), late(case, now)) == (0, [], False)

    later = now + timedelta(minutes=61)
    assert (flag_late(later), flag_late(later), flag_late(later + DAY)) == (1, 0, 0)
    assert told() == ["Moussa"]
    assert StaffNotice.objects.get(sentence="late").told_at is not None, "urgent"
    assert (late(case, later), Case.objects.get(pk=case.pk).state) == (True, CaseState.TRIAGED)


def test_nobody_whom_it_implicates_is_told_even_as_a_deputy(cast: Cast) -> None:
    cast.moussa.is_away, cast.moussa.deputy = True, cast.ibrahim
    cast.moussa.save()
    for implicated in (Implicated(), Implicated(users=frozenset({cast.ibrahim.pk}))):
        case = made_case()
        actions.triage(case.pk, sorting("SECU", implicated=implicated), by=cast.awa)
    assert flag_late(timezone.now() + timedelta(minutes=61)) == 2
    assert told() == ["Ibrahim"], "of the first"


def test_what_nobody_sorted_is_late_on_the_desk_and_said_once(cast: Cast, signed_in: Any) -> None:
    fresh, waits = made_case(), made_case(received_at=timezone.now() - 5 * DAY)
    old = made_case(received_at=timezone.now() - 60 * DAY)
    assert [late(one) for one in (fresh, waits, old)] == [False, True, True]
    desk = signed_in(cast.awa).get("/cases/?liste=a-trier")
    assert desk.context["late"] == {waits.pk, old.pk}
    assert "2 en retard sur cette page" in desk.content.decode()

    now = timezone.now()
    assert (flag_late(now), flag_late(now)) == (1, 0), "not of a backlog"
    assert told() == ["Awa"]
    actions.triage(waits.pk, sorting("INSAT_MIN"), by=cast.awa)
    assert (late(waits), flag_late(now)) == (False, 0)
    fresh.delete()
    due_at = Case.objects.values_list("due_at", flat=True).get(pk=waits.pk)
    assert due_at is not None
    assert flag_late(due_at + timedelta(minutes=1)) == 1, "another promise"
    assert told() == ["Awa", "Awa"]


def test_what_another_must_answer_and_integrity_wait_three_and_two_days(cast: Cast) -> None:
    """Until it is referred; where nobody else is concerned, only the answer is promised."""
    now = timezone.now()
    ours, theirs = (sorted_case(cast.awa, about=about) for about in ({}, {"concerned": cast.organisations["nrc"]}))
    assert [late(one, now + 6 * DAY) for one in (ours, theirs)] == [False, True]
    assert flag_late(now + 6 * DAY) == 1
    Case.objects.filter(pk=theirs.pk).update(first_referred_at=now)
    assert not late(theirs, now + 6 * DAY)

    DeadlineRule.objects.filter(clock="answer", category="FRAUDE").update(hours=None, days=14)
    fraud = sorted_case(cast.awa, "FRAUDE")
    assert [late(fraud, now + days * DAY) for days in (1, 5)] == [False, True]
    DeadlineRule.objects.filter(clock="integrity").update(hours=None, days=9)
    assert not late(fraud, now + 5 * DAY)


def test_an_answer_that_did_not_reach_the_person_is_late_among_those_to_tell(cast: Cast) -> None:
    case = sorted_case(cast.awa, about={"safe_contact": SafeContact.CALL})
    actions.answer(case.pk, words="Le forage sera réparé.", by=cast.awa)
    rows = [Case.objects.get(pk=case.pk)]
    assert late_among(rows, QueueName.TELL) == set()
    Case.objects.filter(pk=case.pk).update(answered_at=timezone.now() - 20 * DAY)
    rows = [Case.objects.get(pk=case.pk)]
    assert (late_among(rows, QueueName.TELL), late_among(rows, QueueName.ALL)) == ({case.pk}, set())
    DeadlineRule.objects.filter(clock="close_loop").update(days=60)
    assert late_among(rows, QueueName.TELL) == set()


def test_a_run_with_nothing_to_say_asks_as_much_of_many_as_of_one(cast: Cast) -> None:
    counts, later = [], timezone.now() + timedelta(minutes=61)
    for _number in range(3):
        sorted_case(cast.awa, "SECU")
        flag_late(later)
        with CaptureQueriesContext(connection) as captured:
            assert flag_late(later) == 0
        counts.append(len(captured))
    assert counts == [3, 3, 3]
