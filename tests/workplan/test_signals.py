"""What rose beyond what is usual, and what several organisations hear of in one place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from core.periods import Quarter
from feedback.models import Case, Category
from tests.referrals.conftest import House
from tests.workplan.conftest import Tracker
from workplan.signals import find_signals, is_rise
from workplan.tasks import count_signals

AUTUMN = Quarter(2021, 4)
Say = Callable[..., Case]


def month(number: int, year: int = 2021) -> Any:
    return Quarter(year, (number + 2) // 3).period.start + timedelta(days=31 * ((number - 1) % 3) + 3)


def say_all(said: Say, counts: dict[int, int], **about: Any) -> None:
    for number, count in counts.items():
        for _n in range(count):
            said(at=month(number), **about)


@pytest.mark.once
@pytest.mark.parametrize(
    ("count", "before", "expected"),
    [
        (20, [4, 5, 4, 6, 5, 4], True),
        (12, [4, 5, 4, 6, 5, 4], True),
        (11, [4, 5, 4, 6, 5, 4], False),
        (20, [2, 18, 3, 20, 1, 15], False),
        (4, [0, 0, 0, 0, 0, 0], False),
        (5, [0, 0, 0, 0, 0, 0], True),
    ],
)
def test_a_rise_is_beyond_the_spread_of_its_own_past(count: int, before: list[int], expected: bool) -> None:
    assert settings.SMALL_CELL == 5
    assert is_rise(count, before) == expected


def test_a_rise_says_where_and_when_and_how_many_times_never_how_many(
    tracker: Tracker, said: Say, signed_in: Callable[[Any], Client]
) -> None:
    say_all(said, dict.fromkeys(range(4, 13), 5), category_id="ASSIST", pcode="ML0501")
    say_all(said, dict.fromkeys(range(4, 12), 6) | {12: 25}, category_id="INSAT_MAJ")
    label = str(Category.objects.get(pk="INSAT_MAJ").label)
    found = [(one.category, one.place, one.month, one.times) for one in find_signals(AUTUMN).rises]
    assert found == [(label, "", "déc. 21", 4), (label, "Gao", "déc. 21", 4)]
    page = signed_in(tracker.cast.djeneba).get(reverse("workplan:signals"), {"period": AUTUMN.code})
    assert "environ 4 fois" in page.content.decode()
    assert signed_in(tracker.cast.robert).get(reverse("workplan:signals")).status_code == 404


def test_a_region_whose_cell_is_withheld_gives_no_signal(tracker: Tracker, said: Say) -> None:
    say_all(said, dict.fromkeys(range(4, 13), 6), category_id="ASSIST", pcode="ML0501")
    say_all(said, {12: 8}, category_id="INSAT_MAJ")
    say_all(said, {12: 3}, category_id="INSAT_MAJ", pcode="ML0501")
    assert {one.place for one in find_signals(AUTUMN).rises} == {""}


def test_months_before_anybody_could_speak_are_no_past(tracker: Tracker, said: Say) -> None:
    say_all(said, {11: 6, 12: 30}, category_id="INSAT_MAJ")
    assert find_signals(AUTUMN).rises == []


def test_a_matter_of_several_organisations_is_named_once_and_none_of_them_is(tracker: Tracker) -> None:
    house = House(tracker.cast)
    for short in ("hcr", "nrc", "pam", "hcr", "nrc"):
        house.sent(house.case(), house.wish(short, "nrc_gao" if short == "nrc" else None))
    for _n in range(6):
        house.sent(house.case("SUGG"), house.wish("hcr", None))
    found = find_signals(Quarter.current()).alike
    label = str(Category.objects.get(pk="INSAT_MAJ").label)
    assert [(one.category, one.place, one.organisations) for one in found] == [(label, "Gao", 3)]


@pytest.mark.once
def test_whoever_opens_this_quarter_or_the_last_waits_for_no_count(
    tracker: Tracker, signed_in: Callable[[Any], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, current = signed_in(tracker.cast.djeneba), Quarter.current()
    count_signals()
    monkeypatch.setattr("workplan.signals.find_signals", lambda quarter: pytest.fail(f"{quarter.code} is counted"))
    for quarter in (current, current.previous):
        assert client.get(reverse("workplan:signals"), {"period": quarter.code}).status_code == 200
