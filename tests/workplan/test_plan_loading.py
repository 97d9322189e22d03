from __future__ import annotations

from core.periods import Quarter
from tests.workplan.conftest import Tracker
from workplan.enums import ActorRole, Kind, Source, Verifier
from workplan.loading import follow_on_plan, load_plan
from workplan.models import Activity, ActivityActor, Axis, Indicator, Objective, Plan, Reading, Window
from workplan.values import Value


def test_the_plan_has_three_axes_seven_objectives_25_activities_and_54_indicators(tracker: Tracker) -> None:
    counts = [model.objects.count() for model in (Plan, Axis, Objective, Activity, Indicator)]
    assert counts == [1, 3, 7, 25, 54]


def test_each_kind_of_indicator_is_there(tracker: Tracker) -> None:
    kinds = {kind: Indicator.objects.filter(kind=kind).count() for kind in Kind.values}
    assert kinds == {"yes_no": 23, "count": 16, "percent": 3, "count_with_share": 10, "count_disaggregated": 2}
    assert set(Indicator.objects.filter(source=Source.AUTO).values_list("number", "measure")) == {
        ("3.2.1.e", "referred_cases"),
        ("3.2.2.b", "psea_referred_to_victim_services"),
    }


def test_loading_again_changes_nothing_and_keeps_what_was_reported(tracker: Tracker) -> None:
    reading = tracker.verified("1.1.1.b", Value(number=3))
    rows = [model.objects.count() for model in (Objective, Activity, Indicator, ActivityActor, Window)]
    assert load_plan() == tracker.plan
    assert [model.objects.count() for model in (Objective, Activity, Indicator, ActivityActor, Window)] == rows
    assert Reading.objects.get(pk=reading.pk).number == 3


def test_leads_are_kept_in_the_words_of_the_source_and_linked_where_the_directory_knows_them(tracker: Tracker) -> None:
    actors = ActivityActor.objects.filter(activity__number="1.1.1").order_by("position")
    assert [(actor.role, actor.text, str(actor.organisation)) for actor in actors] == [
        (ActorRole.LEAD, "HCR", "HCR"),
        (ActorRole.LEAD, "UNICEF", "None"),
        (ActorRole.LEAD, "UNFPA", "None"),
        (ActorRole.LEAD, "OCHA (Secrétariat)", "OCHA"),
        (ActorRole.OTHER, "Coordination Cluster et Sous-Clusters Protection", "None"),
    ]
    assert Activity.objects.get(number="1.1.1").expertise == ["PROCAP ?"]


def test_the_reporter_is_named_linked_or_everyone(tracker: Tracker) -> None:
    reporters = {
        number: ([str(each) for each in activity.reporters.all()], activity.open_to_every_lead)
        for number in ("1.1.2", "1.2.2", "2.1.2")
        for activity in [Activity.objects.get(number=number)]
    }
    assert reporters == {"1.1.2": (["HCR", "OCHA"], False), "1.2.2": (["OCHA"], False), "2.1.2": ([], True)}


def test_verifiers_follow_the_default_rule(tracker: Tracker) -> None:
    by_verifier = {each: Indicator.objects.filter(verifier=each).count() for each in Verifier.values}
    assert by_verifier == {"secretariat": 41, "working_group": 12, "psea_coordinator": 1}
    assert tracker.indicator("3.2.2.b").verifier == Verifier.PSEA_COORDINATOR
    assert {str(each) for each in tracker.plan.secretariat.all()} == {"OCHA", "Cluster Protection"}


def test_windows_are_the_indicators_own_else_the_activitys(tracker: Tracker) -> None:
    inherited, own, none = (tracker.indicator(number) for number in ("1.1.1.a", "1.2.1.c", "1.2.1.b"))
    assert inherited.planned_quarters[:2] == [Quarter(2020, 3), Quarter(2020, 4)]
    assert len(inherited.planned_quarters) == 10
    assert own.planned_quarters[0] == Quarter(2020, 4)
    assert none.planned_quarters == []


def test_the_follow_on_plan_carries_axis_three_over_two_years_without_minusma(tracker: Tracker) -> None:
    plan = follow_on_plan(2026)
    assert follow_on_plan(2026) == plan
    assert plan.is_invented
    assert plan.years == [2026, 2027]
    assert list(plan.axes.values_list("number", flat=True)) == [3]
    assert Indicator.objects.of_plan(plan.pk).count() == 13
    actors = ActivityActor.objects.filter(activity__objective__axis__plan=plan)
    assert actors.exists()
    assert not actors.filter(text__contains="MINUSMA").exists()
    live = Indicator.objects.of_plan(plan.pk).get(number="3.2.1.e")
    assert [quarter.code for quarter in live.planned_quarters][::7] == ["2026-T1", "2027-T4"]
    assert Indicator.objects.of_plan(plan.pk).get(number="3.1.1.b").planned_quarters == []
    assert Plan.objects.count() == 2
