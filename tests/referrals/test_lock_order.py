"""Whoever acts on a case or on what belongs to it takes the case's row first, so that no two wait for each other."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.models import User
from feedback.actions.close import merge
from feedback.actions.person import add_words
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


def test_whoever_speaks_of_what_was_joined_to_a_case_takes_that_case_alone(house: House) -> None:
    """For whoever takes both takes the case before what was joined to it."""
    kept, joined = house.case(), house.case()
    merge(joined.pk, into_id=kept.pk, by=house.cast.awa)
    with CaptureQueriesContext(connection) as seen:
        add_words(joined.pk, source_key="test:1", words="Toujours rien.", channel="sms")
    taken = [query["sql"] for query in seen.captured_queries if LOCKED.match(query["sql"])]
    assert [kept.pk.hex in sql for sql in taken if "feedback_case" in sql] == [True]
