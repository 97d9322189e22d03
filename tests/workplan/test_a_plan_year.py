"""A year of the plan lived through: reported, returned, verified, closed, corrected; and each review as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.test import Client
from django.urls import reverse

from core.periods import Quarter, quarters
from tests.workplan.conftest import Tracker
from workplan.actions import readings
from workplan.actions.asked import ask_the_team
from workplan.actions.plans import change_element
from workplan.actions.quarters import close_quarter
from workplan.actions.standing import say_status
from workplan.checks import checked, closing_of
from workplan.enums import ReadingState
from workplan.models import Activity, Indicator, Reading
from workplan.progress import so_far, standing
from workplan.quarter_report import quarter_report
from workplan.values import Value

SignIn = Callable[[Any], Client]
YEAR = list(quarters(Quarter(2021, 1), Quarter(2021, 4)))
# What is reported of each quarter, in its order: counts, a count with its share, a disaggregated one, a yes or no.
COUNTED: dict[str, list[int]] = {"1.1.1.b": [3, 0, 4, 12], "1.1.1.c": [1, 2, 2, 1]}
SHARED = [(8, 2), (10, 5), (6, 6), (4, 0)]
PARTED = [(5, {"communication publique": 3, "médias": 2}), (2, {"communication publique": 2}), (0, {}), (1, {})]


@dataclass(frozen=True)
class Seen:
    """What a review page said, and to whom."""

    moved: list[tuple[str, str, str, str, str]]
    late: list[tuple[str, list[str], list[str]]]
    expected: list[str]
    counters: tuple[int, int, int, int, int]
    asked: list[str]
    blocked: list[str]


def seen(client: Client, tracker: Tracker, quarter: Quarter, **more: str) -> Seen:
    asked = {"plan": tracker.plan.code, "period": quarter.code} | more
    page = client.get(reverse("workplan:review"), asked).context
    found, team = page["review"], page["asked"]
    return Seen(
        [
            (
                m.indicator.number,
                m.indicator.title,
                m.before.text if m.before else "",
                m.now.text,
                m.reading.state_label,
            )
            for m in found.moved
        ],
        [(each.indicator.number, [q.code for q in each.quarters], list(each.leads)) for each in found.late],
        [each.indicator.number for each in found.expected],
        (found.reported, found.verified, found.waiting, found.unchanged, found.unread),
        team.lines,
        [each.reason for each in team.blocked],
    )


@contextmanager
def days_after(quarter: Quarter, days: int) -> Iterator[datetime]:
    moment = quarter.period.end + timedelta(days=days, hours=9)
    with time_machine.travel(moment, tick=False):
        yield moment


def report_all(tracker: Tracker, place: int, quarter: Quarter) -> list[Reading]:
    """Ten working days to report: Lassana does within five days, and sends all but one to its verifier."""
    values = {number: Value(number=each[place]) for number, each in COUNTED.items()}
    number, numerator = SHARED[place]
    values["1.1.1.a"] = Value(number=number, numerator=numerator)
    number, parts = PARTED[place]
    values["2.2.2.b"] = Value(number=number, breakdown={"retombée": parts} if parts else {})
    values["1.2.1.a"] = Value(yes=place > 1)
    return [tracker.submitted(each, value, quarter) for each, value in values.items()]


def live_a_quarter(tracker: Tracker, place: int, quarter: Quarter) -> None:
    with days_after(quarter, 5):
        rows = report_all(tracker, place, quarter)
    with days_after(quarter, 8):
        first, *others = rows
        readings.send_back(first.pk, reason="Une réunion manque", by=tracker.sira)
        for row in others[:-1] if place == 1 else others:
            readings.verify(row.pk, by=tracker.sira)
    with days_after(quarter, 9):
        tracker.submitted(first.indicator.number, first.value, quarter)
        readings.verify(first.pk, by=tracker.sira)
        if place == 2:
            activity = Activity.objects.get(number="1.3.1")
            say_status(activity.pk, status="blocked", reason="Accès coupé à Ménaka", by=tracker.cast.lassana)
    with days_after(quarter, 20):
        ask_the_team(tracker.plan, quarter, words=f"– Demande du {quarter.code}", by=tracker.cast.lassana)
        look = checked(tracker.plan, quarter)
        close_quarter(tracker.plan, quarter, words="Vu en réunion.", seen=len(look.found), by=tracker.cast.lassana)


def change_what_was(tracker: Tracker) -> None:
    """After the year: a value corrected, one verified late, words and windows of the plan changed, a block lifted."""
    lassana, spring = tracker.cast.lassana, YEAR[1]
    old = Reading.objects.get(indicator__number="1.1.1.b", year=2021, quarter=2)
    fresh = readings.correct(old.pk, reason="Deux réunions oubliées", by=lassana)
    tracker.submitted("1.1.1.b", Value(number=2), spring)
    readings.verify(fresh.pk, by=tracker.sira)
    waiting = Reading.objects.get(state=ReadingState.SUBMITTED, year=2021, quarter=2, place=None, computed=False)
    readings.verify(waiting.pk, by=tracker.sira)
    say_status(Activity.objects.get(number="1.3.1").pk, status="", reason="Accès rétabli", by=lassana)
    ask_the_team(tracker.plan, spring, words="Autre chose", by=lassana)
    for number, values in (("1.1.1.b", {"title": "# de réunions, tout autrement"}), ("1.1.4.a", {"windows": {}})):
        change_element(
            "indicator", tracker.indicator(number).pk, values, reason="Relu par l’EHP", by=tracker.cast.djeneba
        )


def test_a_year_of_the_plan_and_each_past_review_as_it_was(tracker: Tracker, signed_in: SignIn) -> None:
    def clients() -> dict[str, Client]:
        return {"observer": signed_in(tracker.cast.robert), "verifier": signed_in(tracker.sira)}

    then: dict[tuple[str, Quarter], Seen] = {}
    for place, quarter in enumerate(YEAR):
        live_a_quarter(tracker, place, quarter)
        with days_after(quarter, 21):
            then |= {(who, quarter): seen(client, tracker, quarter) for who, client in clients().items()}
    spring = YEAR[1]
    with days_after(YEAR[-1], 60):
        change_what_was(tracker)
    with days_after(YEAR[-1], 70):
        for who, client in clients().items():
            for quarter in YEAR:
                day = (quarter.period.end + timedelta(days=21)).date().isoformat()
                assert seen(client, tracker, quarter, le=day) == then[who, quarter], (who, quarter)
        now = seen(clients()["observer"], tracker, spring)
    before = then["observer", spring]
    assert now != before
    assert [row[3] for row in before.moved if row[0] == "1.1.1.b"] == ["0"]
    assert [row[1:4] for row in now.moved if row[0] == "1.1.1.b"] == [("# de réunions, tout autrement", "3", "2")]
    assert (before.counters[4], now.counters[4]) == (1, 0)
    assert (before.asked, now.asked) == (["Demande du 2021-T2"], ["Autre chose"])
    assert then["observer", YEAR[2]].blocked == ["Accès coupé à Ménaka"]
    check_what_stands(tracker, spring)


def check_what_stands(tracker: Tracker, corrected: Quarter) -> None:
    """The minutes, the report and the year's sums."""
    closing = closing_of(tracker.plan.pk, corrected)
    assert closing is not None
    assert {each["number"]: each["text"] for each in closing.values}["1.1.1.b"] == "0"
    report = quarter_report(tracker.plan, corrected, tracker.cast.robert)
    rows = [row for part in report.parts if part.table for row in part.table.rows]
    assert [row[3] for row in rows if row[0].startswith("1.1.1.b ") and len(row) == 5] == ["0, corrigé depuis : 2"]
    totals = {"1.1.1.b": Value(number=3 + 2 + 4 + 12), "1.1.1.c": Value(number=6), "1.1.1.a": Value(28, 13, 28)}
    for number, whole in totals.items():
        assert so_far(tracker.indicator(number), verified(tracker.indicator(number))) == whole
    assert so_far(tracker.indicator("1.2.1.a"), verified(tracker.indicator("1.2.1.a"))).yes is True
    versions = Reading.objects.filter(indicator__number="1.1.1.b", year=2021, quarter=2).order_by("version")
    assert [(row.version, row.number, row.correction_reason) for row in versions] == [
        (1, 0, ""),
        (2, 2, "Deux réunions oubliées"),
    ]


def verified(indicator: Indicator) -> dict[Quarter, Reading]:
    return standing(indicator, list(Reading.objects.filter(indicator=indicator, state=ReadingState.VERIFIED)))
