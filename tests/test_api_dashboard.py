"""The dashboard over the API: the page's own figures and tables, small numbers withheld, no agency apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.referrals.conftest import house
from tests.test_api import Partner, partner, problem
from tests.workplan.conftest import Tracker, said, tracker
from workplan.dashboard.asked import DashboardFilters
from workplan.dashboard.figures import top_line
from workplan.dashboard.panel import WITHHELD
from workplan.dashboard.shown import panels_of

__all__ = ["house", "partner", "said", "tracker"]
ADDRESS = "/api/v1/workplan/dashboard/"
SPRING = {"period": "2021-T2"}
MAY = datetime(2021, 5, 5, 12, tzinfo=UTC)


@pytest.fixture
def system(partner: Callable[..., Partner]) -> Partner:
    return partner(scopes=["workplan:read"])


@pytest.fixture
def _spoken(tracker: Tracker, said: Callable[..., Any]) -> None:
    """Nine of Mopti, three of Gao; two that no figure counts."""
    for _n in range(9):
        said(MAY, "ML0501", sex="male", category_id="INFO")
    for _n in range(3):
        said(MAY, sex="female")
    said(MAY, lane="restricted", restricted_kind="integrity", category_id="FRAUDE")
    said(MAY, is_test=True)


def read(system: Partner, **asked: str) -> dict[str, Any]:
    answer = system.get(f"{ADDRESS}?{'&'.join(f'{name}={value}' for name, value in asked.items())}")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = json.loads(answer.content)
    return found


@pytest.mark.usefixtures("_spoken")
def test_a_system_reads_what_everyone_signed_in_sees(system: Partner) -> None:
    dashboard = read(system, **SPRING)
    asked = DashboardFilters(SPRING).asked()
    assert dashboard["period"] == "2021-T2"
    assert [one["key"] for one in dashboard["figures"]] == [figure.key for figure in top_line(asked)]
    figures = {one["key"]: one for one in dashboard["figures"]}
    assert (figures["said"]["number"], figures["said"]["before"]["number"]) == (12, 0)
    assert (figures["answered"]["numerator"], figures["answered"]["denominator"]) == (0, 0)
    assert all(one["definition"] for one in figures.values())
    shown = {panel.name: panel for panel in panels_of(asked, None)}
    assert [table["name"] for table in dashboard["tables"]] == list(shown)
    for table in dashboard["tables"]:
        panel = shown[table["name"]]
        assert [row["name"] for row in table["rows"]] == [row[0] for row in panel.rows]
        withheld = sum(cell is None for row in table["rows"] for cell in row["cells"])
        assert withheld == sum(cell == str(WITHHELD) for row in panel.rows for cell in row)
        assert all(len(row["cells"]) == len(table["columns"]) for row in table["rows"])


@pytest.mark.usefixtures("_spoken")
def test_small_numbers_do_not_leave(system: Partner) -> None:
    tables = {table["name"]: table["rows"] for table in read(system, **SPRING)["tables"]}
    by_place = {row["pcode"]: row["cells"] for name, rows in tables.items() for row in rows if row["pcode"]}
    assert {by_place[code][0] for code in ("ML07", "ML05", "ML0703", "ML0501")} == {None}
    women = {one["key"]: one for one in read(system, **SPRING, sex="female")["figures"]}["said"]
    assert (women["is_withheld"], women["number"], women["before"]["number"]) == (True, None, None)


def test_no_table_is_of_one_organisation(system: Partner, tracker: Tracker) -> None:
    names = {table["name"] for table in read(system)["tables"]}
    assert "agency" not in names
    assert "agency" in {panel.name for panel in panels_of(DashboardFilters({}).asked(), tracker.cast.mariam)}


@pytest.mark.parametrize(
    "asked", [{"period": "2021-T9"}, {"sex": "rien"}, {"category": "EAS"}, {"step": "jour"}, {"autre": "chose"}]
)
def test_what_cannot_be_asked_is_said(system: Partner, asked: dict[str, str]) -> None:
    (name, value), *_ = asked.items()
    assert name in json.dumps(problem(system.get(f"{ADDRESS}?{name}={value}"), 400))
