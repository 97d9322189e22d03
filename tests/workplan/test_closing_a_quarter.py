"""Several reporters of one indicator, where an activity stands, and a quarter that a meeting closes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.periods import Quarter
from core.transitions import Conflict, Refused
from directory.models import Place
from directory.roles import Role
from tests.workplan.conftest import WINTER, Tracker, person
from workplan.actions import readings
from workplan.actions.quarters import close_quarter, reopen_quarter
from workplan.actions.standing import say_status, set_consolidation
from workplan.checks import checked
from workplan.enums import Check, Progress
from workplan.models import Activity, Reading, Window
from workplan.owing import indicators_owed, of_person, owed
from workplan.progress import reported_by_indicator, standing
from workplan.tables import one_activity
from workplan.values import Value

SignIn = Callable[[Any], Client]
LATE = datetime(2021, 7, 19, 9, tzinfo=UTC)


def part(tracker: Tracker, who: Any, value: Value, number: str = "1.1.1.a", *, submit: bool = True) -> Reading:
    row = readings.save(tracker.indicator(number).pk, WINTER, value, by=who)
    return readings.submit(row.pk, by=who) if submit else row


@pytest.fixture
def several(tracker: Tracker) -> Tracker:
    """1.1.1.a, which HCR, OCHA and others lead, is reported by each and added up; here HCR and OCHA are known."""
    set_consolidation(tracker.indicator("1.1.1.a").pk, rule="sum", by=tracker.sira)
    return tracker


# -- several reporters -----------------------------------------------------------------------------------------------


def test_what_several_report_is_added_with_its_fractions_once_each_has(several: Tracker) -> None:
    indicator = several.indicator("1.1.1.a")
    first = part(several, several.cast.lassana, Value(number=8, numerator=2))
    assert standing(indicator, [first]) == {}
    assert WINTER not in reported_by_indicator([indicator.pk])[indicator.pk].reported
    second = part(several, several.penda, Value(number=2, numerator=2))
    whole = standing(indicator, [first, second])[WINTER]
    assert (whole.value.text, whole.state) == ("10 · 40\u202f%\u00a0(4/10)", "submitted")
    for one in (first, second):
        readings.verify(one.pk, by=several.sira)
    every = list(Reading.objects.filter(indicator=indicator))
    assert standing(indicator, every)[WINTER].is_verified
    known = reported_by_indicator([indicator.pk])[indicator.pk]
    assert WINTER in known.reported & known.verified


def test_each_organisation_owes_its_own_part_and_touches_no_other(several: Tracker) -> None:
    mine = part(several, several.cast.lassana, Value(number=8, numerator=2), submit=False)
    with pytest.raises(Refused, match="Cette part est rapportée par OCHA"):
        readings.submit(mine.pk, by=several.penda)
    assert not Reading.objects.visible_to(several.penda).filter(pk=mine.pk).exists()
    readings.submit(mine.pk, by=several.cast.lassana)
    rows = [each for each in owed(indicators_owed([several.plan]), LATE) if each.quarter == WINTER]
    assert "1.1.1.a" in {each.indicator.number for each in of_person(rows, several.penda).every}
    assert "1.1.1.a" not in {each.indicator.number for each in of_person(rows, several.cast.lassana).every}


def test_the_last_submitted_or_the_first_yes_by_the_rule_that_is_stated(tracker: Tracker) -> None:
    with pytest.raises(Refused, match="ne convient pas"):
        set_consolidation(tracker.indicator("1.1.1.a").pk, rule="union", by=tracker.sira)
    with pytest.raises(Refused, match="Qui vérifie"):
        set_consolidation(tracker.indicator("1.1.1.a").pk, rule="sum", by=tracker.penda)
    set_consolidation(tracker.indicator("1.1.1.b").pk, rule="latest", by=tracker.sira)
    penda, lassana = tracker.penda, tracker.cast.lassana
    rows = [part(tracker, who, Value(number=n), "1.1.1.b") for who, n in ((penda, 9), (lassana, 4))]
    assert standing(tracker.indicator("1.1.1.b"), rows)[WINTER].number == 4
    set_consolidation(tracker.indicator("1.2.1.a").pk, rule="union", by=tracker.sira)
    rows = [part(tracker, who, Value(yes=yes), "1.2.1.a") for who, yes in ((penda, True), (lassana, False))]
    assert standing(tracker.indicator("1.2.1.a"), rows)[WINTER].yes is True


def test_pages_show_the_parts_to_their_readers_and_the_sum_to_all_once_it_is_verified(
    several: Tracker, signed_in: SignIn
) -> None:
    said = ((several.penda, 7351), (several.cast.lassana, 1))
    rows = [part(several, who, Value(number=n, numerator=1)) for who, n in said]
    address = several.indicator("1.1.1.a").get_absolute_url()
    other = signed_in(several.cast.robert)
    assert other.get(address).context["latest"] is None
    readings.verify(rows[0].pk, by=several.sira)
    assert other.get(address).context["latest"] is None, "one part is no sum"
    readings.verify(rows[1].pk, by=several.sira)
    assert other.get(address).context["latest"].value.number == 7352
    page = other.get(address).content.decode()
    assert "part de HCR" in page
    assert "chaque organisation donne sa part" in page
    sheet = signed_in(several.penda).get(reverse("workplan:report"), {"period": "2021-T1"})
    (line,) = [line for line in sheet.context["due"] if line.indicator.number == "1.1.1.a"]
    assert line.reading.number == 7351


# -- where an activity stands ----------------------------------------------------------------------------------------


def stands(tracker: Tracker, number: str) -> Any:
    return one_activity(Activity.objects.get(number=number), tracker.cast.robert).standing


def test_the_values_say_where_an_activity_stands(tracker: Tracker) -> None:
    assert stands(tracker, "1.3.1").by_values == Progress.LATE
    for quarter in (Quarter(2020, 3), Quarter(2020, 4)):
        tracker.verified("1.3.1.b", Value(number=2, numerator=1), quarter)
    assert stands(tracker, "1.3.1").by_values == Progress.LATE
    tracker.verified("1.3.1.a", Value(yes=True), Quarter(2020, 3))
    assert stands(tracker, "1.3.1").by_values == Progress.DONE
    later = Activity.objects.get(number="1.3.2")
    later.windows.all().delete()
    Window.objects.create(activity=later, year=2999, first=1, last=4)
    assert stands(tracker, "1.3.2").by_values == Progress.NOT_STARTED
    tracker.submitted("1.3.2.a", Value(number=0))
    assert stands(tracker, "1.3.2").by_values == Progress.ON_TRACK


def test_somebody_says_otherwise_with_how_it_was_decided_and_it_can_be_taken_back(
    tracker: Tracker, signed_in: SignIn
) -> None:
    activity = Activity.objects.get(number="1.3.1")
    with pytest.raises(Refused, match="comment cela a été décidé"):
        say_status(activity.pk, status="blocked", reason=" ", by=tracker.cast.lassana)
    with pytest.raises(Refused, match="Ceux qui rapportent"):
        say_status(activity.pk, status="blocked", reason="Non", by=tracker.cast.robert)
    lead = signed_in(tracker.cast.lassana)
    said = {"status": "blocked", "reason": "Réunion du 12 mars : accès coupé"}
    lead.post(reverse("workplan:activity_status", args=[activity.pk]), said)
    found = stands(tracker, "1.3.1")
    assert (found.progress, found.by_values, found.differs) == (Progress.BLOCKED, Progress.LATE, True)
    page = signed_in(tracker.cast.robert).get(activity.get_absolute_url()).content.decode()
    assert "accès coupé" in page
    assert "ses valeurs disent" in page
    say_status(activity.pk, status="", reason="Accès rétabli", by=tracker.sira)
    assert stands(tracker, "1.3.1").progress == Progress.LATE


# -- closing ---------------------------------------------------------------------------------------------------------


def close(tracker: Tracker, words: str = "Vu.", by: Any = None, quarter: Quarter = WINTER) -> Any:
    seen = len(checked(tracker.plan, quarter).found)
    return close_quarter(tracker.plan, quarter, words=words, seen=seen, by=by or tracker.cast.lassana)


def test_a_closing_looks_at_what_is_missing_unverified_or_does_not_add_up(tracker: Tracker) -> None:
    tracker.submitted("1.1.1.b", Value(number=4))
    tracker.verified("1.1.1.c", Value(number=1))
    tracker.report("1.1.2.a", Value(number=1))
    parts = {"retombée": {"communication publique": 2}}
    tracker.verified("2.2.2.b", Value(number=5, breakdown=parts))
    said = Value(number=12, breakdown={"secteur": {"humanitaire": 12}})
    readings.save(tracker.indicator("2.2.3.b").pk, WINTER, said, by=tracker.penda)
    part = tracker.report("1.2.3.b", Value(number=3), place=Place.objects.get(pcode="ML07"))
    found = {(one.check, one.number) for one in checked(tracker.plan, WINTER).found}
    assert {
        (Check.UNVERIFIED, "1.1.1.b"),
        (Check.UNFINISHED, "1.1.2.a"),
        (Check.MISSING, "1.1.2.a"),
        (Check.DOES_NOT_ADD_UP, "2.2.2.b"),
        (Check.DOES_NOT_ADD_UP, "2.2.3.b"),
        (Check.UNFINISHED, part.indicator.number),
        (Check.MISSING, "1.1.4.a"),
    } <= found
    assert {number for _check, number in found}.isdisjoint({"1.1.1.c", "3.2.1.e", "1.2.1.b"})
    assert Reading.objects.get(indicator__number="2.2.3.b").does_not_add_up == ["organisation"]


def test_the_secretariat_closes_a_quarter_that_is_over_once_and_says_what_it_decides(tracker: Tracker) -> None:
    with pytest.raises(Refused, match="secrétariat"):
        close(tracker, by=tracker.penda)
    with pytest.raises(Refused, match="procès-verbal"):
        close(tracker, words="")
    with pytest.raises(Conflict):
        close_quarter(tracker.plan, WINTER, words="Vu.", seen=0, by=tracker.sira)
    with pytest.raises(Refused, match="pas terminé"):
        close(tracker, quarter=Quarter(2999, 1))
    close(tracker, by=person("binta", tracker.cast.organisations["ocha"], Role.WORKING_GROUP))
    with pytest.raises(Refused, match="déjà clos"):
        close(tracker)


def test_after_closing_only_a_correction_changes_a_value_and_the_minutes_stay(
    tracker: Tracker, signed_in: SignIn
) -> None:
    first = tracker.verified("1.1.1.b", Value(number=4))
    tracker.submitted("1.1.1.c", Value(number=7351))
    closing = close(tracker, "Accès coupé à Ménaka ; 1.1.4.a attendu en avril.")
    with pytest.raises(Refused, match="est clos"):
        tracker.report("1.1.4.a", Value(number=1))
    second = readings.correct(first.pk, reason="Une réunion oubliée", by=tracker.cast.lassana)
    tracker.submitted("1.1.1.b", Value(number=5))
    readings.verify(second.pk, by=tracker.sira)
    page = signed_in(tracker.cast.robert).get(reverse("workplan:closing", args=[closing.pk])).content.decode()
    assert "Accès coupé à Ménaka" in page
    values = {row["number"]: row["text"] for row in closing.values}
    assert values == {"1.1.1.b": "4", "1.1.1.c": ""}
    assert "7\u202f351" not in page
    assert "lisible une fois vérifié" in page
    with pytest.raises(Refused, match="pourquoi"):
        reopen_quarter(closing.pk, reason="", by=tracker.cast.lassana)
    reopen_quarter(closing.pk, reason="1.1.4.a est arrivé", by=tracker.cast.lassana)
    assert tracker.report("1.1.4.a", Value(number=1)).pk
    assert close(tracker).pk != closing.pk


def test_the_secretariat_closes_from_the_page(tracker: Tracker, signed_in: SignIn) -> None:
    client, address = signed_in(tracker.cast.lassana), reverse("workplan:closing_new")
    page = client.get(address, {"period": "2021-T1"})
    seen = page.context["form"].initial["seen"]
    sent = client.post(address, {"period": "2021-T1", "plan": tracker.plan.code, "words": "", "seen": seen})
    assert (sent.status_code, "procès-verbal ce que la réunion" in sent.content.decode()) == (422, True)
    sent = client.post(address, {"period": "2021-T1", "plan": tracker.plan.code, "words": "Vu.", "seen": seen})
    assert sent.status_code == 302
    assert client.get(address, {"period": "2021-T1"}).status_code == 302
    assert signed_in(tracker.penda).get(address).status_code == 404
