"""What `make demo` holds, line by line. That the same seed fills the same is test_filling's."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo.history.plots import BY_NATURE, WEIGHTS
from directory.roles import Role
from referrals.enums import ReferralState
from tests.stack import filled, tables
from tests.stack.processes import run

pytestmark = pytest.mark.once

# What only the product can say of its rows: whose promise was over when the filling ended, and the numbers it sealed.
ASKED = """
import json
from datetime import datetime
from demo.accounts import read_register
from feedback.models import Case
from feedback.queue import is_late
from referrals.models import Referral
from workplan.models import Activity, ActivityActor, Axis, Indicator, Objective, Plan

def plan_of(plan):
    axes = Axis.objects.filter(plan=plan).order_by("number")
    objectives = Objective.objects.filter(axis__in=axes).order_by("number")
    activities = Activity.objects.filter(objective__in=objectives).order_by("number")
    indicators = Indicator.objects.filter(activity__in=activities).order_by("number")
    actors = ActivityActor.objects.filter(activity__in=activities).values_list("text", flat=True)
    found = {"axes": axes, "objectives": objectives, "activities": activities, "indicators": indicators}
    titles = [row.title for rows in found.values() for row in rows]
    numbers = {name: [row.number for row in rows] for name, rows in found.items()}
    return {"years": plan.years, "is_invented": plan.is_invented, "title": plan.title,
            "texts": " ".join([*titles, *actors]), **numbers}

now = datetime.fromisoformat(read_register().filled_at)
live, waiting = Referral.objects.live(), Case.objects.filter(state__in=["new", "reopened", "triaged"])
contacts = [case.unsealed("contact") for case in Case.objects.exclude(contact=None)]
print(json.dumps({
    "referrals": [live.late(now).count(), live.count()],
    "desk": [sum(is_late(case, now) for case in waiting), len(waiting)],
    "plans": [plan_of(plan) for plan in Plan.objects.order_by("code")],
    "contacts": [one for one in contacts if one.startswith("+")],
}))
"""
OVER = {
    "substantiated", "unsubstantiated", "insufficient_information", "no_investigation", "closed_other",
    "reclassified", "entity_outside",
}  # fmt: skip
TOWNS = {"Bamako", "Sévaré", "Gao", "Ménaka", "Tombouctou"}


class Demonstration:
    """The files of one that was filled, read only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rows(self, query: str, database: str = "jaabi") -> list[Any]:
        with closing(sqlite3.connect(f"file:{self.folder / database}.sqlite3?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()

    def values(self, query: str, database: str = "jaabi") -> list[Any]:
        """The first of each row."""
        return [row[0] for row in self.rows(query, database)]


@pytest.fixture(scope="module")
def demo() -> Demonstration:
    return Demonstration(filled.full_size(seed=1))


@pytest.fixture(scope="module")
def told(demo: Demonstration) -> dict[str, Any]:
    written = run(["manage.py", "shell", "--verbosity=0", "-c", ASKED], tables.told(demo.folder))
    found: dict[str, Any] = json.loads(written.splitlines()[-1])
    return found


def test_some_twelve_organisations_of_real_kinds_have_their_offices(demo: Demonstration) -> None:
    kinds = demo.values("select kind from directory_organisation")
    assert 12 <= len(kinds) <= 18
    assert {"un", "ingo", "nngo", "red_cross", "cluster", "sub_cluster", "common_service"} <= set(kinds)
    assert set(demo.values("select name from directory_office")) == TOWNS


def test_every_role_has_people_who_can_sign_in(demo: Demonstration) -> None:
    held = set(demo.values("select r.role from directory_userrole r join directory_user u on u.id = r.user_id"))
    listed = {one["role"] for one in json.loads((demo.folder / "demo.json").read_text(encoding="utf-8"))["accounts"]}
    assert listed == held == {role.value for role in Role if role != Role.INTEGRATION}


def test_several_hundred_cases_lie_in_the_plan_s_years_and_the_last_twelve_months(demo: Demonstration) -> None:
    days = [datetime.fromisoformat(day).date() for day in demo.values("select received_at from feedback_case")]
    today = datetime.now().astimezone().date()
    past = [day for day in days if day.year <= 2022]
    recent = [day for day in days if day >= today - timedelta(days=367)]
    assert 350 <= len(days) <= 700
    assert min(len(past), len(recent)) >= 120
    assert len(past) + len(recent) == len(days)
    assert {(day.year, (day.month - 1) // 3 + 1) for day in past} == {
        (2020, 4), *((year, quarter) for year in (2021, 2022) for quarter in (1, 2, 3, 4))
    }  # fmt: skip


def test_they_speak_french_and_now_and_then_bambara_fulfulde_or_songhay(demo: Demonstration) -> None:
    spoken = dict(demo.rows("select language, count(*) from feedback_case group by 1"))
    assert spoken["fra"] > sum(spoken.values()) / 2
    assert all(spoken[language] >= 10 for language in ("bam", "ful", "ses"))


def test_every_category_and_every_state_of_a_referral_is_there(demo: Demonstration) -> None:
    categories = set(demo.values("select distinct category_id from feedback_case where category_id is not null"))
    assert {*WEIGHTS} <= categories <= {*WEIGHTS, *BY_NATURE.values()}
    assert set(demo.values("select distinct state from referrals_referral")) == set(ReferralState.values)


def test_some_are_restricted_some_reopened_and_a_few_dozen_sealed(demo: Demonstration) -> None:
    kinds = set(demo.values("select restricted_kind from feedback_case where lane = 'restricted'"))
    assert kinds == {"integrity", "protection", "security", "data"}
    assert len(demo.values("select id from feedback_case where lane = 'restricted'")) >= 40
    assert len(demo.values("select id from feedback_case where state = 'reopened'")) >= 2
    assert 24 <= len(demo.values("select id from psea_sealedcase", "vault")) <= 60
    assert len(demo.values("select distinct state from psea_sealedcase", "vault")) >= 8


@pytest.mark.parametrize("what", ["referrals", "desk"])
def test_of_what_waits_some_is_late_and_most_is_not(told: dict[str, Any], what: str) -> None:
    late, waiting = told[what]
    assert waiting >= 20
    assert 0.08 <= late / waiting <= 0.45


def test_the_vault_is_not_behind_with_everything(demo: Demonstration) -> None:
    """Whatever came in before 2023 is over: decided, reached from outside, or none of its matters."""
    states = demo.values("select state from psea_sealedcase where received_at < '2023-01-01'", "vault")
    assert len(states) >= 24
    assert set(states) <= OVER


def test_the_plan_is_whole_and_the_one_that_follows_is_invented_and_without_minusma(told: dict[str, Any]) -> None:
    plan, following = told["plans"]
    assert (plan["years"], plan["is_invented"]) == ([2020, 2021, 2022], False)
    assert [len(plan[kind]) for kind in ("axes", "objectives", "activities", "indicators")] == [3, 7, 25, 54]
    year = datetime.now().astimezone().year
    assert (following["years"], following["is_invented"]) == ([year, year + 1], True)
    assert "inventé" in following["title"]
    for kind in ("axes", "objectives", "activities", "indicators"):
        assert following[kind] == [number for number in plan[kind] if str(number).startswith("3")], kind
    assert "MINUSMA" in plan["texts"]
    assert following["texts"]
    assert "MINUSMA" not in following["texts"]


def test_no_telephone_is_anybody_s(told: dict[str, Any]) -> None:
    assert len(told["contacts"]) >= 100
    assert [number for number in told["contacts"] if not number.startswith("+2230000")] == []
