"""Releases: what leaves the vault as a figure, and what can be worked out from it."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import override_settings

from bench import disclosure as attack
from core.periods import Quarter, quarters
from psea import disclosure
from psea.databases import VAULT
from psea.disclosure import OVER_SERVICE_REFERRALS, reaches_threshold
from psea.models import AssistanceOffer, Release, SealedCase, Survivor
from psea.statistics import REFERRED_TO_SERVICES, Released, close_quarter, live_counts, referred_to_services, releases
from tests.psea.conftest import INTAKE

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PLAN = (date(2020, 10, 1), date(2022, 12, 31))


def accepted(quarter: Quarter, *, referred: int, not_referred: int) -> None:
    """Survivors who accepted in the quarter, written past the state machine: only dates count here."""
    when = quarter.period.start
    case = SealedCase(received_at=when, state_since=when, thread_tag=uuid4().hex)
    case.save(using=VAULT)
    survivors = [Survivor(case=case, created_at=when) for _ in range(referred + not_referred)]
    Survivor.objects.using(VAULT).bulk_create(survivors)
    dates = {"state_since": when, "offered_at": when, "accepted_at": when}
    offers = [
        AssistanceOffer(survivor=row, service="legal", state="referred", referred_at=when, **dates)
        for row in survivors[:referred]
    ]
    offers += [
        AssistanceOffer(survivor=row, service="legal", state="accepted", **dates) for row in survivors[referred:]
    ]
    AssistanceOffer.objects.using(VAULT).bulk_create(offers)


def close_all(first: Quarter, last: Quarter) -> list[Released]:
    for quarter in quarters(first, last):
        close_quarter(quarter.year, quarter.number, by=INTAKE, at=NOW, plan=PLAN)
    return releases(REFERRED_TO_SERVICES)


@pytest.mark.parametrize(
    ("numerator", "denominator", "allowed"),
    [(10, 20, True), (9, 20, False), (10, 19, False), (0, 0, False), (0, 30, False), (30, 30, False), (20, 30, True)],
)
def test_numerator_denominator_and_difference_must_each_reach_the_threshold(
    numerator: int, denominator: int, allowed: bool
) -> None:
    assert reaches_threshold(numerator, denominator) == allowed


def test_a_large_quarter_is_published_as_it_is(db: None) -> None:
    accepted(Quarter(2021, 1), referred=12, not_referred=11)

    (line,) = close_all(Quarter(2021, 1), Quarter(2021, 1))
    assert (line.is_published, line.numerator, line.denominator, line.width) == (True, 12, 23, "quarter")


def test_small_quarters_are_held_back_and_the_half_year_is_published(db: None) -> None:
    accepted(Quarter(2021, 1), referred=6, not_referred=6)
    accepted(Quarter(2021, 2), referred=6, not_referred=5)

    lines = close_all(Quarter(2021, 1), Quarter(2021, 2))
    assert [(line.width, line.numerator, line.denominator) for line in lines] == [
        ("quarter", None, None),
        ("half_year", 12, 23),
        ("quarter", None, None),
    ]


def test_an_empty_vault_publishes_nothing_at_any_width(db: None) -> None:
    assert not any(line.is_published for line in close_all(Quarter(2020, 4), Quarter(2022, 4)))


def test_the_whole_plan_is_the_last_resort(db: None) -> None:
    for quarter in quarters(Quarter(2020, 4), Quarter(2022, 4)):
        accepted(quarter, referred=2, not_referred=2)

    published = [line for line in close_all(Quarter(2020, 4), Quarter(2022, 4)) if line.is_published]
    assert [(line.width, line.numerator, line.denominator) for line in published] == [("plan", 18, 36)]


def test_a_wider_period_that_would_give_away_a_small_quarter_is_held_back(db: None) -> None:
    accepted(Quarter(2021, 1), referred=20, not_referred=20)
    accepted(Quarter(2021, 2), referred=1, not_referred=2)

    published = [line for line in close_all(Quarter(2021, 1), Quarter(2021, 2)) if line.is_published]
    assert [(line.first_day, line.numerator) for line in published] == [(date(2021, 1, 1), 20)]


def test_closing_again_changes_nothing(db: None) -> None:
    accepted(Quarter(2021, 1), referred=12, not_referred=11)
    before = close_all(Quarter(2021, 1), Quarter(2021, 2))
    accepted(Quarter(2021, 1), referred=5, not_referred=5)

    assert close_all(Quarter(2021, 1), Quarter(2021, 2)) == before


def test_a_quarter_that_is_not_over_is_refused(db: None) -> None:
    with pytest.raises(ValueError, match="not over"):
        close_quarter(2026, 4, by=INTAKE, at=NOW)


# -- what can be worked out: `bench/disclosure.py` attacks -------------------------------------------------------------


def test_no_small_number_is_recovered_from_random_histories() -> None:
    seen, found, small = attack.run(40, seed=3)
    assert found == []
    assert small > 200
    assert all(seen[f"{width} published"] for width in ("quarter", "half_year", "year"))


@pytest.mark.parametrize(
    ("threshold", "most", "unknown", "length", "histories"),
    [(4, 5, "cases", 4, 1296), (4, 5, "others", 4, 1296), (3, 6, "survivors", 2, 2401)],
)
def test_no_small_number_is_the_same_in_all_histories_that_are_published_alike(
    threshold: int, most: int, unknown: str, length: int, histories: int
) -> None:
    assert attack.worlds(threshold, most, unknown, length) == (histories, {})


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("_is_large", lambda left: True),
        ("_has_room", lambda *_: True),
        ("counts_the_same", lambda one, other: one == other),
    ],
)
def test_the_attacker_finds_what_each_rule_hides(monkeypatch: pytest.MonkeyPatch, rule: str, broken: Any) -> None:
    monkeypatch.setattr(disclosure, rule, broken)
    with override_settings(RELEASE_ROUNDING=1):
        _seen, found, _small = attack.run(60, seed=5, to_the_first=True)
    assert found or attack.worlds(4, 5, "cases")[1]


@pytest.mark.parametrize(("rule", "broken"), [("_has_room", lambda *_: True), ("_is_large", lambda left: True)])
def test_and_of_those_referred_from_other_lanes(monkeypatch: pytest.MonkeyPatch, rule: str, broken: Any) -> None:
    monkeypatch.setattr(disclosure, rule, broken)
    assert attack.worlds(4, 5, "others")[1]


def test_the_share_among_services_would_give_survivors_away_if_it_counted_them_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = random.Random(1)
    places = {quarter.first_day: number for number, quarter in enumerate(attack.plan_of())}
    found: set[str] = set()
    for _attempt in range(60):
        series = attack.drawn(rng)
        series.corrections.clear()

        def counted(window: disclosure.Window, _ledger: object, known: attack.Series = series) -> int:
            return sum(known.referred[places[one.first_day]] for one in window.quarters if one.first_day in places)

        monkeypatch.setattr(disclosure, "survivors_told", counted)
        found |= {cells for cells, _name, _value in attack.attack(series, attack.published(series))}
        if "referred" in found:
            break
    assert "referred" in found


def test_the_share_among_services_is_published_where_survivors_are_and_of_the_same_number(db: None) -> None:
    """Of 2021: the first quarter is small, so is what the other lanes referred in the third."""
    others = {1: 40, 2: 30, 3: 4, 4: 26}
    for number, referred in ((1, 6), (2, 8), (3, 12), (4, 15)):
        accepted(Quarter(2021, number), referred=referred, not_referred=12)

    def referred_elsewhere(first: date, last: date) -> int:
        return sum(others[one.number] for one in quarters(Quarter.of(first), Quarter.of(last)))

    for number in others:
        close_quarter(2021, number, by=INTAKE, at=NOW, over={OVER_SERVICE_REFERRALS: referred_elsewhere})
    shown = {
        measure: [(row.first_day.month, row.width, row.numerator, row.denominator) for row in releases(measure)]
        for measure in (REFERRED_TO_SERVICES, OVER_SERVICE_REFERRALS)
    }
    assert shown[REFERRED_TO_SERVICES] == [
        (1, "quarter", None, None),
        (1, "half_year", 14, 38),
        (4, "quarter", None, None),
        (7, "quarter", 12, 24),
        (10, "quarter", 15, 27),
    ]
    assert shown[OVER_SERVICE_REFERRALS] == [
        (1, "quarter", None, None),
        (1, "half_year", 14, 84),
        (1, "year", None, None),
        (4, "quarter", None, None),
        (7, "quarter", None, None),
        (7, "half_year", None, None),
        (10, "quarter", 15, 41),
    ]


def test_the_database_publishes_what_the_rules_do(db: None) -> None:
    series = attack.drawn(random.Random(8))
    series.corrections.clear()
    for quarter, referred, waiting in zip(attack.plan_of(), series.referred, series.waiting, strict=True):
        accepted(quarter, referred=referred, not_referred=waiting)

    lines = close_all(Quarter(2020, 4), Quarter(2022, 4))
    expected = [row for row in attack.published(series) if row.measure == REFERRED_TO_SERVICES]
    assert {(line.first_day, line.last_day, line.numerator, line.denominator) for line in lines} == {
        (row.first_day, row.last_day, row.numerator, row.denominator) for row in expected
    }


def test_another_context_measure_of_the_same_cases_gives_nothing_more_away(db: None) -> None:
    """Of the first quarter one measure publishes the cases, of the half-year the other would: the second is small."""
    for quarter, cases in ((Quarter(2021, 1), 15), (Quarter(2021, 2), 3)):
        for _number in range(cases):
            when = quarter.period.start
            SealedCase(received_at=when, state_since=when, thread_tag=uuid4().hex).save(using=VAULT)
    first_half = Quarter(2021, 1).first_day
    over = {
        "psea_over_referred_cases": lambda first, last: 50 if last == Quarter(2021, 1).last_day else 0,
        "psea_over_another_count": lambda first, last: 4 if last == Quarter(2021, 1).last_day else 40,
    }
    for number in (1, 2):
        close_quarter(2021, number, by=INTAKE, at=NOW, over=over)
    shown = {
        (row.measure, row.width): row.numerator
        for row in Release.objects.using(VAULT).filter(is_published=True, first_day=first_half)
    }
    assert shown == {("psea_over_referred_cases", "quarter"): 15}


def test_context_measures_divide_by_what_the_ordinary_lanes_count(db: None) -> None:
    accepted(Quarter(2021, 1), referred=1, not_referred=0)
    for _number in range(11):
        when = Quarter(2021, 1).period.start
        SealedCase(received_at=when, state_since=when, thread_tag=uuid4().hex).save(using=VAULT)

    close_quarter(2021, 1, by=INTAKE, at=NOW, over={"psea_over_referred_cases": lambda first, last: 88})
    (line,) = releases("psea_over_referred_cases")
    assert (line.numerator, line.denominator) == (12, 100)


def test_whoever_took_the_acceptance_back_before_being_referred_did_not_accept(db: None) -> None:
    quarter = Quarter(2021, 1)
    accepted(quarter, referred=1, not_referred=2)
    one = AssistanceOffer.objects.using(VAULT).filter(referred_at=None)[0]
    one.withdraw(by=INTAKE, at=quarter.period.start)
    one.save(using=VAULT)

    figure = referred_to_services(quarter.first_day, quarter.last_day, NOW)
    assert (figure.numerator, figure.denominator) == (1, 2)
    counts = live_counts()
    assert (counts.accepted, counts.took_back, counts.referred) == (2, 1, 1)


def test_live_counts_are_exact(db: None) -> None:
    accepted(Quarter(2021, 1), referred=2, not_referred=1)
    case: UUID = SealedCase.objects.using(VAULT).get().pk
    Survivor(case_id=case, created_at=NOW).save(using=VAULT)

    counts = live_counts()
    assert (counts.cases, counts.survivors, counts.offered, counts.accepted, counts.referred) == (1, 4, 3, 3, 2)
    assert live_counts(Quarter(2022, 1).period).cases == 0


def test_the_ledger_holds_no_figure_that_was_held_back(db: None) -> None:
    accepted(Quarter(2021, 1), referred=3, not_referred=3)
    close_all(Quarter(2021, 1), Quarter(2021, 1))

    row = Release.objects.using(VAULT).get()
    assert (row.is_published, row.numerator, row.denominator) == (False, None, None)
