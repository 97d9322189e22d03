"""The plan, its people, and cases of any moment with the referrals they need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from core.periods import Quarter
from directory.enums import OrganisationKind
from directory.models import Organisation, Place, User, UserRole
from directory.roles import Role
from feedback.models import Case
from psea.models import Release
from tests.cast import Cast
from workplan.actions import readings
from workplan.loading import load_plan
from workplan.measures import PSEA_SERVICES
from workplan.models import Indicator, Plan, Reading
from workplan.values import Value

WINTER = Quarter(2021, 1)


@dataclass
class Tracker:
    """The loaded plan and who works on it: Lassana (OCHA) reports, Sira (Cluster Protection) verifies axes 1–2."""

    cast: Cast
    plan: Plan
    sira: User
    penda: User

    def indicator(self, number: str) -> Indicator:
        return Indicator.objects.of_plan(self.plan.pk).get(number=number)

    def report(self, number: str, value: Value, quarter: Quarter = WINTER, **more: Any) -> Reading:
        """Lassana's draft."""
        return readings.save(self.indicator(number).pk, quarter, value, by=self.cast.lassana, **more)

    def submitted(self, number: str, value: Value, quarter: Quarter = WINTER) -> Reading:
        return readings.submit(self.report(number, value, quarter).pk, by=self.cast.lassana)

    def verified(self, number: str, value: Value, quarter: Quarter = WINTER) -> Reading:
        verifier = self.cast.djeneba if number.startswith("3.") else self.sira
        return readings.verify(self.submitted(number, value, quarter).pk, by=verifier)


def person(name: str, organisation: Organisation, role: Role) -> User:
    user = User.objects.create_user(f"{name}@jaabi.example", None, name=name.title(), organisation=organisation)
    UserRole.objects.create(user=user, role=role)
    return user


def release(first: Quarter, last: Quarter, numerator: int | None, denominator: int | None) -> None:
    """Writes a line of the vault's ledger: a quarter, or a half-year."""
    Release.objects.using("vault").create(
        measure=PSEA_SERVICES,
        width="quarter" if first == last else "half_year",
        first_day=first.first_day,
        last_day=last.last_day,
        is_published=numerator is not None,
        numerator=numerator,
        denominator=denominator,
        closed_at=timezone.now(),
    )


@pytest.fixture
def tracker(cast: Cast) -> Tracker:
    cluster = Organisation.objects.create(name="Cluster Protection", kind=OrganisationKind.CLUSTER)
    plan = load_plan()
    return Tracker(
        cast=cast,
        plan=plan,
        sira=person("sira", cluster, Role.WORKPLAN_LEAD),
        penda=person("penda", cast.organisations["hcr"], Role.WORKPLAN_LEAD),
    )


@pytest.fixture
def said(cast: Cast) -> Callable[..., Case]:
    """Writes a case as it would stand; keywords change what differs."""
    cercles = dict(Place.objects.values_list("pcode", "pk"))

    def say(at: datetime | None = None, pcode: str = "ML0703", **about: Any) -> Case:
        moment = at or timezone.now()
        known: dict[str, Any] = {
            "channel": "sms",
            "received_at": moment,
            "last_spoke_at": moment,
            "recorded_at": moment,
            "place_id": cercles.get(pcode),
            "category_id": "INSAT_MAJ",
        }
        case = Case(**(known | about))
        case.seal(words="Le forage ne marche plus.")
        case.save(force_insert=True)
        return case

    return say
