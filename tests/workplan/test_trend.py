"""Which way an indicator goes, and how far its target is."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from core.periods import Quarter
from tests.workplan.conftest import WINTER, Tracker
from workplan.models import Indicator
from workplan.trend import goal, move, target_in_words
from workplan.values import Value

COUNT, SHARE = {"kind": "count"}, {"kind": "percent"}


def indicator(**about: Any) -> Indicator:
    return Indicator(**({"kind": "count", "direction": "up"} | about))


@pytest.mark.parametrize(
    ("direction", "before", "now", "shape", "tone", "words"),
    [
        ("up", Value(3), Value(5), "arrow-up", "toward", "en hausse, dans le bon sens"),
        ("up", Value(5), Value(3), "arrow-down", "away", "en baisse, à contresens"),
        ("down", Value(3), Value(5), "arrow-up", "away", "en hausse, à contresens"),
        ("down", Value(5), Value(0), "arrow-down", "toward", "en baisse, dans le bon sens"),
        ("none", Value(3), Value(5), "arrow-up", "", "en hausse"),
        ("up", Value(3), Value(3), "arrow-right", "", "stable"),
        ("up", Value(8, 4, 8), Value(8, 4, 8), "arrow-right", "", "stable"),
        ("up", Value(8, 4, 8), Value(8, 2, 8), "arrow-down", "", "part en baisse"),
        # Of a share, the percentages are compared, not the numerators.
        ("up", Value(None, 5, 5), Value(None, 6, 60), "arrow-down", "away", "en baisse, à contresens"),
    ],
)
def test_a_move_says_its_way_and_whether_it_is_wanted(
    direction: str, before: Value, now: Value, shape: str, tone: str, words: str
) -> None:
    found = move(indicator(direction=direction), before, now)
    assert found is not None
    assert (found.shape, found.tone, found.words) == (shape, tone, words)


def test_nothing_moves_from_what_is_not_known_nor_between_yes_and_no() -> None:
    assert move(indicator(), None, Value(3)) is None
    assert move(indicator(), Value(), Value(3)) is None
    assert move(indicator(), Value(None, 0, 0), Value(None, 1, 2)) is None
    assert move(indicator(kind="yes_no"), Value(yes=False), Value(yes=True)) is None


@pytest.mark.parametrize(
    ("about", "value", "words", "asked"),
    [
        (COUNT, Value(7), "il manque 3", "10 ou plus"),
        (COUNT, Value(10), "cible atteinte", "10 ou plus"),
        (COUNT | {"direction": "down"}, Value(14), "4 au-dessus", "10 ou moins"),
        (COUNT | {"direction": "down"}, Value(2), "cible atteinte", "10 ou moins"),
        (COUNT | {"direction": "none"}, Value(2), None, "10"),
        (COUNT | {"target": None}, Value(2), None, ""),
        (SHARE, Value(None, 49, 500), "il manque 1 point", "10\u202f% ou plus"),
        (SHARE, Value(None, 0, 0), None, "10\u202f% ou plus"),
    ],
)
def test_a_target_says_what_is_left_or_that_it_is_reached(
    about: dict[str, Any], value: Value, words: str | None, asked: str
) -> None:
    one = indicator(**({"target": 10} | about))
    found = goal(one, value)
    assert (found.words if found else None) == words
    assert target_in_words(one) == asked


def test_the_page_compares_what_adds_up_and_says_each_move(
    tracker: Tracker, signed_in: Callable[[Any], Client]
) -> None:
    Indicator.objects.filter(number="1.1.2.a").update(target=9, direction="up", aggregate="sum")
    for quarter, number in ((WINTER, 4), (Quarter(2021, 2), 2)):
        tracker.verified("1.1.2.a", Value(number=number, numerator=0), quarter)
    page = unescape(
        signed_in(tracker.cast.robert).get(tracker.indicator("1.1.2.a").get_absolute_url()).content.decode()
    )
    assert re.findall(r"(?:Cible[^<]*: )?9 ou plus", page)
    assert "il manque 3" in page
    assert re.findall(r'<span class="move move-(\w+)">.*?</svg> ([^<]+)<', page) == [
        ("away", "en baisse, à contresens")
    ]
    drawn = page.partition("<svg")[2].partition("</figure>")[0]
    assert "Depuis le début : 6" in drawn
