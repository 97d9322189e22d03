"""The plan's pages, as people use them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.periods import Quarter
from directory.models import Scope
from tests.workplan.conftest import Tracker, release
from workplan import reviews
from workplan.actions import readings
from workplan.enums import ReadingState
from workplan.models import Indicator, Plan, Reading
from workplan.tables import one_activity
from workplan.values import Value

pytestmark = pytest.mark.once

SignIn = Callable[[Any], Client]


def shown(client: Client, **filters: str) -> set[str]:
    """The indicators on the plan page."""
    axes = client.get(reverse("workplan:plan"), filters).context["axes"]
    return {
        row.indicator.number
        for axis in axes
        for objective in axis.objectives
        for activity in objective.activities
        for row in activity.rows
    }


def test_the_plan_shows_every_indicator_with_its_strip_of_twelve(tracker: Tracker, signed_in: SignIn) -> None:
    response = signed_in(tracker.cast.robert).get(reverse("workplan:plan"))
    page = response.content.decode()
    assert response.context["count"] == 54
    strips = re.findall(r'<a href="/workplan/indicators/\d+/" class="quarters" aria-label="[^"]+">(.*?)</a>', page)
    assert [strip.count("<i") for strip in strips] == [12] * 54
    assert "(+ PROCAP ?)" in page
    assert '<span class="lg">Liptako Gourma</span>' in page


def test_the_focus_is_called_as_the_countrys_own_zone_is(tracker: Tracker, signed_in: SignIn) -> None:
    client, indicator = signed_in(tracker.cast.robert), tracker.indicator("1.1.1.a")
    addresses = [reverse("workplan:plan"), indicator.get_absolute_url(), indicator.activity.get_absolute_url()]
    addresses += [
        tracker.indicator("2.1.4.a").activity.get_absolute_url(),
        reverse("workplan:register", args=["notes"]),
    ]
    red = re.compile(r'<span class="lg">([^<]+)</span>|<span class="marker" title="([^"]+)"')

    def called(address: str) -> set[str]:
        return {one or other for one, other in red.findall(client.get(address).content.decode())}

    assert called(addresses[0]) == {"Liptako Gourma", "Liptako-Gourma"}
    Scope.objects.filter(is_focus=True).update(name="Bassin du lac")
    assert called(addresses[0]) == {"Bassin du lac"}
    assert "Bassin du lac seulement" in client.get(addresses[0]).content.decode()
    Indicator.objects.filter(pk=indicator.pk).update(title="# de notes (et % Bassin-du lac)")
    for address in addresses:
        page = client.get(address).content.decode().partition("<main")[2]
        assert "Liptako-Gourma" not in page, address
    assert called(addresses[1]) == {"Bassin-du lac"}
    Scope.objects.all().delete()
    assert called(addresses[0]) == {"axe géographique du plan"}


def test_the_plan_filters_by_axis_lead_late_focus_and_computed(tracker: Tracker, signed_in: SignIn) -> None:
    client = signed_in(tracker.cast.robert)
    hcr = tracker.cast.organisations["hcr"]
    every = set(Indicator.objects.values_list("number", flat=True))
    assert shown(client, axis="3") == {number for number in every if number.startswith("3")}
    assert shown(client, computed="on") == {"3.2.1.e", "3.2.2.b"}
    assert shown(client, lead=str(hcr.pk), axis="1") == {
        "1.1.1.a", "1.1.1.b", "1.1.1.c", "1.1.2.a", "1.1.3.a", "1.2.1.a", "1.2.1.b", "1.2.1.c"
    }  # fmt: skip
    assert {"1.1.1.a", "2.1.4.b", "2.2.1.e", "3.1.3.b"} <= shown(client, focus="on")
    assert shown(client, focus="on").isdisjoint({"1.1.1.b", "3.2.1.e"})
    assert shown(client, late="on").isdisjoint({"1.2.1.b", "3.2.1.e"})
    assert shown(client, axis="9") == every


def test_the_latest_value_has_its_fraction(tracker: Tracker, signed_in: SignIn) -> None:
    tracker.verified("1.1.1.a", Value(number=8, numerator=5))
    page = signed_in(tracker.cast.robert).get(reverse("workplan:plan")).content.decode()
    assert "8 · 63\u202f%\u00a0(5/8)" in page


def test_a_value_that_is_not_verified_is_not_shown_to_others(tracker: Tracker, signed_in: SignIn) -> None:
    tracker.submitted("1.1.1.b", Value(number=7351))
    address = tracker.indicator("1.1.1.b").get_absolute_url()
    wanted = "7\u202f351"
    assert wanted in signed_in(tracker.cast.lassana).get(address).content.decode()
    assert wanted in signed_in(tracker.sira).get(address).content.decode()
    assert wanted not in signed_in(tracker.cast.robert).get(address).content.decode()
    assert wanted not in signed_in(tracker.cast.robert).get(reverse("workplan:plan")).content.decode()


@pytest.mark.parametrize("number", ["1.1.1.a", "2.2.3.b", "3.2.1.e", "3.2.2.b", "1.2.1.b", "2.1.1.a"])
def test_every_kind_of_indicator_has_its_page(tracker: Tracker, signed_in: SignIn, number: str) -> None:
    client = signed_in(tracker.cast.robert)
    indicator = tracker.indicator(number)
    assert client.get(indicator.get_absolute_url()).status_code == 200
    assert client.get(indicator.activity.get_absolute_url()).status_code == 200


def test_the_vaults_indicator_says_that_nothing_is_published_and_has_no_lineage(
    tracker: Tracker, signed_in: SignIn
) -> None:
    client = signed_in(tracker.cast.djeneba)
    indicator = tracker.indicator("3.2.2.b")
    assert "Aucun trimestre n’est encore clos." in client.get(indicator.get_absolute_url()).content.decode()
    assert client.get(reverse("workplan:lineage", args=[indicator.pk])).status_code == 404
    assert client.get(reverse("workplan:lineage", args=[tracker.indicator("1.1.1.a").pk])).status_code == 404
    live = reverse("workplan:lineage", args=[tracker.indicator("3.2.1.e").pk])
    assert client.get(f"{live}?period=2021-T2").status_code == 200
    assert client.get(f"{live}?period=2031-T2").status_code == 404


def test_the_plan_shows_what_the_vault_published_with_its_period_and_else_that_it_is_not(
    tracker: Tracker, signed_in: SignIn
) -> None:
    client = signed_in(tracker.cast.robert)
    address = reverse("workplan:plan")
    release(Quarter(2021, 1), Quarter(2021, 1), None, None)
    page = client.get(address).content.decode()
    assert "non publié" in page
    release(Quarter(2021, 1), Quarter(2021, 2), 21, 40)
    page = client.get(address).content.decode()
    assert "53\u202f%\u00a0(21/40)" in page
    assert "S1 2021 · publié à la clôture" in page
    rows = one_activity(tracker.indicator("3.2.2.b").activity, tracker.cast.robert).rows
    cells = next(row.cells for row in rows if row.indicator.number == "3.2.2.b")
    assert [cell.label for cell in cells if cell.status == "reported"] == ["T1 2021", "T2 2021"]
    detail = client.get(tracker.indicator("3.2.2.b").get_absolute_url()).content.decode()
    assert "S1 2021" in detail
    release(Quarter(2021, 3), Quarter(2021, 3), None, None)
    release(Quarter(2021, 4), Quarter(2021, 4), None, None)
    rows = re.findall(
        r'<th scope="row">([^<]+)</th>', client.get(tracker.indicator("3.2.2.b").get_absolute_url()).content.decode()
    )
    assert rows[:3] == ["T1 2021", "S1 2021", "chaque trimestre, de T3 2021 à T4 2021"]
    assert "Rien n’est encore rapporté" not in detail
    assert "non publié" in detail


def test_a_lead_fills_the_sheet_line_by_line_and_submits(tracker: Tracker, signed_in: SignIn) -> None:
    client = signed_in(tracker.cast.lassana)
    indicator = tracker.indicator("1.1.1.a")
    sheet = client.get(reverse("workplan:report"), {"period": "2021-T2"})
    assert indicator.pk in {line.indicator.pk for line in sheet.context["due"]}
    line = reverse("workplan:save_line", args=[indicator.pk])
    typed = {f"i{indicator.pk}-number": "4", f"i{indicator.pk}-numerator": "1", "period": "2021-T2"}
    assert client.post(line, {**typed, "act": "save"}).status_code == 302
    reading = Reading.objects.get()
    assert (reading.state, reading.number, reading.numerator, reading.denominator) == ("draft", 4, 1, 4)
    assert client.post(line, {**typed, "act": "submit"}).status_code == 302
    assert Reading.objects.get().state == ReadingState.SUBMITTED


def test_a_refused_line_keeps_what_was_typed(tracker: Tracker, signed_in: SignIn) -> None:
    client = signed_in(tracker.cast.lassana)
    indicator = tracker.indicator("1.1.5.a")
    prefix = f"i{indicator.pk}"
    typed = {f"{prefix}-numerator": "3", f"{prefix}-narrative": "Deux comptes rendus", "period": "2021-T2"}
    response = client.post(reverse("workplan:save_line", args=[indicator.pk]), {**typed, "act": "submit"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "toujours sa fraction" in page
    assert "Deux comptes rendus" in page


def test_an_impossible_share_is_a_sentence_not_an_error(tracker: Tracker, signed_in: SignIn) -> None:
    client = signed_in(tracker.cast.lassana)
    indicator = tracker.indicator("1.1.1.a")
    typed = {f"i{indicator.pk}-number": "2", f"i{indicator.pk}-numerator": "3", "period": "2021-T2"}
    response = client.post(reverse("workplan:save_line", args=[indicator.pk]), typed)
    assert (response.status_code, Reading.objects.count()) == (422, 0)
    assert "La part ne peut pas dépasser le total." in response.content.decode()


def test_a_disaggregated_count_is_typed_part_by_part(tracker: Tracker, signed_in: SignIn) -> None:
    client = signed_in(tracker.cast.lassana)
    indicator = tracker.indicator("2.2.2.b")
    prefix = f"i{indicator.pk}"
    typed = {f"{prefix}-number": "5", f"{prefix}-part_0_0": "2", f"{prefix}-part_0_2": "3", "period": "2021-T2"}
    client.post(reverse("workplan:save_line", args=[indicator.pk]), typed)
    assert Reading.objects.get().breakdown == {"retombée": {"communication publique": 2, "financements obtenus": 3}}


@pytest.mark.parametrize("name", ["robert", "adama", "djeneba", "oumar"])
def test_another_agencys_line_is_not_there(tracker: Tracker, signed_in: SignIn, name: str) -> None:
    client = signed_in(getattr(tracker.cast, name))
    response = client.post(reverse("workplan:save_line", args=[tracker.indicator("1.1.4.a").pk]), {"period": "2021-T2"})
    assert response.status_code == 404
    assert "Vous n’avez rien à rapporter" in client.get(reverse("workplan:report")).content.decode()


def test_the_verifier_verifies_from_the_queue(tracker: Tracker, signed_in: SignIn) -> None:
    reading = tracker.submitted("1.1.1.b", Value(number=4))
    client = signed_in(tracker.sira)
    assert [each.pk for each in client.get(reverse("workplan:verify")).context["page"]] == [reading.pk]
    client.post(reverse("workplan:judge", args=[reading.pk]), {"act": "verify", "seen": "submitted"})
    assert Reading.objects.get().state == ReadingState.VERIFIED
    assert "Rien n’attend votre vérification" in client.get(reverse("workplan:verify")).content.decode()


def test_a_second_verifier_is_told_that_somebody_acted_first(tracker: Tracker, signed_in: SignIn) -> None:
    reading = tracker.submitted("1.1.1.b", Value(number=4))
    readings.send_back(reading.pk, reason="À revoir", by=tracker.sira)
    client = signed_in(tracker.cast.djeneba)
    response = client.post(
        reverse("workplan:judge", args=[reading.pk]), {"act": "verify", "seen": "submitted"}, follow=True
    )
    assert "vient d'agir" in response.content.decode().replace("&#x27;", "'")


def test_a_verified_value_is_corrected_with_a_reason_from_its_page(tracker: Tracker, signed_in: SignIn) -> None:
    reading = tracker.verified("1.1.1.b", Value(number=4))
    client = signed_in(tracker.cast.lassana)
    client.post(reverse("workplan:correct", args=[reading.pk]), {"reason": "Une réunion oubliée"})
    assert list(Reading.objects.order_by("version").values_list("version", "state")) == [(1, "verified"), (2, "draft")]


def test_the_review_says_what_moved_and_what_is_late(tracker: Tracker, signed_in: SignIn) -> None:
    tracker.verified("1.1.1.b", Value(number=4))
    readings_of_next = tracker.report("1.1.1.b", Value(number=6), tracker.indicator("1.1.1.b").planned_quarters[3])
    readings.submit(readings_of_next.pk, by=tracker.cast.lassana)
    response = signed_in(tracker.cast.djeneba).get(reverse("workplan:review"), {"period": "2021-T2"})
    review = response.context["review"]
    assert [(each.indicator.number, each.before.number, each.now.number) for each in review.moved] == [
        ("1.1.1.b", 4, 6)
    ]
    assert (review.reported, review.verified, review.waiting) == (1, 0, 1)
    late = {each.indicator.number for each in review.late}
    assert "1.1.2.a" in late
    assert late.isdisjoint({"1.2.1.b", "3.2.1.e", "2.1.2.a"})


def test_the_review_never_calls_reported_what_is_only_not_late_yet(
    tracker: Tracker, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a quarter that has just ended nothing is late, and what is submitted counts for who may not read it."""
    monkeypatch.setattr(reviews, "late_through", lambda *_: Quarter(2019, 4))
    tracker.submitted("1.1.1.b", Value(number=7351))
    response = signed_in(tracker.cast.robert).get(reverse("workplan:review"), {"period": "2021-T1"})
    review, page = response.context["review"], response.content.decode()
    assert (review.late, review.reported, review.waiting, review.unread) == ([], 1, 1, 1)
    expected = {each.indicator.number for each in review.expected}
    assert "1.1.2.a" in expected
    assert expected.isdisjoint({"1.1.1.b", "1.2.1.b", "3.2.1.e"})
    assert "Tout ce qui était attendu est rapporté." not in page
    assert "7\u202f351" not in page


