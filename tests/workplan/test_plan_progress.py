from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.periods import Quarter
from tests.workplan.conftest import Tracker
from workplan.deadlines import due_at, late_through, owed_quarters
from workplan.enums import Aggregate
from workplan.progress import Reported, late_quarters, reported_by_indicator, strip
from workplan.values import Value, combined

pytestmark = pytest.mark.once

END = Quarter(2022, 4)


def late(tracker: Tracker, number: str) -> list[str]:
    indicator = tracker.indicator(number)
    known = reported_by_indicator([indicator.pk]).get(indicator.pk, Reported())
    return [quarter.code for quarter in late_quarters(indicator, known, END)]


def test_a_quarterly_indicator_owes_each_planned_quarter(tracker: Tracker) -> None:
    tracker.submitted("1.1.2.a", Value(number=1, numerator=1), Quarter(2020, 2))
    assert len(late(tracker, "1.1.2.a")) == 11
    assert "2020-T2" not in late(tracker, "1.1.2.a")


@pytest.mark.parametrize("number", ["1.2.1.b", "1.3.2.b", "1.3.2.c", "2.1.3.b", "2.2.1.e", "2.2.3.b", "3.1.1.b"])
def test_what_is_not_planned_is_never_late_and_can_be_reported(tracker: Tracker, number: str) -> None:
    assert late(tracker, number) == []
    assert owed_quarters(tracker.indicator(number)) == []
    assert {cell.status for cell in strip(tracker.indicator(number), [2020, 2021, 2022], Reported(), END)} == {
        "not_planned"
    }


def test_something_not_planned_can_be_reported_in_any_quarter(tracker: Tracker) -> None:
    tracker.submitted("1.3.2.b", Value(number=2), Quarter(2021, 3))
    indicator = tracker.indicator("1.3.2.b")
    cells = strip(indicator, tracker.plan.years, reported_by_indicator([indicator.pk])[indicator.pk], END)
    assert [cell.quarter.code for cell in cells if cell.status == "reported"] == ["2021-T3"]


def test_a_milestone_is_owed_once_at_the_end_of_its_window(tracker: Tracker) -> None:
    assert late(tracker, "3.2.2.a") == ["2021-T4"]
    tracker.submitted("3.2.2.a", Value(yes=True), Quarter(2021, 2))
    assert late(tracker, "3.2.2.a") == []


def test_a_yearly_indicator_is_owed_once_a_year(tracker: Tracker) -> None:
    assert late(tracker, "2.1.1.a") == ["2020-T4", "2021-T4", "2022-T4"]
    tracker.submitted("2.1.1.a", Value(yes=False), Quarter(2021, 1))
    assert late(tracker, "2.1.1.a") == ["2020-T4", "2022-T4"]


def test_what_the_platform_computes_is_never_late(tracker: Tracker) -> None:
    assert late(tracker, "3.2.1.e") == late(tracker, "3.2.2.b") == []


def test_a_draft_does_not_count_as_reported(tracker: Tracker) -> None:
    tracker.report("3.2.2.a", Value(yes=True), Quarter(2021, 2))
    assert late(tracker, "3.2.2.a") == ["2021-T4"]


def test_a_quarter_is_late_ten_working_days_after_its_end(db: None) -> None:
    # 1 July 2021 is a Thursday; ten working days end on Thursday 15 July.
    due = due_at(Quarter(2021, 2))
    assert due.date().isoformat() in {"2021-07-14", "2021-07-15"}
    assert late_through(datetime(2021, 7, 2, tzinfo=UTC)) == Quarter(2021, 1)
    assert late_through(datetime(2021, 7, 20, tzinfo=UTC)) == Quarter(2021, 2)


def test_percentages_are_added_by_their_fractions_never_averaged() -> None:
    # The average of 10 % and 90 % is 50 %; of 1/10 and 90/100 together it is 83 %.
    quarters = [Value(numerator=1, denominator=10), Value(numerator=90, denominator=100)]
    assert combined(quarters, Aggregate.SUM) == Value(numerator=91, denominator=110)
    assert combined(quarters, Aggregate.SUM).text == "83\u202f%\u00a0(91/110)"


def test_flows_are_added_stocks_keep_the_latest_and_blanks_are_no_zeros() -> None:
    quarters = [Value(number=3), Value(), Value(number=5)]
    assert combined(quarters, Aggregate.SUM) == Value(number=8)
    assert combined([*quarters, Value()], Aggregate.LATEST) == Value(number=5)
    assert combined([Value(), Value()], Aggregate.SUM).is_blank
    assert combined([Value(yes=True), Value(yes=False)], Aggregate.SUM) == Value(yes=True)


def test_nothing_over_nothing_is_a_dash() -> None:
    assert Value(numerator=0, denominator=0).text == "–"
    assert Value(number=0, numerator=0, denominator=0).text == "0 · –"
    assert Value().text == "–"


def test_disaggregations_add_up_or_are_flagged() -> None:
    whole = Value(number=5, breakdown={"secteur": {"humanitaire": 3, "développement": 2}, "organisation": {"UN": 1}})
    assert whole.does_not_add_up() == ["organisation"]
    merged = combined([whole, whole], Aggregate.SUM)
    assert merged.breakdown["secteur"] == {"humanitaire": 6, "développement": 4}
