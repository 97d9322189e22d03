"""Whoever acts on a case or on what belongs to it takes the case's row first, so that no two wait for each other."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.models import User
from referrals import actions
from referrals.actions.consent import withdraw_consent
from referrals.enums import Level
from tests.referrals.conftest import House
from tests.referrals.test_levels import allow

LOCKED = re.compile(r'^SELECT .*?FROM "(\w+)".*FOR (?:NO KEY )?UPDATE', re.DOTALL)
PARTS = {"referrals_referral", "referrals_consent"}

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps everybody from the whole file")


def locks(act: Callable[[], Any]) -> list[str]:
    """The tables whose rows were locked, in order."""
    with CaptureQueriesContext(connection) as seen:
        act()
    found = (LOCKED.match(query["sql"]) for query in seen.captured_queries)
    return [match.group(1) for match in found if match]


def test_each_act_takes_the_case_before_what_belongs_to_it(house: House) -> None:
    case = house.case()
    consent = allow(house, case.pk, "nrc", words=True, contact=True)
    referral = house.sent(case, house.wish(level=Level.PERSON))
    awa, fanta, pk = house.cast.awa, house.cast.fanta, referral.pk
    User.objects.filter(pk=house.cast.oumar.pk).update(office=None)
    acts: dict[str, Callable[[], Any]] = {
        "accept": lambda: actions.accept(pk, by=fanta),
        "assign": lambda: actions.assign(pk, house.cast.oumar, by=fanta),
        "pause": lambda: actions.pause(pk, reason="access", by=fanta),
        "resume": lambda: actions.resume(pk, by=fanta),
        "answer": lambda: actions.answer(pk, kind="response", words="Réparé.", by=fanta),
        "feed back": lambda: actions.feed_back(pk, how="phone", satisfaction="no", by=awa),
        "reopen": lambda: actions.reopen(pk, by=awa),
        "withdraw": lambda: withdraw_consent(consent.pk, by=awa),
        "confirm the erasure": lambda: actions.confirm_erasure(pk, by=fanta),
    }
    for name, act in acts.items():
        taken = locks(act)
        parts = [number for number, table in enumerate(taken) if table in PARTS]
        assert parts, name
        assert "feedback_case" in taken[: parts[0]], (name, taken)
