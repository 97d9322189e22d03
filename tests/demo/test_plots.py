"""What is to be invented, before any row exists: the same from the same seed, and something of everything."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from demo.history.hours import Hours
from demo.history.plots import BY_NATURE, WEIGHTS, Ending, digest, plots
from demo.history.referred import ENDINGS
from demo.phone import NUMBERS
from referrals.enums import ReferralState

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Africa/Bamako"))
FULL = plots(1, 450, NOW)
VISIBLY_NOBODYS = re.compile(r"\+2230000\d{4}")


def test_the_same_seed_invents_the_same() -> None:
    assert digest(plots(1, 450, NOW)) == digest(FULL)


def test_another_seed_invents_something_else() -> None:
    assert digest(plots(2, 450, NOW)) != digest(FULL)


def test_what_happens_in_one_case_hangs_on_no_other() -> None:
    plot = FULL[7]
    assert [plot.rng.random() for _again in range(2)] == [plot.rng.random()] * 2


@pytest.mark.parametrize("seed", range(1, 6))
def test_every_category_and_every_ending_is_there_and_a_few_dozen_are_sealed(seed: int) -> None:
    made = plots(seed, 450, NOW)
    assert len(made) == 450
    assert {plot.category for plot in made} == {*WEIGHTS, *BY_NATURE.values(), "EAS"}
    assert {plot.ending for plot in made} == set(Ending)
    assert 24 <= sum(plot.is_sealed for plot in made) <= 60


def test_every_state_of_a_referral_is_some_plot_s_ending() -> None:
    assert {state.value for state in ReferralState} <= {ending.value for ending in ENDINGS}
    assert set(ENDINGS) <= set(Ending)


@pytest.mark.parametrize("cases", [1, 2, 10, 24, 60])
def test_few_cases_are_as_many_as_asked_and_two_of_them_sealed_at_least(cases: int) -> None:
    made = plots(1, cases, NOW)
    assert len(made) == max(cases, 2)
    assert sum(plot.is_sealed for plot in made) >= 2


def test_all_of_it_lies_in_the_years_of_the_plan_or_in_the_last_twelve_months() -> None:
    for plot in FULL:
        if plot.is_past:
            assert (2020, 10) <= (plot.received_at.year, plot.received_at.month) <= (2022, 12)
        else:
            assert timedelta(0) < NOW - plot.received_at <= timedelta(days=365)
    assert 0.35 < sum(plot.is_past for plot in FULL) / len(FULL) < 0.75


def test_what_still_goes_on_is_recent() -> None:
    old = [plot for plot in FULL if plot.ending in (Ending.SENT, Ending.ACCEPTED, Ending.NEW) and plot.is_past]
    assert [plot for plot in old if not plot.is_sealed] == []


def test_numbers_are_visibly_nobodys_and_not_those_of_the_telephone() -> None:
    numbers = {plot.phone for plot in FULL}
    assert len(numbers) == 450
    assert all(VISIBLY_NOBODYS.fullmatch(number) for number in {*numbers, *NUMBERS})
    assert numbers.isdisjoint(NUMBERS)


def test_time_in_a_story_goes_forward_and_never_past_the_present() -> None:
    hours = Hours(NOW - timedelta(hours=5), NOW, FULL[0].rng)
    moments = [hours.after(1, 100) for _step in range(12)]
    assert moments == sorted(moments)
    assert moments[-1] < NOW
