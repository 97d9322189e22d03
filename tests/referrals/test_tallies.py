"""Whatever happened, in whatever order, and whatever was taken into the sums meanwhile: every figure equals a recount.

The recount is plain Python over the rows. A long run: `JAABI_HISTORIES=300 pytest tests/referrals/test_tallies.py`.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from config.reactions import COUNTS_AGAIN
from core.actors import SYSTEM
from core.periods import Period, Quarter
from core.transitions import Conflict, Refused, move
from directory.models import Place
from feedback import actions as cases
from feedback import statistics as voices
from feedback.actions.person import say_settled
from feedback.models import Case, CaseFacts, Category, CohortTally
from feedback.statistics import About, Funnel
from referrals import actions
from referrals import statistics as cohorts
from referrals.agency_statistics import Days
from referrals.models import Referral, ReferralCycle
from referrals.statistics import Cohort
from referrals.tallying import differences, take_in, take_in_all, take_in_anew
from tests.cast import found_cast
from tests.referrals.conftest import House

HISTORIES = int(os.environ.get("JAABI_HISTORIES", "2"))
CASES, ACTS = 8, 30
QUARTER = Quarter.current()
NOW = timezone.now()
YEAR = Period(Quarter(QUARTER.year - 1, QUARTER.number).period.start, QUARTER.period.end)
SUCCESS = {"response": "responses", "adjustment": "adjustments", "service_provided": "services"}
OFTEN = ("answer", "settle", "take_in")
PLACES = ("ML0703", "ML0701", "ML0501")
SEXES, AGES, CHANNELS = ("female", "male", "not_said"), ("adult", "child"), ("sms", "web")


# -- a random history ------------------------------------------------------------------------------------------------


class History:
    """Cases and acts drawn from a seed; what is not possible then is left undone."""

    def __init__(self, seed: int) -> None:
        self.house, self.dice = House(found_cast()), random.Random(seed)
        for _n in range(CASES):
            self.begin()
        for _n in range(ACTS):
            self.act()

    def begin(self) -> None:
        self.house.at = NOW - timedelta(days=self.dice.randrange(0, 270), hours=1)
        place = Place.objects.get(pcode=self.dice.choice(PLACES))
        case = self.house.case(self.dice.choice(["INSAT_MAJ", "ASSIST", "SUGG"]), place=place)
        Case.objects.filter(pk=case.pk).update(
            sex=self.dice.choice(SEXES), age_group=self.dice.choice(AGES), channel=self.dice.choice(CHANNELS)
        )
        if self.dice.random() < 0.8:
            self.house.sent(case, self.house.wish("hcr", None))

    def act(self) -> None:
        name = self.dice.choice(
            (
                *OFTEN,
                *OFTEN,
                "recall",
                "refuse",
                "receive",
                "reopen",
                "merge",
                "protect",
                "test",
                "reclassify",
                "send",
                "close",
            )
        )
        try:
            with transaction.atomic():
                getattr(self, name)()
        except (Refused, Conflict, Case.DoesNotExist):
            pass

    def at(self, after: datetime | None) -> datetime:
        return min((after or NOW) + timedelta(days=self.dice.choice([0, 1, 4, 20, 60]), hours=2), NOW)

    def case(self) -> Case:
        return self.dice.choice(list(Case.objects.order_by("pk")))

    def referral(self) -> Referral:
        return self.dice.choice(list(Referral.objects.order_by("pk")))

    def answer(self) -> None:
        one = self.referral()
        kind = self.dice.choice([*SUCCESS, "unsuccessful"])
        said: dict[str, Any] = {"reason": "MANQUE_CAPACITE"} if kind == "unsuccessful" else {"words": "Réparé."}
        actions.answer(one.pk, kind=kind, by=self.house.cast.ibrahim, at=self.at(one.sent_at), **said)

    def recall(self) -> None:
        one = self.referral()
        actions.recall(one.pk, reason="solved", by=self.house.cast.awa, at=self.at(one.sent_at))

    def refuse(self) -> None:
        one = self.referral()
        actions.refuse(one.pk, code="HORS_ZONE", by=self.house.cast.ibrahim, at=self.at(one.sent_at))

    def receive(self) -> None:
        one = self.referral()
        actions.receive(one.pk, by=self.house.cast.ibrahim, at=self.at(one.sent_at))

    def reopen(self) -> None:
        one = self.referral()
        actions.reopen(one.pk, reason="not_settled", by=self.house.cast.awa, at=self.at(one.answered_at))

    def settle(self) -> None:
        one = self.case()
        say_settled(one.pk, settled=self.dice.choice(["yes", "no", "partly"]), at=self.at(one.answered_at))

    def merge(self) -> None:
        cases.merge(self.case().pk, into_id=self.case().pk, by=self.house.cast.awa)

    def protect(self) -> None:
        move(Case, self.case().pk, "protect", by=SYSTEM)

    def test(self) -> None:
        cases.close_because(self.case().pk, because="test", by=self.house.cast.awa)

    def reclassify(self) -> None:
        category = Category.objects.get(pk=self.dice.choice(["ASSIST", "SUGG"]))
        cases.reclassify(self.case().pk, category=category, by=self.house.cast.awa)

    def send(self) -> None:
        self.house.at = NOW - timedelta(days=self.dice.randrange(0, 200))
        self.house.sent(self.case(), self.house.wish("hcr", None))

    def close(self) -> None:
        cases.close(self.case().pk, outcome="settled", by=self.house.cast.awa)

    def take_in(self) -> None:
        take_in(limit=self.dice.choice([1, 5, 100]))


# -- the recount -----------------------------------------------------------------------------------------------------


@dataclass
class Told:
    """One counted case, as plain Python reads it."""

    case: Case
    sent: datetime | None
    answers: list[tuple[datetime, str, bool]]

    def known(self, cutoff: datetime | None) -> list[tuple[datetime, str, bool]]:
        return [one for one in self.answers if cutoff is None or one[0] < cutoff]

    @property
    def pcode(self) -> str:
        return self.case.place.pcode if self.case.place else ""


def every_case() -> list[Told]:
    found = []
    for case in Case.objects.select_related("place"):
        if case.is_test or case.merged_into_id or case.state == "merged":
            continue
        rows = list(Referral.objects.filter(case=case))
        counted = [
            row.first_sent_at
            for row in rows
            if row.first_sent_at
            and not (row.state == "recalled" and not row.received_at and row.cycle == 1 and not row.withdrawn_at)
        ]
        rounds: list[Any] = [*rows, *ReferralCycle.objects.filter(referral__case=case)]
        answers = sorted(
            (row.answered_at, row.answer_kind, bool(row.answer_by and row.answered_at <= row.answer_by))
            for row in rounds
            if row.answered_at and row.answer_kind in SUCCESS
        )
        found.append(Told(case, min(counted, default=None), answers))
    return found


def cohort_of(told: list[Told], period: Period, cutoff: datetime | None, fits: Callable[[Told], bool]) -> Cohort:
    counts: Counter[str] = Counter()
    for one in told:
        if one.sent is None or one.sent not in period or not fits(one):
            continue
        counts["referred"] += 1
        known = one.known(cutoff)
        if known:
            counts["answered"] += 1
            counts["on_time"] += any(on_time for at, _kind, on_time in known if at == known[0][0])
        settled = one.case.settled_at
        confirmed = one.case.settled == "yes" and settled and (cutoff is None or settled < cutoff)
        counts["confirmed"] += bool(confirmed)
        for kind, name in SUCCESS.items():
            counts[name] += any(each == kind for _at, each, _on_time in known)
    return Cohort(**counts)


def days_of(spent: list[int]) -> Days:
    return Days(spent[(len(spent) - 1) // 2], spent[-(-9 * len(spent) // 10) - 1], len(spent))


def check_everything(dice: random.Random) -> None:
    """Each figure that pages show, whole and narrowed, as of now and as of a cut-off: some of them each time."""
    told = every_case()
    everywhere: dict[str, tuple[frozenset[str] | None, About, Callable[[Told], bool]]] = {
        "all": (None, About(), lambda one: True),
        "scope": (frozenset(PLACES[:2]), About(), lambda one: one.pcode in PLACES[:2]),
        "sex": (None, About(sex="female"), lambda one: one.case.sex == "female"),
        "two": (
            frozenset(PLACES[:2]),
            About(channel="sms", age_group="adult"),
            lambda one: one.pcode in PLACES[:2] and (one.case.channel, one.case.age_group) == ("sms", "adult"),
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
    by_category = {
        code: cohort_of(told, YEAR, None, lambda one, code=code: (one.case.category_id or "") == code)  # type: ignore[misc]
        for code in {one.case.category_id or "" for one in told if one.sent and one.sent in YEAR}
    }
    assert cohorts.cohorts_by("category", YEAR) == by_category


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
        ("month", "channel"): lambda case: (f"{timezone.localtime(case.received_at):%Y-%m}", case.channel),
        ("language",): lambda case: (case.language,),
    }
    for names, key in keys.items():
        found = voices.said_by(*names, period=period, scope=scope, about=about, cutoff=cutoff)
        assert found == Counter(map(key, heard)), names
    if cutoff is None:
        told_of = [case for case in heard if case.answered_at and case.answers.filter(delivery__in=voices.REACHED)]
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


def test_the_command_takes_in_makes_anew_and_finds_what_an_act_forgot_to_say(house: House) -> None:
    referral = house.sent()
    call_command("tallies")
    assert CaseFacts.objects.get().first_sent == referral.first_sent_at
    call_command("tallies", "--check")
    Case.objects.filter(pk=referral.case_id).update(sex="female")
    with pytest.raises(CommandError, match="1 differences"):
        call_command("tallies", "--check")
    call_command("tallies", "--anew", "--check")
    CohortTally.objects.filter(facet="").update(referred=7)
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
