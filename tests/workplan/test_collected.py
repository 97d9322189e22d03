"""What others counted stands beside our figures: marked, withheld where small, and added to none of ours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from core.actors import robot
from core.periods import Quarter
from directory.models import Organisation, Place
from feedback.actions.collected import Cell, keep_reading
from feedback.ingest_periods import Span
from feedback.reference_data import load_categories
from feedback.statistics import said
from tests.cast import Cast
from tests.workplan.conftest import Tracker
from workplan.dashboard.asked import DashboardFilters
from workplan.dashboard.collected import by_others

SPRING = Quarter(2021, 2)
ADDRESS = f"/dashboard/?period={SPRING.code}"
SignIn = Callable[[Any], Client]


def counted(source: Organisation, quarter: Quarter = SPRING, **counts: int) -> None:
    """By category, in Gao."""
    gao = Place.objects.get(pcode="ML0703").pk
    cells = Counter({Cell(gao, code, "not_said", "not_said", ""): count for code, count in counts.items()})
    keep_reading(source, Span(quarter.first_day, quarter.last_day), cells, by=robot("test"))


def rows(user: Any, **filters: str) -> list[tuple[str, ...]] | None:
    asked = DashboardFilters({"period": SPRING.code, **filters}).asked()
    panel = by_others(asked, user)
    return None if panel is None else [tuple(row[1:]) for row in panel.rows]


@pytest.fixture
def others(tracker: Tracker) -> Cast:
    load_categories()
    cast = tracker.cast
    counted(cast.organisations["nrc"], INFO=30, SUGG=12)
    counted(cast.organisations["pam"], INFO=8, SUGG=2)
    return cast


def test_the_block_names_its_sources_and_adds_to_no_figure_of_ours(others: Cast, signed_in: SignIn) -> None:
    page = unescape(signed_in(others.robert).get(ADDRESS).content.decode())
    assert said(SPRING.period) == 0
    block = page[page.index("ce que d’autres ont compté") :]
    assert "NRC (" in block
    assert "PAM (" in block
    assert "ne s’ajoutent pas aux nôtres" in block
    assert re.search(r'<td class="num">\s*38', block)
    before = page[: page.index("ce que d’autres ont compté")]
    assert "38" not in re.sub(r"<svg.*?</svg>|<[^>]*>", " ", before, flags=re.DOTALL)


def test_a_source_apart_is_shown_to_the_working_group_alone_and_small_numbers_to_nobody(others: Cast) -> None:
    assert rows(others.robert) == [("38",), ("14",), ("52",)]
    assert rows(others.djeneba) == [("n. p.", "n. p.", "38"), ("n. p.", "n. p.", "14"), ("42", "10", "52")]


def test_filters_ask_what_a_source_said_and_a_replaced_version_is_not_counted(others: Cast) -> None:
    counted(others.organisations["nrc"], INFO=31, SUGG=12)
    assert rows(others.robert, category="INFO") == [("39",), ("39",)]
    assert rows(others.robert, scope="ML07") == [("39",), ("14",), ("53",)]
    assert rows(others.robert, scope="ML01") is None
    assert rows(others.robert, population_status="idp") is None
    assert rows(others.robert, sex="female") is None


def test_without_any_there_is_no_block(tracker: Tracker, signed_in: SignIn) -> None:
    load_categories()
    counted(tracker.cast.organisations["nrc"], SPRING.next, INFO=30)
    assert "ce que d’autres ont compté" not in signed_in(tracker.cast.robert).get(ADDRESS).content.decode()
