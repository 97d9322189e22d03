"""Whatever happened, in whatever order, and whatever was taken into the sums meanwhile: every figure equals a recount.

The recount is plain Python over the rows. A long run: `JAABI_HISTORIES=300 pytest tests/referrals/test_tallies.py`.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from config.reactions import COUNTS_AGAIN
from core.actors import SYSTEM
from core.periods import Period
from core.reading_once import reading_once
from core.transitions import move
from feedback import actions as cases
from feedback import statistics as voices
from feedback.facts import REACHED
from feedback.models import Case, CaseFacts, CohortTally, KeptSums, VoiceTally
from feedback.statistics import About, Funnel
from feedback.tallied import PAIRS
from referrals import actions
from referrals import statistics as cohorts
from referrals.models import Referral
from referrals.statistics import Cohort
from referrals.tallying import differences, take_in, take_in_all, take_in_anew
from tests.referrals.conftest import House
from tests.referrals.histories import NOW, PLACES, QUARTER, YEAR, History, Told, cohort_of, days_of, every_case

HISTORIES = int(os.environ.get("JAABI_HISTORIES", "2"))


# -- the recount -----------------------------------------------------------------------------------------------------


def check_everything(dice: random.Random) -> None:
    """Each figure that pages show, whole and narrowed, as of now and as of a cut-off: some of them each time."""
    told = every_case()
    everywhere: dict[str, tuple[frozenset[str] | None, About, Callable[[Told], bool]]] = {
        "all": (None, About(), lambda one: True),
        "scope": (frozenset(PLACES[:2]), About(), lambda one: one.is_ordinary and one.pcode in PLACES[:2]),
        "sex": (None, About(sex="female"), lambda one: one.is_ordinary and one.case.sex == "female"),
        "two": (
            frozenset(PLACES[:2]),
            About(channel="sms", age_group="adult"),
            lambda one: (
                one.is_ordinary
                and one.pcode in PLACES[:2]
                and (one.case.channel, one.case.age_group) == ("sms", "adult")
            ),
        ),
    }
    early = QUARTER.previous
    part = Period(early.period.start, early.period.start + timedelta(days=40))
    spans: list[tuple[Period, datetime | None]] = [
        (YEAR, None),
        (QUARTER.period, None),
        (early.period, early.period.end + timedelta(days=30)),
        (part, part.end),
        (Period(NOW - timedelta(days=100, hours=3), NOW), None),
    ]
    for period, cutoff in dice.sample(spans, 2):
        for scope, about, fits in dice.sample(list(everywhere.values()), 2):
            assert cohorts.referred_cohort(period, scope, cutoff, about) == cohort_of(told, period, cutoff, fits)
            spent = sorted(
                (known[0][0] - one.sent).days
                for one in told
                if one.sent and one.sent in period and fits(one) and (known := one.known(cutoff))
            )
            days = cohorts.days_taken(period, scope, cutoff, about)
            assert days == (days_of(spent) if spent else None)
            check_voices([one for one in told if fits(one)], period, scope, about, cutoff)
    ordinary = [one for one in told if one.is_ordinary and one.sent and one.sent in YEAR]
    keys: dict[str, Callable[[Told], str]] = {
        "category": lambda one: one.case.category_id or "",
        "place": lambda one: one.pcode,
        "sex": lambda one: one.case.sex,
    }
    for field, key in keys.items():
        expected = {
            code: cohort_of([one for one in ordinary if key(one) == code], YEAR, None, lambda one: True)
            for code in {key(one) for one in ordinary}
        }
        assert cohorts.cohorts_by(field, YEAR) == expected, field
    days_sent = {timezone.localtime(one.sent).date() for one in ordinary if one.sent}
    assert cohorts.cohorts_by_day(YEAR) == {
        day: cohort_of(ordinary, YEAR, None, lambda one, day=day: timezone.localtime(one.sent).date() == day)  # type: ignore[misc]
        for day in days_sent
    }


def check_voices(
    told: list[Told], period: Period, scope: frozenset[str] | None, about: About, cutoff: datetime | None
) -> None:
    heard = [one.case for one in told if one.case.lane == "ordinary" and one.case.received_at in period]
    pcodes = {one.case.pk: one.pcode for one in told}
    assert voices.said(period, scope, about, cutoff) == len(heard)
    spoke = [case for case in heard if case.settled and (cutoff is None or case.settled_at < cutoff)]  # type: ignore[operator]
    yes = sum(case.settled == "yes" for case in spoke)
    assert voices.confirmed(period, scope, about, cutoff) == (yes, len(spoke))
    keys: dict[tuple[str, ...], Callable[[Case], tuple[str, ...]]] = {
        ("place", "category"): lambda case: (pcodes[case.pk], case.category_id or ""),
        ("sex", "age_group"): lambda case: (case.sex, case.age_group),
        ("place", "sex", "age_group"): lambda case: (pcodes[case.pk], case.sex, case.age_group),
        ("day",): lambda case: (f"{timezone.localtime(case.received_at):%Y-%m-%d}",),
        ("month", "channel"): lambda case: (f"{timezone.localtime(case.received_at):%Y-%m}", case.channel),
        ("language",): lambda case: (case.language,),
    }
    for names, key in keys.items():
        found = voices.said_by(*names, period=period, scope=scope, about=about, cutoff=cutoff)
        assert found == Counter(map(key, heard)), names
    if cutoff is None:
        told_of = [case for case in heard if case.answered_at and case.answers.filter(delivery__in=REACHED)]
        assert voices.funnel(period, scope, about) == Funnel(
            said=len(heard),
            triaged=sum(case.triaged_at is not None for case in heard),
            referred=sum(case.first_referred_at is not None for case in heard),
            answered=sum(case.answered_at is not None for case in heard),
            told=len(told_of),
            settled=sum(case.settled == "yes" for case in heard),
        )


# -- the tests -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_every_figure_equals_a_recount_whatever_happened_and_whatever_was_taken_in(db: None, seed: int) -> None:
    dice = History(seed).dice
    check_everything(dice)
    assert differences() == []
    take_in_all()
    assert differences() == []
    check_everything(dice)
    take_in_anew()
    assert differences() == []
    check_everything(dice)


def test_what_a_page_read_by_month_place_and_sex_answers_what_is_narrower(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    dice = History(7).dice
    for _taken in range(2):
        check_what_was_read(dice, django_assert_num_queries)
        take_in_all()


def check_what_was_read(dice: random.Random, asserts: DjangoAssertNumQueries) -> None:
    names = ["said", "triaged", "referred", "settled", "spoke"]
    narrow: list[Callable[[], object]] = []
    for period, scope, sex in product((YEAR, QUARTER.period), (None, frozenset(PLACES[:2])), ("", "female")):
        within: dict[str, Any] = {"period": period, "scope": scope, "about": About(sex=sex)}
        of = dice.sample(names, 2)
        narrow += [
            partial(voices.steps_by, "place", counts=of, **within),
            partial(voices.steps_by, "sex", "month", counts=of, **within),
            partial(cohorts.cohorts_of, "place", **within),
            partial(cohorts.cohorts_of, "sex", **within),
        ]
    narrow += [partial(cohorts.referred_cohort, QUARTER.period), partial(cohorts.referred_cohort, YEAR)]
    apart = [read() for read in narrow]
    assert any(apart)
    with reading_once():
        voices.steps_by("month", "place", "sex", counts=names, period=YEAR)
        cohorts.cohorts_of("month", "place", "sex", period=YEAR)
        cohorts.read_whole_months(YEAR)
        with asserts(0):
            assert [read() for read in narrow] == apart


def test_sums_that_an_earlier_version_did_not_keep_are_made_and_figures_equal_a_recount_meanwhile(db: None) -> None:
    KeptSums.objects.update(paired=False)
    dice = History(3).dice
    take_in_all()
    assert not VoiceTally.objects.filter(facet__in=PAIRS).exists()
    check_everything(dice)
    assert differences() == []
    call_command("tallies")
    assert VoiceTally.objects.filter(facet__in=PAIRS).exists()
    check_everything(dice)
    assert differences() == []
    one = VoiceTally.objects.filter(facet="ch_age", said__gt=0)[0]
    about = About(channel=one.value, age_group=one.other)
    before = voices.said(YEAR, about=about)
    VoiceTally.objects.filter(pk=one.pk).update(said=F("said") + 5)
    assert voices.said(YEAR, about=about) == before + 5
    assert differences() != []


def test_the_command_takes_in_makes_anew_and_finds_what_an_act_forgot_to_say(house: House) -> None:
    referral = house.sent()
    call_command("tallies")
    assert CaseFacts.objects.get().first_sent == referral.first_sent_at
    call_command("tallies", "--check")
    Case.objects.filter(pk=referral.case_id).update(sex="female")
    with pytest.raises(CommandError, match="1 differences"):
        call_command("tallies", "--check")
    call_command("tallies", "--anew", "--check")
    CohortTally.objects.filter(facet="status", pcode="*", referred=1).update(referred=7)
    with pytest.raises(CommandError, match="differences"):
        call_command("tallies", "--check")
    assert cohorts.referred_cohort(YEAR).referred == 7


def test_an_act_after_the_sums_took_a_case_in_is_in_the_figure_at_once(house: House) -> None:
    referral = house.sent()
    take_in_all()
    assert cohorts.referred_cohort(YEAR) == Cohort(referred=1)
    actions.answer(referral.pk, kind="adjustment", words="Réparé.", by=house.cast.fanta)
    assert cohorts.referred_cohort(YEAR) == Cohort(1, 1, 1, 0, 0, 1, 0)
    move(Case, referral.case_id, "protect", by=SYSTEM)
    take_in_all()
    assert cohorts.referred_cohort(YEAR).referred == 1
    assert cohorts.cohorts_by("place", YEAR) == {"": Cohort(1, 1, 1, 0, 0, 1, 0)}


def test_a_referral_that_goes_on_for_another_case_leaves_the_sums_with_either(house: House) -> None:
    house.at = NOW - timedelta(days=5)
    kept = house.case()
    house.at = NOW - timedelta(days=1)
    repeated = house.case()
    referral = house.sent(repeated)
    take_in_all()
    cases.merge(repeated.pk, into_id=kept.pk, by=house.cast.awa)
    assert Referral.objects.get(pk=referral.pk).case_id == kept.pk
    assert take_in(limit=1) == 1
    assert CaseFacts.objects.get(pk=repeated.pk).is_stale
    assert differences() == []
    take_in_all()
    assert differences() == []
    assert cohorts.referred_cohort(YEAR).referred == 1


def test_every_way_a_case_changes_opens_it_to_be_counted_again() -> None:
    acts = {f"feedback.case.{each.name}" for each in Case._meta.get_field("state").get_all_transitions(Case)}
    assert acts <= set(COUNTS_AGAIN)
