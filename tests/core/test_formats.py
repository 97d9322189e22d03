"""Numbers and times read as French readers write them, and as English ones do when English is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from core import formats

NOW = datetime(2022, 3, 15, 12, 0, tzinfo=UTC)
N, H = formats.NARROW, formats.HARD


@pytest.fixture(autouse=True)
def _in_french() -> Iterator[None]:
    with translation.override("fr"):
        yield


def test_numbers_take_narrow_spaces_and_a_comma_in_french() -> None:
    assert formats.format_number(1234567) == f"1{N}234{N}567"
    assert formats.format_number(12.35, 1) == "12,4"
    assert formats.format_number(-3) == "\u22123"
    assert formats.format_number(0) == "0"
    assert formats.format_number(None) == "–"


def test_numbers_take_commas_and_a_point_in_english() -> None:
    with translation.override("en"):
        assert formats.format_number(1234567.25, 2) == "1,234,567.25"
        assert formats.format_fraction(31, 50) == f"62%{H}(31/50)"


def test_a_percentage_never_goes_without_its_fraction() -> None:
    assert formats.format_fraction(31, 50) == f"62{N}%{H}(31/50)"
    assert formats.format_fraction(0, 50) == f"0{N}%{H}(0/50)"
    assert formats.format_fraction(1204, 12345) == f"10{N}%{H}(1{N}204/12{N}345)"


@pytest.mark.parametrize(("numerator", "denominator"), [(0, 0), (None, 50), (3, None)])
def test_nothing_to_divide_by_is_a_dash(numerator: int | None, denominator: int | None) -> None:
    assert formats.format_fraction(numerator, denominator) == "–"


def test_halves_are_rounded_up() -> None:
    assert [formats.percent(1, 8), formats.percent(1, 200), formats.percent(1, 201)] == [13, 1, 0]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (NOW, "à l’instant"),
        (NOW - timedelta(minutes=5), f"il y a 5{H}min"),
        (NOW - timedelta(hours=3), f"il y a 3{H}h"),
        (NOW + timedelta(hours=2), f"dans 2{H}h"),
        (NOW - timedelta(hours=20), "hier"),
        (NOW - timedelta(days=3), "il y a 3 jours"),
        (date(2022, 3, 15), "aujourd’hui"),
        (date(2022, 3, 16), "demain"),
        (date(2022, 1, 10), "il y a 2 mois"),
        (date(2021, 3, 1), "il y a 1 an"),
        (date(2019, 1, 1), "il y a 3 ans"),
    ],
)
def test_distance_is_said_in_words(value: date, said: str) -> None:
    assert formats.relative(value, NOW) == said


def test_the_first_of_a_month_is_written_1er() -> None:
    assert formats.format_date(date(2022, 3, 1)) == "1er mars 2022"
    assert formats.format_when(date(2022, 3, 12), NOW) == "il y a 3 jours · 12 mars 2022"


def test_no_two_months_are_written_short_alike() -> None:
    assert [formats.format_month(2026, month) for month in (2, 6, 7)] == ["févr. 26", "juin 26", "juil. 26"]
    assert len({formats.format_month(2026, month) for month in range(1, 13)}) == 12


def test_names_stand_in_the_order_of_a_french_index() -> None:
    assert sorted(["Kita", "Kéniéba", "Kayes", "Ébène"], key=formats.alphabetical) == [
        "Ébène",
        "Kayes",
        "Kéniéba",
        "Kita",
    ]


def test_a_moment_is_said_in_the_time_of_the_country() -> None:
    paris_midnight = datetime.fromisoformat("2022-03-12T00:30:00+02:00")
    assert formats.format_date(paris_midnight) == "11 mars 2022"
    assert formats.format_time(paris_midnight) == f"22{H}h{H}30"


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(minutes=40), f"reste 40{H}min"),
        (timedelta(hours=5, minutes=59), f"reste 5{H}h"),
        (timedelta(hours=47), f"reste 47{H}h"),
        (timedelta(days=2), "reste 2 jours"),
        (-timedelta(hours=5), f"en retard de 5{H}h"),
        (-timedelta(days=3, hours=1), "en retard de 3 jours"),
        (-timedelta(seconds=10), f"en retard de 1{H}min"),
    ],
)
def test_what_is_left_is_in_hours_when_it_presses(left: timedelta, said: str) -> None:
    assert formats.format_left(NOW + left, NOW) == said
