"""The dashboard: what it says, to whom, and at what cost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.periods import Quarter
from directory.models import Place, User
from feedback.models import Case
from feedback.statistics import About, confirmed, funnel, said_by
from feedback.statistics import said as how_many
from referrals import actions
from tests.cast import Cast
from tests.referrals.conftest import House
from tests.workplan.conftest import Tracker
from workplan.dashboard.asked import DashboardFilters
from workplan.dashboard.figures import top_line
from workplan.dashboard.panel import WITHHELD
from workplan.dashboard.panels import agency, by_category, by_channel, volume
from workplan.dashboard.places import by_place
from workplan.measures import silent_groups
from workplan.values import Value

SPRING = Quarter(2021, 2)
MAY = datetime(2021, 5, 5, 12, tzinfo=UTC)
ADDRESS = f"/dashboard/?period={SPRING.code}"

Say = Callable[..., Case]
SignIn = Callable[[Any], Client]


def asked(**filters: str) -> Any:
    return DashboardFilters({"period": SPRING.code, **filters}).asked()


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_what_was_said_is_counted_without_tests_duplicates_and_restricted_matters(tracker: Tracker, said: Say) -> None:
    kept = said(MAY)
    said(MAY, is_test=True)
    said(MAY, lane="restricted", restricted_kind="integrity", category_id="FRAUDE")
    said(MAY, merged_into=kept, merged_at=MAY, state="merged", triaged_at=MAY)
    said(datetime(2021, 7, 1, tzinfo=UTC))
    assert how_many(SPRING.period) == 1
    assert how_many(SPRING.period, {"ML0703"}) == 1
    assert how_many(SPRING.period, {"ML0701"}) == 0


def test_what_was_said_is_broken_down_by_what_is_known(tracker: Tracker, said: Say) -> None:
    said(MAY, sex="female")
    said(MAY, sex="female", channel="web")
    said(datetime(2021, 6, 30, 23, 59, tzinfo=UTC), "", sex="male")
    assert said_by("month", "channel", period=SPRING.period) == {
        ("2021-05", "sms"): 1,
        ("2021-05", "web"): 1,
        ("2021-06", "sms"): 1,
    }
    assert said_by("place", period=SPRING.period, about=About(sex="male")) == {("",): 1}
    assert said_by("sex", period=SPRING.period) == {("female",): 2, ("male",): 1}


def test_a_category_stands_for_its_children(tracker: Tracker, said: Say) -> None:
    said(MAY, category_id="INSAT_MAJ.ciblage")
    assert how_many(SPRING.period, about=About(category="INSAT_MAJ")) == 1
    assert how_many(SPRING.period, about=About(category="INFO")) == 0


def test_the_funnel_counts_each_step_of_the_same_cases(tracker: Tracker, said: Say) -> None:
    said(MAY)
    said(MAY, triaged_at=MAY, first_referred_at=MAY)
    steps = funnel(SPRING.period)
    assert (steps.said, steps.triaged, steps.referred, steps.answered, steps.settled) == (2, 1, 1, 0, 0)


def test_people_confirm_over_those_who_said_anything(tracker: Tracker, said: Say) -> None:
    said(MAY)
    assert confirmed(SPRING.period) == (0, 0)
    for answer, count in (("yes", 9), ("partly", 2), ("no", 1)):
        for _n in range(count):
            said(MAY, settled=answer, settled_at=MAY)
    assert confirmed(SPRING.period) == (9, 12)


def test_what_agencies_declare_and_what_people_confirm_stand_side_by_side_with_their_fractions(
    tracker: Tracker, said: Say, signed_in: SignIn
) -> None:
    for answer, count in (("yes", 9), ("no", 3)):
        for _n in range(count):
            said(MAY, settled=answer, settled_at=MAY)
    figures = {figure.key: figure for figure in top_line(asked())}
    assert (figures["answered"].fraction, figures["confirmed"].fraction) == ((0, 0), (9, 12))
    page = signed_in(tracker.cast.robert).get(ADDRESS).content.decode()
    shown = " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
    assert "Avec réponse ou ajustement –" in shown
    assert re.search(r"Confirmé par les personnes 75 % \(?9/12\)?", shown), shown[shown.find("Confirmé") :][:90]


def test_small_numbers_are_withheld_from_tables_and_from_narrow_figures(tracker: Tracker, said: Say) -> None:
    for _n in range(3):
        said(MAY, sex="female")
    for _n in range(9):
        said(MAY, "ML0501", sex="male", category_id="INFO")
    assert [row[1] for row in by_category(asked()).rows] == [WITHHELD, WITHHELD, "12"]
    regions = {row[0]: row[1] for row in by_place(asked())[0].rows if row[1] != "0"}
    assert regions == {"Gao": WITHHELD, "Mopti": WITHHELD, "Ensemble": "12"}
    cercles = {row[0]: row[1] for row in by_place(asked())[1].rows if row[1] != "0"}
    assert cercles == dict.fromkeys(
        Place.objects.cercles().filter(parent__name__in=["Gao", "Mopti"]).values_list("name", flat=True), str(WITHHELD)
    )
    women = next(figure for figure in top_line(asked(sex="female")) if figure.key == "said")
    assert (women.withheld, women.value) == (True, None)
    everyone = next(figure for figure in top_line(asked()) if figure.key == "said")
    assert (everyone.withheld, everyone.value) == (False, 12)


def test_a_withheld_number_is_nowhere_on_the_page(tracker: Tracker, said: Say, signed_in: SignIn) -> None:
    for _n in range(4):
        said(MAY, channel="radio")
    for _n in range(37):
        said(MAY, channel="web")
    panel = volume(asked())
    may = panel.rows[-2]
    assert panel.rows[-1][0] == "Ensemble"
    assert "37" not in may
    assert panel.has_withheld
    page = signed_in(tracker.cast.robert).get(ADDRESS).content.decode()
    assert "n. p." in page
    assert ">4<" not in page


def test_each_figure_stands_against_the_quarter_before(tracker: Tracker, said: Say) -> None:
    for _n in range(6):
        said(MAY)
    for _n in range(8):
        said(datetime(2021, 2, 2, tzinfo=UTC))
    figures = {figure.key: figure for figure in top_line(asked())}
    assert (figures["said"].value, figures["said"].before) == (6, 8)
    assert list(figures) == ["said", "referred", "answered", "confirmed", "days", "silent"]
    assert (figures["answered"].fraction, figures["days"].value) == ((0, 0), None)


def test_an_open_quarter_is_compared_with_the_last_one_at_the_same_age(
    tracker: Tracker, said: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2021, 4, 11, 12, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    said(datetime(2021, 4, 3, tzinfo=UTC))
    said(datetime(2021, 1, 3, tzinfo=UTC), settled="yes", settled_at=datetime(2021, 3, 3, tzinfo=UTC))
    said(datetime(2021, 1, 9, tzinfo=UTC), settled="no", settled_at=datetime(2021, 1, 10, tzinfo=UTC))
    said(datetime(2021, 1, 12, tzinfo=UTC), settled="yes", settled_at=datetime(2021, 1, 13, tzinfo=UTC))
    figures = {figure.key: figure for figure in top_line(asked())}
    assert (figures["said"].value, figures["said"].before, figures["confirmed"].before) == (1, 2, (0, 1))
    assert asked().before_label == "trimestre précédent, au même jour"
    monkeypatch.setattr(timezone, "now", lambda: datetime(2021, 7, 2, tzinfo=UTC))
    assert {figure.key: figure for figure in top_line(asked())}["said"].before == 3


def test_silent_groups_are_those_of_whom_nothing_came(tracker: Tracker, said: Say) -> None:
    said(MAY, sex="female", age_group="adult", population_status="idp")
    silent = silent_groups(asked().period, asked().over)
    assert "Femme ou fille, 18 à 59 ans" not in silent
    assert "région de Gao" not in silent
    assert {"Homme ou garçon, 60 ans et plus", "Communauté hôte", "région de Kidal"} <= set(silent)
    assert len(silent) == 5 + 3 + 9


@pytest.mark.parametrize(("name", "sees"), [("oumar", True), ("djeneba", True), ("robert", False), ("adama", False)])
def test_an_agency_sees_itself_and_the_median_observers_see_collective_figures(
    cast: Cast, name: str, sees: bool
) -> None:
    panel = agency(asked(), getattr(cast, name))
    assert (panel is not None) == sees
    if panel is not None:
        assert panel.headings[1:] == (str(getattr(cast, name).organisation), "Médiane de 0 organisations")


def test_restricted_and_sealed_categories_are_no_filter(tracker: Tracker, said: Say) -> None:
    choices = {code for code, _label in DashboardFilters({}).fields["category"].choices}  # type: ignore[attr-defined]
    assert "INSAT_MAJ" in choices
    assert choices.isdisjoint({"EAS", "FRAUDE", "PROT.vbg", "SECU", "TEST"})


def test_a_filter_that_does_not_exist_asks_for_nothing(tracker: Tracker, signed_in: SignIn) -> None:
    assert signed_in(tracker.cast.robert).get("/dashboard/?period=2051-T9&scope=nulle-part&sex=x").status_code == 200


@pytest.mark.parametrize("name", ["awa", "oumar", "lassana", "djeneba", "robert", "adama", "aminata"])
def test_everyone_signed_in_reads_the_dashboard_and_each_figure_opens(
    tracker: Tracker, said: Say, signed_in: SignIn, name: str
) -> None:
    said(MAY)
    client = signed_in(getattr(tracker.cast, name))
    assert client.get(ADDRESS).status_code == 200
    for key in ("said", "referred", "answered", "confirmed", "days", "silent"):
        assert client.get(f"{reverse('workplan:figures')}?period={SPRING.code}&figure={key}").status_code == 200
    assert client.get(f"{reverse('workplan:figures')}?figure=narratives").status_code == 404
    of_some = f"{reverse('workplan:figures')}?figure=said&sex=female&channel=sms"
    page = " ".join(re.sub(r"<[^>]+>", " ", unescape(client.get(of_some).content.decode())).split())
    assert "Canal : SMS, Sexe : Femme ou fille" in page
    assert "Plus petit nombre montré 5" in page


def test_the_dashboard_costs_the_same_with_one_case_and_with_many(
    tracker: Tracker, said: Say, signed_in: SignIn
) -> None:
    client = signed_in(tracker.cast.djeneba)
    said(MAY)
    client.get(ADDRESS)
    narrow = f"{ADDRESS}&scope=LG&sex=female"
    few, few_narrow = queries(client, ADDRESS), queries(client, narrow)
    assert few < 40  # what is read once answers what is narrower: with every figure by itself, some sixty
    assert few_narrow < 60
    for day in range(1, 28):
        said(MAY.replace(day=day), "ML0501", channel="web", category_id="INFO", sex="male")
    assert queries(client, ADDRESS) == few
    assert queries(client, narrow) == few_narrow


def test_each_table_says_how_many_of_its_row_were_referred_and_had_an_answer(tracker: Tracker) -> None:
    house = House(tracker.cast)
    for n in range(14):
        referral = house.sent(house.case(), house.wish("hcr", None))
        if n < 6:
            actions.answer(referral.pk, kind="response", words="Oui.", by=tracker.cast.ibrahim)
    now = DashboardFilters({}).asked()
    tables = {panel.name: panel for panel in (by_category(now), by_channel(now), *by_place(now))}
    assert {tuple(map(str, panel.headings[2:])) for panel in tables.values()} == {("Référés", "Répondus")}
    for name, panel in tables.items():
        told = [tuple(row[1:]) for row in panel.rows if row[1] != "0"]
        assert told == [("14", "14", "6")] * (1 if name == "cercles" else 2), (name, panel.rows)
    Case.objects.update(sex="male")
    women = DashboardFilters({"sex": "female"}).asked()
    assert [row[2:] for row in by_channel(women).rows] == [("0", "0")]


def test_the_plan_costs_the_same_with_one_reading_and_with_many(tracker: Tracker, signed_in: SignIn) -> None:
    client = signed_in(tracker.cast.lassana)
    address = reverse("workplan:plan")
    tracker.verified("1.1.1.b", Value(number=1))
    client.get(address)
    few = queries(client, address)
    for number in ("1.1.1.c", "1.1.4.a", "1.2.3.a", "1.2.3.b"):
        tracker.verified(number, Value(number=2))
    assert queries(client, address) == few


def test_nobody_unsigned_reads_a_figure(client: Client, db: None) -> None:
    assert client.get("/dashboard/").status_code == 302
    assert client.get("/workplan/").status_code == 302


def test_own_agency_is_not_shown_to_a_person_without_an_open_account(cast: Cast) -> None:
    closed: User = cast.oumar
    closed.is_active = False
    assert agency(asked(), closed) is None