def test_an_indicators_table_says_the_state_that_its_strip_shows(tracker: Tracker, signed_in: SignIn) -> None:
    tracker.submitted("1.1.1.b", Value(number=7351))
    page = signed_in(tracker.cast.robert).get(tracker.indicator("1.1.1.b").get_absolute_url()).content.decode()
    rows = dict(re.findall(r'<tr id="(2021-T\d)">(.*?)</tr>', page, re.DOTALL))
    assert "lisible une fois vérifié" in rows["2021-T1"]
    assert "soumis" in rows["2021-T1"]
    assert "en retard" in rows["2021-T2"]


def test_what_adds_up_the_plan_is_verified_quarters_only_and_says_so(tracker: Tracker, signed_in: SignIn) -> None:
    tracker.verified("1.1.1.b", Value(number=4))
    tracker.submitted("1.1.1.b", Value(number=30), Quarter(2021, 2))
    page = signed_in(tracker.sira).get(tracker.indicator("1.1.1.b").get_absolute_url()).content.decode()
    said = page.partition("trimestres vérifiés seulement")[2].partition("</p>")[0]
    assert "<strong>4</strong>" in said
    assert "1 trimestre vérifié" in said


def test_the_choice_of_a_plan_is_no_filter_and_is_kept_when_filters_are_cleared(
    tracker: Tracker, signed_in: SignIn
) -> None:
    client, code = signed_in(tracker.cast.robert), tracker.plan.code
    page = client.get(reverse("workplan:plan"), {"plan": code}).content.decode()
    assert "Effacer les filtres" not in page
    assert "54 indicateurs" in page
    filtered = client.get(reverse("workplan:plan"), {"plan": code, "axis": "3"}).content.decode()
    assert f'href="/workplan/?plan={code}">Effacer les filtres' in filtered


def test_the_lineage_opens_on_the_quarter_of_the_latest_value(tracker: Tracker, signed_in: SignIn) -> None:
    now = Quarter.current()
    Plan.objects.filter(pk=tracker.plan.pk).update(years=[now.year])
    address = reverse("workplan:lineage", args=[tracker.indicator("3.2.1.e").pk])
    assert signed_in(tracker.cast.robert).get(address).context["quarter"] == now


def test_plans_are_switched_by_the_address(tracker: Tracker, signed_in: SignIn) -> None:
    client = signed_in(tracker.cast.robert)
    assert client.get(reverse("workplan:plan"), {"plan": tracker.plan.code}).status_code == 200
    assert client.get(reverse("workplan:plan"), {"plan": "AUTRE"}).status_code == 404
