from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from directory.models import Place, User
from feedback.actions import Sorting, triage
from feedback.models import Case, Category
from referrals.actions import create_and_send
from referrals.actions.sending import Wish
from referrals.models import Referral
from tests.cast import Cast


@dataclass
class House:
    """Makes cases and referrals among the cast. Awa sorts and sends; Fanta (NRC Gao) receives, by default."""

    cast: Cast
    at: datetime = field(default_factory=timezone.now)

    def case(self, category: str = "INSAT_MAJ", words: str = "Le puits est en panne.", **about: Any) -> Case:
        """A case that Awa has sorted."""
        about.setdefault("place", Place.objects.get(pcode="ML0703"))
        case = self.unsorted(words)
        sorting = Sorting(Category.objects.get(pk=category), "Point d’eau en panne", about=about)
        return triage(case.pk, sorting, by=self.cast.awa, at=self.at)

    def unsorted(self, words: str = "Le puits est en panne.") -> Case:
        case = Case(channel="help_desk", received_at=self.at, last_spoke_at=self.at, recorded_at=self.at)
        case.seal(words=words, contact="+22370000001")
        case.save(force_insert=True)
        return case

    def wish(self, short: str = "nrc", office: str | None = "nrc_gao", **more: Any) -> Wish:
        organisation = self.cast.organisations[short]
        return Wish(organisation.pk, self.cast.offices[office].pk if office else None, **more)

    def sent(
        self, case: Case | None = None, wish: Wish | None = None, by: User | None = None, pk: uuid.UUID | None = None
    ) -> Referral:
        """A referral under way."""
        case = case or self.case()
        return create_and_send(case.pk, wish or self.wish(), by=by or self.cast.awa, at=self.at, pk=pk)


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


@pytest.fixture
def fresh() -> Callable[[Referral], Referral]:
    """Reads a referral anew."""
    return lambda referral: Referral.objects.get(pk=referral.pk)
