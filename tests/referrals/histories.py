"""Random histories of cases and referrals, made by the product's own acts; and the same read in plain Python."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.actors import SYSTEM
from core.periods import Period, Quarter
from core.transitions import Conflict, Refused, move
from directory.models import Place
from feedback import actions as cases
from feedback.actions.person import say_settled
from feedback.actions.triage import restrict
from feedback.models import Case, Category
from referrals import actions
from referrals.agency_statistics import Days
from referrals.models import Referral, ReferralCycle
from referrals.statistics import Cohort
from referrals.tallying import take_in
from tests.cast import found_cast
from tests.referrals.conftest import House

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
                "restrict",
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

    def restrict(self) -> None:
        one = self.dice.choice(list(Case.objects.exclude(state__in=["merged", "protected"]).order_by("pk")))
        restrict(one.pk, self.dice.choice(["integrity", "protection"]), by=SYSTEM)

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
    def is_ordinary(self) -> bool:
        return bool(self.case.lane == "ordinary")

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
