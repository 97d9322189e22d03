"""An indicator bound to a measure: over what it is counted, what its share is of, and where its figure comes from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.actors import SYSTEM, robot
from core.periods import Quarter
from core.transitions import Refused, move
from directory.models import Scope
from feedback.enums import ClosedBecause
from feedback.models import Case
from referrals import actions
from referrals.actions.sending import Wish
from referrals.models import Referral
from tests.workplan.conftest import Tracker
from workplan.actions import closing, readings
from workplan.actions.bindings import bind
from workplan.bindings import Binding, binding_of
from workplan.enums import Kind
from workplan.lineage import lineage_of, split_of
from workplan.loading import EHP_PLAN, load_plan
from workplan.measures import DAYS_MEDIAN, LOOPS_CLOSED, MEASURES, PSEA_SERVICES, REFERRED, SAID, SMS_DELIVERED
from workplan.models import Indicator, PlanChange, Reading
from workplan.progress import Reported
from workplan.suppression import TOTAL
from workplan.tables import latest_of, with_releases
from workplan.values import Value

Say = Callable[..., Case]
WINTER = Quarter(2021, 1)
FEBRUARY = datetime(2021, 2, 1, tzinfo=UTC)
WHY = "Décidé par le groupe de travail."
JOB = robot("close-quarters")
AFTER = datetime(2021, 5, 10, tzinfo=UTC)


@pytest.fixture
def focus() -> str:
    """The scope that the plan speaks of."""
    return Scope.objects.get(is_focus=True).code


def measured(indicator: Indicator, quarter: Quarter = WINTER) -> Any:
    binding = binding_of(indicator)
    assert binding is not None
    found = binding.measured(indicator.kind, quarter.period)
    assert found is not None
    return found


def test_a_count_and_its_share_of_a_zone_is_one_measure_twice(tracker: Tracker, said: Say, focus: str) -> None:
    inside = sorted(Scope.objects.get(code=focus).pcodes())[0]
    for pcode, count in ((inside, 6), ("ML0101", 7)):
        for _n in range(count):
            said(FEBRUARY, pcode)
    indicator = bind(
        tracker.indicator("1.2.1.c").pk,
        Binding(MEASURES[SAID], share_over={"scope": focus}),
        reason=WHY,
        by=tracker.sira,
    )
    assert measured(indicator).value == Value(number=13, numerator=6, denominator=13)
    for _n in range(4):
        Case.objects.filter(place__pcode=inside)[0].delete()
    few = measured(indicator)
    assert (few.is_withheld, few.value) == (True, Value())


def test_who_verifies_an_indicator_chooses_its_measure_on_its_page(
    tracker: Tracker, focus: str, signed_in: Callable[[Any], Client]
) -> None:
    indicator = tracker.indicator("1.2.1.c")
    address = reverse("workplan:measured_by", args=[indicator.pk])
    client = signed_in(tracker.sira)
    assert str(MEASURES[LOOPS_CLOSED].definition) in client.get(address).content.decode()
    wrong = client.post(address, {"measure": LOOPS_CLOSED, "sex": "female", "reason": WHY})
    assert wrong.status_code == 422
    assert 'value="female" selected' in wrong.content.decode()
    said = {"measure": REFERRED, "sex": "female", "share_scope": focus}
    assert client.post(address, said).status_code == 422, "a change of the plan says why"
    assert client.post(address, said | {"reason": WHY}).status_code == 302
    bound = Indicator.objects.get(pk=indicator.pk)
    assert (bound.is_computed, bound.over, bound.share_over) == (True, {"sex": "female"}, {"scope": focus})
    change = PlanChange.objects.get(kind="indicator", element=indicator.pk)
    assert (change.reason, change.by, change.before["measure"]) == (WHY, tracker.sira, "")
    assert change.after == {"measure": REFERRED, "over": {"sex": "female"}, "share_over": {"scope": focus}}
    assert "Femme ou fille" in client.get(indicator.get_absolute_url()).content.decode()
    client.post(address, {"measure": "", "reason": WHY})
    assert not Indicator.objects.get(pk=indicator.pk).is_computed


@pytest.mark.parametrize(
    ("kind", "name", "asked"),
    [
        (Kind.COUNT, LOOPS_CLOSED, {}),
        (Kind.YES_NO, SAID, {}),
        (Kind.COUNT, DAYS_MEDIAN, {}),
        (Kind.PERCENT, SMS_DELIVERED, {"sex": "female"}),
        (Kind.PERCENT, PSEA_SERVICES, {"scope": "ML07"}),
        (Kind.COUNT, SAID, {"scope": "nowhere"}),
        (Kind.COUNT, SAID, {"category": "FRAUDE"}),
    ],
)
def test_what_does_not_fit_is_refused(tracker: Tracker, kind: str, name: str, asked: dict[str, str]) -> None:
    Indicator.objects.filter(number="1.2.1.c").update(kind=kind)
    with pytest.raises(Refused):
        bind(tracker.indicator("1.2.1.c").pk, Binding(MEASURES[name], asked), reason=WHY, by=tracker.sira)
    assert Binding(MEASURES[name], asked).why_not(kind, "sum") is not None


def test_the_file_of_a_plan_binds(tracker: Tracker, tmp_path: Path) -> None:
    plan = yaml.safe_load(EHP_PLAN.read_text(encoding="utf-8"))
    entries = {
        entry["number"]: entry
        for axis in plan["plan"]["axes"]
        for objective in axis["objectives"]
        for activity in objective["activities"]
        for entry in activity["indicators"]
    }
    entries["3.2.1.e"] |= {"over": {"channel": "sms"}}
    changed = tmp_path / "plan.yaml"
    changed.write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    load_plan(changed, reason=WHY)
    assert tracker.indicator("3.2.1.e").over == {"channel": "sms"}
    entries["3.2.1.e"] |= {"over": {"channel": "smoke signals"}}
    changed.write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_plan(changed, reason=WHY)
    assert "3.2.1.e" in str(refused.value.reason)


def test_a_quarter_too_small_to_show_is_not_frozen_and_not_late(tracker: Tracker, said: Say) -> None:
    said(FEBRUARY, sex="female")
    indicator = bind(
        tracker.indicator("1.2.1.c").pk, Binding(MEASURES[SAID], {}, {"scope": "ML07"}), reason=WHY, by=tracker.sira
    )
    closing.close_quarters(by=JOB, at=AFTER)
    assert not Reading.objects.filter(indicator=indicator, year=2021, quarter=1).exists()
    assert WINTER in with_releases(indicator, Reported(), tracker.plan.years).reported
    latest = latest_of(indicator, [], [Quarter.current().year])
    assert latest is not None


def refer(tracker: Tracker, said: Say, at: datetime) -> Referral:
    case = said(at, state="triaged", triaged_at=at, summary="Forage en panne")
    wish = Wish(tracker.cast.organisations["nrc"].pk, tracker.cast.offices["nrc_gao"].pk)
    return actions.create_and_send(case.pk, wish, by=tracker.cast.awa, at=at)


def test_what_was_reported_stands_beside_the_recount_with_what_changed_and_why(
    tracker: Tracker, said: Say, signed_in: Callable[[Any], Client]
) -> None:
    first, second, third = (refer(tracker, said, FEBRUARY) for _n in range(3))
    Referral.objects.update(created_at=FEBRUARY)
    closing.close_quarters(by=JOB, at=AFTER)
    reading = Reading.objects.get(indicator__number="3.2.1.e", year=2021)
    Reading.objects.filter(pk=reading.pk).update(submitted_at=AFTER)
    readings.verify(reading.pk, by=tracker.cast.djeneba)
    same = lineage_of(reading.indicator, WINTER, tracker.cast.awa)
    assert same is not None
    assert same.reading is not None
    assert (same.changes, same.digest) == ([], same.reading.digest)

    refer(tracker, said, FEBRUARY + timedelta(days=1))
    actions.answer(first.pk, kind="response", words="Réparé.", by=tracker.cast.fanta, at=AFTER + timedelta(days=1))
    Case.objects.filter(pk=second.case_id).update(
        state="closed", is_test=True, closed_because=ClosedBecause.TEST, closed_at=timezone.now()
    )
    move(Case, third.case_id, "protect", by=SYSTEM)
    now = lineage_of(reading.indicator, WINTER, tracker.cast.awa)
    assert now is not None
    assert now.reading is not None
    assert now.then is not None
    assert now.now is not None
    assert now.reading.value == Value(number=3, numerator=0, denominator=3)
    assert now.then.value == Value(number=3, numerator=0, denominator=3)
    assert now.now.value == Value(number=3, numerator=1, denominator=3)
    assert now.digest != now.reading.digest
    assert now.changes == [
        "Des réponses ou des avis sont venus après la date d’arrêt : ils comptent à ce jour seulement."
    ]
    refer(tracker, said, FEBRUARY + timedelta(days=2))
    more = lineage_of(reading.indicator, WINTER, tracker.cast.awa)
    assert more is not None
    assert more.changes[:2] == [
        "Référés dans le trimestre, et saisis après l’arrêt : moins de 5.",
        "Reconnus depuis comme des essais : moins de 5.",
    ]
    address = f"{reverse('workplan:lineage', args=[reading.indicator_id])}?period={WINTER.code}"
    page = signed_in(tracker.cast.awa).get(address).content.decode()
    assert "protég" not in page.split("Ce qui a changé depuis")[1].split("</section>")[0]


def test_a_count_breaks_down_by_what_its_measure_allows_with_small_numbers_withheld(
    tracker: Tracker, said: Say, signed_in: Callable[[Any], Client]
) -> None:
    for sex, count in (("female", 9), ("male", 7), ("not_said", 2)):
        for _n in range(count):
            said(FEBRUARY, sex=sex)
    binding = Binding(MEASURES[SAID])
    assert split_of(binding, "sex", WINTER, None) == {"female": 9, "male": None, "not_said": None, TOTAL: 18}
    indicator = bind(
        tracker.indicator("1.2.1.c").pk, Binding(MEASURES[SAID], {}, {"scope": "ML07"}), reason=WHY, by=tracker.sira
    )
    address = reverse("workplan:lineage", args=[indicator.pk])
    page = signed_in(tracker.sira).get(f"{address}?period={WINTER.code}&by=sex").content.decode()
    assert "Femme ou fille" in page
    unknown = signed_in(tracker.sira).get(f"{address}?period={WINTER.code}&by=password").content.decode()
    assert "Femme ou fille" not in unknown


@pytest.mark.parametrize("figure", ["said", "referred", "answered", "confirmed", "days", "silent"])
def test_every_figure_of_the_top_line_opens_to_its_definition_and_version(
    tracker: Tracker, figure: str, signed_in: Callable[[Any], Client]
) -> None:
    page = signed_in(tracker.cast.robert).get(f"{reverse('workplan:figures')}?figure={figure}").content.decode()
    assert "Version de la définition" in page


def test_a_measure_says_itself_in_french_and_in_english_and_how_small_a_cell_may_be() -> None:
    referred, vault = MEASURES[REFERRED], MEASURES[PSEA_SERVICES]
    assert "référencement" in referred.said_in("fr")["definition"]
    assert "referral" in referred.said_in("en")["definition"]
    assert (referred.smallest_cell, vault.smallest_cell) == (5, 10)
