from __future__ import annotations

import copy
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from core.transitions import Conflict, Refused
from directory.models import User
from tests.workplan.conftest import Tracker
from workplan.actions.plan_doubts import settle
from workplan.actions.plans import change_element, last_change, make_plan, update_plan
from workplan.actions.standing import set_consolidation
from workplan.document.elements import Elements, Key, elements_of, values_of
from workplan.document.history import as_of
from workplan.document.showing import to_settle
from workplan.document.tree import as_entry, from_entry, rooted
from workplan.loading import load_plan
from workplan.models import Activity, Indicator, Plan, PlanChange
from workplan.public_words import SaysTooMuch

# A plan of its own, small enough to be lived through many times.
SMALL: dict[str, Any] = {
    "code": "ESSAI",
    "title": "Plan d’essai",
    "country": "ML",
    "owner": "EHP",
    "years": [2020, 2021],
    "secretariat": ["OCHA"],
    "axes": [
        {
            "number": 1,
            "title": "Un axe",
            "objectives": [
                {
                    "number": "1.1",
                    "title": "Un objectif",
                    "activities": [
                        {
                            "number": "1.1.1",
                            "title": "Une activité",
                            "leads": ["HCR"],
                            "windows": {2020: "Q1-Q4"},
                            "indicators": [
                                {"number": "1.1.1.a", "title": "# de réunions", "kind": "count"},
                                {"number": "1.1.1.b", "title": "% d’avis", "kind": "percent", "doubt": "Lequel ?"},
                            ],
                        }
                    ],
                }
            ],
        }
    ],
}
NOON = datetime(2021, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def small(tracker: Tracker) -> Plan:
    return make_plan(from_entry(SMALL), reason="Essai.", by=tracker.cast.lassana, at=NOON)


def told(elements: Elements) -> dict[Key, Any]:
    return {key: element.values for key, element in elements.items()}


def of(plan: Plan, number: str) -> Indicator:
    return Indicator.objects.of_plan(plan.pk).get(number=number)


# -- any day ---------------------------------------------------------------------------------------------------------


def test_any_day_of_random_histories_is_what_a_plain_replay_says(small: Plan, tracker: Tracker) -> None:
    chance = random.Random(7)
    day = timedelta(days=1)
    moment, replayed = NOON, {NOON.date(): copy.deepcopy(told(elements_of(small)))}
    first = copy.deepcopy(told(elements_of(small)))
    state = copy.deepcopy(first)
    for number in range(60):
        moment += day * chance.randint(0, 4) + timedelta(minutes=chance.randint(0, 300))
        if number % 20 == 19:
            entry = as_entry(rooted(elements_of(small)))
            activity = entry["axes"][0]["objectives"][0]["activities"][0]
            activity["indicators"].append({"number": f"1.1.1.n{number}", "title": f"# {number}", "kind": "count"})
            activity["title"] = f"Activité {number}"
            update_plan(small, from_entry(entry), reason="Repris.", by=tracker.cast.djeneba, at=moment)
            made = of(small, f"1.1.1.n{number}")
            state["indicator", made.pk] = copy.deepcopy(values_of(made))
            state[next(key for key in state if key[0] == "activity")]["title"] = f"Activité {number}"
        else:
            key = chance.choice(sorted(state))
            values = edit(key[0], chance, number)
            change_element(*key, values, reason="Parce que.", by=tracker.cast.djeneba, at=moment)
            state[key] |= values
        replayed[moment.date()] = copy.deepcopy(state)
    assert told(elements_of(small)) == state
    known = NOON.date()
    for step in range((moment.date() - NOON.date()).days + 2):
        asked = NOON.date() + day * step
        known = asked if asked in replayed else known
        assert told(as_of(small, asked)) == replayed[known], asked
    assert told(as_of(small, date(2019, 1, 1))) == first


def edit(kind: str, chance: random.Random, number: int) -> dict[str, Any]:
    """Something that a person could have typed, different each time."""
    windows = {"2020": chance.choice(["Q1", "Q2-Q3", "Q1, Q4"]), "2021": f"Q{chance.randint(1, 4)}"}
    anyone = ["HCR", "Tout EHP", f"Agence {number} = OCHA"]
    by_kind: dict[str, dict[str, Any]] = {
        "plan": {"owner": f"EHP {number}"},
        "axis": {"title": f"Axe {number}"},
        "objective": {"title": f"Objectif {number}", "description": chance.choice(["", "Précision"])},
        "activity": {"leads": [*chance.sample(anyone, 2), f"Lead {number}"], "windows": windows},
        "indicator": {
            "target": number,
            "baseline": chance.choice([None, 0, 3]),
            "windows": chance.choice([None, {}, windows]),
            "direction": chance.choice(["up", "down", "none"]),
            "means_of_verification": f"Compte rendu\nn° {number}",
        },
    }
    return by_kind[kind]


def test_a_change_says_who_when_and_why_and_is_never_altered(small: Plan, tracker: Tracker) -> None:
    indicator = of(small, "1.1.1.a")
    change = change_element(
        "indicator", indicator.pk, {"target": 4}, reason=" EHP du 12 mars. ", by=tracker.cast.djeneba
    )
    assert (change.by, change.reason, change.before, change.after, change.number) == (
        tracker.cast.djeneba, "EHP du 12 mars.", {"target": None}, {"target": 4}, "1.1.1.a",
    )  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanChange.objects.filter(pk=change.pk).update(reason="Autre")
    with pytest.raises(DatabaseError), transaction.atomic():
        change.delete()


def test_leads_keep_their_words_and_their_link_and_reporters_follow(small: Plan, tracker: Tracker) -> None:
    activity = Activity.objects.get(objective__axis__plan=small)
    leads = ["Agence chef de file = NRC", "UNICEF"]
    change_element("activity", activity.pk, {"leads": leads}, reason="Décidé.", by=tracker.cast.lassana)
    assert values_of(Activity.objects.get(pk=activity.pk))["leads"] == leads
    assert [(actor.text, str(actor.organisation)) for actor in activity.actors.all()] == [
        ("Agence chef de file", "NRC"), ("UNICEF", "None"),
    ]  # fmt: skip
    assert [str(each) for each in activity.reporters.all()] == ["NRC"]


@pytest.mark.parametrize(
    ("values", "more", "refusal"),
    [
        ({"target": 4}, {"reason": " "}, "pourquoi"),
        ({"title": ""}, {}, "il manque"),
        ({"target": None}, {}, "Rien n’est changé"),
        ({"target": -1}, {}, "nombre entier"),
        ({"windows": {"2030": "Q1"}}, {}, "n’est pas une année du plan"),
        ({"disaggregations": [{"name": "sexe", "values": []}]}, {}, "désagrégation"),
        ({"direction": "biais"}, {}, "ce n’est pas l’un de"),
        ({"number": "9"}, {}, "ne se change pas ici"),
        ({}, {"settles": ["doubt"]}, "déjà tranché"),
    ],
)
def test_what_cannot_be_is_refused(
    small: Plan, tracker: Tracker, values: dict[str, Any], more: dict[str, Any], refusal: str
) -> None:
    asked: dict[str, Any] = {"reason": "Parce que.", "by": tracker.cast.lassana} | more
    with pytest.raises(Refused, match=refusal):
        change_element("indicator", of(small, "1.1.1.a").pk, values, **asked)


def test_it_is_for_the_secretariat_and_the_working_group(small: Plan, tracker: Tracker) -> None:
    pk = of(small, "1.1.1.a").pk
    for stranger in (tracker.penda, tracker.cast.robert, tracker.cast.adama):
        with pytest.raises(Refused):
            change_element("indicator", pk, {"target": 4}, reason="Moi.", by=stranger)
    seen = last_change("indicator", pk)
    change_element("indicator", pk, {"target": 4}, reason="Moi.", seen=seen, by=tracker.cast.lassana)
    with pytest.raises(Conflict):
        change_element("indicator", pk, {"target": 5}, reason="Moi.", seen=seen, by=tracker.cast.djeneba)
    with pytest.raises(SaysTooMuch):
        change_element("indicator", pk, {"title": "Appeler le 70 12 34 56 78"}, reason="Moi.", by=tracker.cast.djeneba)


def test_the_rule_that_a_verifier_chooses_is_in_the_history_too(small: Plan, tracker: Tracker) -> None:
    indicator = of(small, "1.1.1.a")
    set_consolidation(indicator.pk, rule="sum", by=tracker.cast.lassana)
    change = PlanChange.objects.get(kind="indicator", element=indicator.pk)
    assert (change.before, change.after) == ({"consolidation": ""}, {"consolidation": "sum"})


# -- what the source left open ---------------------------------------------------------------------------------------


def test_doubts_and_inferences_are_settled_with_a_reason(tracker: Tracker) -> None:
    doubts, inferences = to_settle(tracker.plan)
    assert [(one.element.number, one.what) for one in doubts] == [
        ("1.1.2.a", "doubt"), ("2.1.4.b", "doubt"), ("2.2.1", "doubt"), ("3.2.2.b", "doubt"),
    ]  # fmt: skip
    assert {(str(group.label), len(group.rows)) for group in inferences} == {
        ("Comment les trimestres s’additionnent", 28),
        ("Unité du dénominateur", 2),
        ("Qui rapporte, si ce n’est pas les responsables", 1),
    }
    code = doubts[3].code
    with pytest.raises(Refused):
        settle(tracker.plan, [code, "indicator:0:doubt"], reason="Non.", by=tracker.cast.lassana)
    every = [row.code for group in inferences for row in group.rows]
    assert settle(tracker.plan, [code, *every], reason="Lecture A, EHP.", by=tracker.cast.lassana) == 32
    left, none = to_settle(tracker.plan)
    assert ([one.element.number for one in left], none) == (["1.1.2.a", "2.1.4.b", "2.2.1"], [])
    change = PlanChange.objects.filter(number="3.2.2.b").get()
    assert (change.act, change.reason, change.after) == ("settled", "Lecture A, EHP.", {"doubt": ""})


def test_loading_again_keeps_what_people_changed_unless_it_says_why(tracker: Tracker) -> None:
    indicator = tracker.indicator("1.1.1.b")
    change_element("indicator", indicator.pk, {"target": 9}, reason="EHP.", by=tracker.cast.lassana)
    load_plan()
    assert tracker.indicator("1.1.1.b").target == 9
    load_plan(reason="Retour au fichier.")
    assert tracker.indicator("1.1.1.b").target is None
    reasons = PlanChange.objects.filter(number="1.1.1.b").values_list("reason", "by__name")
    assert list(reasons) == [("Retour au fichier.", None), ("EHP.", "Lassana")]


# -- pages -----------------------------------------------------------------------------------------------------------


def test_a_page_changes_an_element_and_shows_the_plan_before_it(
    small: Plan, tracker: Tracker, signed_in: Callable[[User], Client]
) -> None:
    client, pk = signed_in(tracker.cast.djeneba), of(small, "1.1.1.a").pk
    form = client.get(f"/workplan/elements/indicator/{pk}/change/").context["form"]
    typed = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    typed = {name: value for name, value in typed.items() if value is not None and value is not False}
    changed = typed | {
        "title": "# de réunions tenues",
        "reason": "Vu le 70 12 34 56 78",
        "windows": ["2020-T1", "2020-T2"],
    }
    changed.pop("inherits")
    refused = client.post(f"/workplan/elements/indicator/{pk}/change/", changed)
    assert refused.status_code == 422
    assert "# de réunions tenues" in refused.content.decode()
    done = client.post(f"/workplan/elements/indicator/{pk}/change/", changed | {"reason": "EHP."})
    assert done.status_code == 302, done.context["form"].errors
    assert values_of(of(small, "1.1.1.a"))["windows"] == {"2020": "Q1-Q2"}
    history = client.get(f"/workplan/elements/indicator/{pk}/").content.decode()
    assert all(word in history for word in ("# de réunions tenues", "EHP.", "Djeneba"))
    yesterday = client.get("/workplan/", {"plan": "ESSAI", "le": "2021-01-01"})
    assert ("# de réunions" in yesterday.content.decode(), yesterday.context["count"]) == (True, 1)
    assert "tenues" not in yesterday.content.decode()
    assert client.get("/workplan/", {"plan": "ESSAI", "le": "31 février"}).status_code == 404


def test_the_secretariat_settles_on_a_page(small: Plan, tracker: Tracker, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(tracker.cast.lassana)
    pk = of(small, "1.1.1.b").pk
    blank = client.post("/workplan/doubts/", {"plan": "ESSAI", "of": f"indicator:{pk}:doubt"})
    assert (blank.status_code, of(small, "1.1.1.b").doubt) == (422, "Lequel ?")
    typed = {"plan": "ESSAI", "of": f"indicator:{pk}:doubt", "reason": "Celui de l’EHP."}
    assert client.post("/workplan/doubts/", typed).status_code == 302
    assert of(small, "1.1.1.b").doubt == ""
    assert "Celui de l’EHP." in client.get("/workplan/changes/", {"plan": "ESSAI"}).content.decode()
    assert signed_in(tracker.penda).get("/workplan/doubts/", {"plan": "ESSAI"}).status_code == 404
