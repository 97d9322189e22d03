from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from core.actors import robot
from core.models import AuditEntry
from core.periods import Period, Quarter
from directory.enums import VICTIM_SERVICES
from directory.models import User
from feedback.models import Case, CaseFacts, Category
from feedback.statistics import open_voices
from feedback.tallied import Behind
from psea import statistics as vault
from psea.models import Release
from referrals import statistics as referrals
from referrals.tallying import take_in_all, take_in_anew
from tests.referrals.conftest import House
from tests.workplan.conftest import Tracker, release
from workplan.actions import closing, readings
from workplan.enums import ReadingState
from workplan.lineage import Counted, lineage_of
from workplan.measures import (
    EVERYTHING,
    MEASURES,
    PSEA_AMONG_SERVICES,
    PSEA_CONTEXT,
    PSEA_SERVICES,
    REFERRED,
    Over,
    cohort_cutoff,
    digest_of,
)
from workplan.models import Indicator, Plan, Reading
from workplan.tasks import close_quarters
from workplan.values import Value

JOB = robot("close-quarters")
WINTER = Quarter(2021, 1)
AFTER = datetime(2021, 5, 10, tzinfo=UTC)


@pytest.fixture
def cohort(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the referrals' figures say, for tests of what the plan makes of them."""
    known: dict[str, Any] = {"cohort": referrals.Cohort(50, 31, 20, 12, 25, 6, 0), "ids": []}
    monkeypatch.setattr(referrals, "referred_cohort", lambda *_a, **_k: known["cohort"])
    monkeypatch.setattr(referrals, "behind", lambda *_a, **_k: behind_of(known["ids"]))
    return known


def behind_of(ids: list[UUID]) -> Behind:
    """As if these cases were those that a figure counts."""
    return Behind(CaseFacts.objects.none(), open_voices().filter(pk__in=ids))


def counted_by(indicator: Indicator, reader: User) -> Counted:
    """What the lineage of the winter's figure lists for a reader."""
    lineage = lineage_of(indicator, WINTER, reader)
    assert lineage is not None
    assert lineage.counted is not None
    return lineage.counted


def test_every_computed_indicator_names_a_measure_of_the_registry(tracker: Tracker) -> None:
    named = set(Indicator.objects.exclude(measure="").values_list("measure", flat=True))
    assert named == {REFERRED, PSEA_SERVICES} <= set(MEASURES)


def test_referred_cases_has_its_count_its_fraction_and_what_stands_beside(cohort: dict[str, Any]) -> None:
    measured = MEASURES[REFERRED].compute(WINTER.period, EVERYTHING, None)
    assert measured is not None
    assert measured.value == Value(number=50, numerator=31, denominator=50)
    assert [(each.numerator, each.denominator) for each in measured.beside] == [
        (20, 50),
        (12, 50),
        (25, None),
        (6, None),
        (0, None),
    ]


def test_the_cut_off_is_thirty_days_after_the_quarter() -> None:
    assert cohort_cutoff(WINTER.period) == datetime(2021, 5, 1, tzinfo=UTC)


def test_an_untouched_platform_says_zero_over_zero_as_a_dash(tracker: Tracker) -> None:
    measured = MEASURES[REFERRED].compute(WINTER.period, EVERYTHING, None)
    assert measured is not None
    assert measured.value.text == "0 · –"


def test_a_closed_quarter_is_frozen_with_version_cut_off_and_digest_and_waits_for_its_verifier(
    tracker: Tracker, cohort: dict[str, Any], said: Callable[..., Case]
) -> None:
    cohort["ids"] = [said().pk, said().pk]
    closing.close_quarters(by=JOB, at=AFTER)
    reading = Reading.objects.get(indicator__number="3.2.1.e", year=2021)
    assert (reading.quarter, reading.state, reading.submitted_by) == (1, ReadingState.SUBMITTED, None)
    assert reading.value == Value(number=50, numerator=31, denominator=50)
    assert (reading.definition_version, reading.cutoff) == ("2", cohort_cutoff(WINTER.period))
    assert reading.digest == digest_of(map(str, cohort["ids"]))
    assert readings.verify(reading.pk, by=tracker.cast.djeneba).state == ReadingState.VERIFIED


def test_closing_twice_freezes_once_and_the_open_cohort_waits(tracker: Tracker, cohort: dict[str, Any]) -> None:
    just_ended = datetime(2021, 4, 2, tzinfo=UTC)
    assert closing.close_quarters(by=JOB, at=just_ended) == 1  # the last of 2020; the winter's cohort is still open
    assert closing.close_quarters(by=JOB, at=AFTER) == 1
    audited = AuditEntry.objects.using("vault").filter(act="psea.release.close_quarter").count()
    assert closing.close_quarters(by=JOB, at=AFTER) == 0
    assert AuditEntry.objects.using("vault").filter(act="psea.release.close_quarter").count() == audited == 5


def test_what_was_reported_stays_when_the_count_of_today_moves(tracker: Tracker, cohort: dict[str, Any]) -> None:
    closing.close_quarters(by=JOB, at=AFTER)
    frozen = Reading.objects.get(indicator__number="3.2.1.e", year=2021)
    readings.verify(frozen.pk, by=tracker.cast.djeneba)
    cohort["cohort"] = referrals.Cohort(50, 40, 20, 12, 25, 6, 0)
    assert Reading.objects.get(pk=frozen.pk).numerator == 31
    measured = MEASURES[REFERRED].compute(WINTER.period, EVERYTHING, None)
    assert measured is not None
    assert measured.value.numerator == 40


def test_a_recount_is_a_new_version_with_a_reason_for_its_verifier(tracker: Tracker, cohort: dict[str, Any]) -> None:
    closing.close_quarters(by=JOB, at=AFTER)
    frozen = Reading.objects.get(indicator__number="3.2.1.e", year=2021)
    readings.verify(frozen.pk, by=tracker.cast.djeneba)
    cohort["cohort"] = referrals.Cohort(51, 40, 20, 12, 25, 6, 0)
    fresh = closing.recount(frozen.pk, reason="Réponses saisies en retard", by=tracker.cast.djeneba)
    assert (fresh.version, fresh.state, fresh.number, fresh.numerator) == (2, ReadingState.SUBMITTED, 51, 40)
    assert readings.verify(fresh.pk, by=tracker.cast.djeneba).version == 2


def test_the_vault_is_shown_only_as_it_was_released(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "live_counts", lambda *_a: pytest.fail("live figures left the vault"))
    measure = MEASURES[PSEA_SERVICES]
    assert measure.compute(WINTER.period, EVERYTHING, None) is None
    release(WINTER, WINTER, None, None)
    assert measure.compute(WINTER.period, EVERYTHING, None) is None
    release(WINTER.next, WINTER.next, 21, 40)
    measured = measure.compute(WINTER.next.period, EVERYTHING, None)
    assert measured is not None
    assert measured.value == Value(numerator=21, denominator=40)
    assert measure.compute(WINTER.next.period, Over(frozenset({"ML0703"})), None) is None


def test_closing_releases_the_vault_first_and_leaves_what_is_too_small_unpublished(tracker: Tracker) -> None:
    closing.close_quarters(by=JOB, at=AFTER)
    lines = vault.releases(PSEA_SERVICES)
    assert [line.first_day.isoformat() for line in lines if line.width == "quarter"][-1] == "2021-01-01"
    assert not any(line.is_published for line in lines)
    assert not Reading.objects.filter(indicator__number="3.2.2.b").exists()


def test_the_other_readings_of_the_vaults_indicator_are_released_beside_it(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, signed_in: Callable[[Any], Client]
) -> None:
    """21 survivors of the winter were referred to services; from the other lanes 63 cases, and 200 in all."""
    monkeypatch.setattr(referrals, "referred_to", lambda services, period: 63 if services == VICTIM_SERVICES else 0)
    monkeypatch.setattr(referrals, "referred_cohort", lambda *_a, **_k: referrals.Cohort(200))
    release(WINTER, WINTER, 21, 40)
    closing.close_quarters(by=JOB, at=AFTER)
    shown = {line.first_day: (line.numerator, line.denominator) for line in vault.releases(PSEA_AMONG_SERVICES)}
    assert shown[WINTER.first_day] == (21, 84)
    assert shown[WINTER.previous.first_day] == (None, None)
    page = signed_in(tracker.cast.robert).get(tracker.indicator("3.2.2.b").get_absolute_url()).content.decode()
    tables = page.split("<caption>")[1:]
    captions = [unescape(table.split("</caption>")[0]) for table in tables]
    assert [re.findall(r"^(Lecture retenue|Contexte)|lecture (.)\)", caption) for caption in captions] == [
        [("Lecture retenue", ""), ("", "A")], [("Contexte", ""), ("", "B")], [("Contexte", ""), ("", "C")]
    ]  # fmt: skip
    assert ["(21/84)" in table for table in tables] == [False, False, True]
    assert [line.numerator for line in vault.releases(PSEA_CONTEXT) if line.is_published] == []


def test_a_quarter_closed_before_a_reading_was_known_gets_its_line(tracker: Tracker) -> None:
    closing.close_quarters(by=JOB, at=AFTER)
    Release.objects.using("vault").filter(measure=PSEA_AMONG_SERVICES).delete()
    closing.close_quarters(by=JOB, at=AFTER)
    lines = [[line.first_day for line in vault.releases(name)] for name in (PSEA_SERVICES, PSEA_AMONG_SERVICES)]
    assert lines[0] == lines[1] != []


def test_a_published_quarter_of_the_vault_waits_for_the_coordination(tracker: Tracker) -> None:
    release(WINTER, WINTER, 21, 40)
    closing.close_quarters(by=JOB, at=AFTER)
    reading = Reading.objects.get(indicator__number="3.2.2.b")
    assert (reading.value, reading.digest) == (Value(numerator=21, denominator=40), "")
    assert readings.verify(reading.pk, by=tracker.cast.coumba).state == ReadingState.VERIFIED


def test_the_job_closes_what_has_ended(tracker: Tracker) -> None:
    close_quarters()
    assert Reading.objects.filter(indicator__number="3.2.1.e").count() == 9


def test_the_lineage_lists_what_the_reader_may_open_and_says_when_there_is_more(
    tracker: Tracker, said: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [said(datetime(2021, 2, 1, tzinfo=UTC)) for _n in range(7)]
    monkeypatch.setattr(referrals, "behind", lambda *_a, **_k: behind_of([case.pk for case in cases]))
    indicator = tracker.indicator("3.2.1.e")
    operator = counted_by(indicator, tracker.cast.awa)
    assert (set(operator.ids), operator.has_unlisted) == (
        {case.pk for case in cases},
        False,
    )
    observer = counted_by(indicator, tracker.cast.robert)
    assert (list(observer.ids), observer.has_unlisted, observer.unlisted) == ([], True, 7)


def test_the_lineage_never_says_a_small_number_of_hidden_cases(
    tracker: Tracker, said: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [said(datetime(2021, 2, 1, tzinfo=UTC)) for _n in range(3)]
    monkeypatch.setattr(referrals, "behind", lambda *_a, **_k: behind_of([case.pk for case in cases]))
    observer = counted_by(tracker.indicator("3.2.1.e"), tracker.cast.robert)
    assert (observer.has_unlisted, observer.unlisted) == (True, None)


def test_of_many_counted_cases_the_latest_that_the_reader_may_open_are_listed(
    tracker: Tracker, said: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workplan.lineage.LISTED", 3)
    monkeypatch.setattr("workplan.lineage.LOOKED_AT", 5)
    cases = [said(datetime(2021, 2, day, tzinfo=UTC)) for day in range(1, 10)]
    monkeypatch.setattr(referrals, "behind", lambda *_a, **_k: behind_of([case.pk for case in cases]))
    indicator, latest = tracker.indicator("3.2.1.e"), [case.pk for case in reversed(cases)]
    operator = counted_by(indicator, tracker.cast.awa)
    assert (operator.ids, operator.has_unlisted, operator.unlisted) == (latest[:3], True, None)
    observer = counted_by(indicator, tracker.cast.robert)
    assert (observer.ids, observer.has_unlisted, observer.unlisted) == ([], True, 9)

    Case.objects.filter(pk__in=latest[2:]).update(lane="restricted", restricted_kind="protection")
    few = counted_by(indicator, tracker.cast.awa)
    assert (few.ids, few.has_unlisted, few.unlisted) == (latest[:2], True, 7)
    Case.objects.filter(pk__in=latest[2:]).update(lane="ordinary", restricted_kind="")
    Case.objects.filter(pk__in=latest[:3]).update(lane="restricted", restricted_kind="protection")
    earlier = counted_by(indicator, tracker.cast.awa)
    assert (earlier.ids, earlier.has_unlisted, earlier.unlisted) == (latest[3:6], True, None)


def test_a_quarter_begins_and_ends_at_midnight_in_bamako() -> None:
    assert WINTER.period == Period(datetime(2021, 1, 1, tzinfo=UTC), datetime(2021, 4, 1, tzinfo=UTC))
    assert WINTER.period.end - timedelta(seconds=1) in WINTER.period
    assert WINTER.period.end not in WINTER.period


def test_nothing_of_a_restricted_matter_is_in_a_part_or_a_zone_nor_follows_by_subtraction(
    tracker: Tracker, signed_in: Callable[[Any], Client]
) -> None:
    house, quarter = House(tracker.cast), Quarter.current()
    violence = Category.objects.filter(restricted_kind="protection")[0]
    Plan.objects.filter(pk=tracker.plan.pk).update(years=[*tracker.plan.years, quarter.year])
    cases = [house.case() for _n in range(18)]
    for case in cases:
        house.sent(case, house.wish("hcr", None))
    Case.objects.filter(pk__in=[case.pk for case in cases[:8]]).update(sex="female")
    Case.objects.filter(pk__in=[case.pk for case in cases[8:]]).update(sex="male")
    hidden = [case.pk for case in cases[:3]]
    Case.objects.filter(pk__in=hidden).update(lane="restricted", restricted_kind="protection", category=violence)
    measure, zone = MEASURES[REFERRED], Over(frozenset({"ML0703"}))
    assert measure.split is not None
    for fresh in (take_in_anew, take_in_all):
        whole = measure.compute(quarter.period, EVERYTHING, None)
        narrow = measure.compute(quarter.period, zone, None)
        assert whole is not None
        assert narrow is not None
        assert (whole.value.number, narrow.value.number) == (18, 15)
        assert measure.split("category", quarter.period, EVERYTHING, None) == {"INSAT_MAJ": 15, "": 3}
        assert measure.split("sex", quarter.period, EVERYTHING, None) == {"female": 5, "male": 10, "": 3}
        assert measure.split("category", quarter.period, zone, None) == {"INSAT_MAJ": 15}
        assert set(hidden).isdisjoint(referrals.behind(quarter.period, zone.places).ids())
        fresh()
    address = reverse("workplan:lineage", args=[tracker.indicator("3.2.1.e").pk])
    for reader in (tracker.cast.robert, tracker.cast.lassana):
        page = signed_in(reader).get(address, {"by": "category", "period": quarter.code}).content.decode()
        rows = page.split('id="parts"')[1].split("</section>")[0]
        assert "autres ou pas encore triés" in rows
        assert violence.label not in rows
        assert ">15<" not in rows, "with the total, it gives the three back"
