"""Fills the database of the environment, and signs people in; `bench.pages` runs it in the product's settings.

    python -m bench.crowd grow CASES   # as many cases, twice the referrals, thirty organisations
    python -m bench.crowd spread CASES # the same, of every kind, over twelve quarters, and without messages
    python -m bench.crowd sign-in      # cookies, and cases and referrals to look at, as JSON

A copy holds nothing sealed: the cases that are looked at one by one are made by acts.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

# ruff: noqa: E402  models need Django set up
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.db import connection
from django.test import Client

from bench.crowd.copies import LATELY, LONG_AGO, blocks, copy, one_of, without_indexes
from bench.crowd.kinds import ANSWERED_LATER, of_kinds
from bench.crowd.lived import ENDED, Lived, lived
from directory.enums import OrganisationKind
from directory.models import Organisation, Place, User, UserRole
from directory.roles import Role
from feedback.models import Case
from feedback.reference_data import load_categories, load_deadlines
from referrals import actions
from tests.cast import found_cast, make_cast
from tests.referrals.conftest import House

ORGANISATIONS = 30
COPY = "z"
# Of a thousand, in each state; the rest has ended.
CASES = {"new": 3, "triaged": 5, "referred": 12, "answered": 5}
REFERRALS = {"sent": 2, "received": 1, "info_requested": 1, "accepted": 3, "in_progress": 2, "answered": 2}
REFERRALS |= {"refused": 4, "recalled": 10}
LOOKED_AT = 8
PEOPLE = ("awa", "ibrahim", "oumar")


def grow(wanted: int, *, of_every_kind: bool = False) -> None:
    """The database holds `wanted` cases afterwards, and twice as many referrals."""
    if not Organisation.objects.filter(acronym="HCR").exists():
        _organisations()
    first = Case.objects.filter(reference__startswith=COPY).count()
    models = lived(found_cast())
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")  # what the copies point at was checked in the original
        with without_indexes(
            cursor, [*models.cases.values(), *models.referrals.values(), models.message, models.answer]
        ):
            _copies(cursor, models, first, wanted, of_every_kind=of_every_kind)
        cursor.execute("vacuum analyze")


def _copies(cursor: Any, models: Lived, first: int, wanted: int, *, of_every_kind: bool) -> None:
    for state, case, begin, end in blocks(first, wanted, models.cases, CASES):
        # taken into sums that are then made anew: marking a million cases one by one takes longer than their sums
        more = of_kinds(state == ENDED) | {"is_tallied": "true"} if of_every_kind else {}
        copy(cursor, case, begin, end, _case_changes() | more, over=LONG_AGO if state == ENDED else LATELY)
    for state, referral, begin, end in blocks(2 * first, 2 * wanted, models.referrals, REFERRALS):
        more = ANSWERED_LATER if of_every_kind else {}
        copy(cursor, referral, begin, end, _referral_changes() | more, over=LONG_AGO if state == ENDED else LATELY)
    if not of_every_kind:
        copy(cursor, models.message, first, wanted, _of_case("message"), over=LONG_AGO)
    copy(cursor, models.answer, first, wanted, _of_case("answer"), over=LONG_AGO)


def _organisations() -> None:
    """The cast's, and more, each with a focal point."""
    make_cast()
    load_categories()
    load_deadlines()
    for number in range(ORGANISATIONS - Organisation.objects.count()):
        made = Organisation.objects.create(
            name=f"Organisation {number}",
            acronym=f"O{number}",
            kind=OrganisationKind.INGO,
            protocol_signed_on=date(2020, 9, 1),
            protocol_version="1.0",
        )
        person = User.objects.create_user(
            f"o{number}@jaabi.example", None, name=f"Personne {number}", organisation=made
        )
        UserRole.objects.create(user=person, role=Role.FOCAL_POINT)


def _places() -> str:
    return one_of(list(Place.objects.filter(level=2).values_list("pk", flat=True)), "bigint", 31)


def _case_changes() -> dict[str, str]:
    return {
        "id": "md5('case' || n.n)::uuid",
        "reference": f"'{COPY}' || lpad(to_hex(n.n), 6, '0')",
        "receipt_hash": "md5('a' || n.n) || md5('b' || n.n)",
        "phone_hash": "md5('c' || n.n) || md5('d' || n.n)",
        "place_id": _places(),
    }


def _referral_changes() -> dict[str, str]:
    """HCR and NRC receive a third each; the common hotline sends half; half of the others send, the rest receive."""
    pks = dict(Organisation.objects.values_list("acronym", "pk"))
    hcr, nrc, line = (pks.pop(acronym) for acronym in ("HCR", "NRC", "Ligne verte"))
    others = list(pks.values())
    senders, receivers = others[::2], others[1::2]
    return {
        "id": "md5('referral' || n.n)::uuid",
        "reference": f"'{COPY}' || lpad(to_hex(n.n), 8, '0')",
        "case_id": "md5('case' || n.n / 2)::uuid",
        "place_id": _places(),
        "receiver_id": one_of([hcr] * len(receivers) + [nrc] * len(receivers) + receivers, "bigint", 7919),
        "sender_id": one_of([line] * len(senders) + senders, "bigint", 104729),
    }


def _of_case(table: str) -> dict[str, str]:
    return {"id": f"md5('{table}' || n.n)::uuid", "case_id": "md5('case' || n.n)::uuid"}


def sign_in() -> None:
    """Prints cookies by person, and what they may open; half of it has a conversation and an answer."""
    cast = found_cast()
    house = House(cast)
    shown = [house.sent(house.case(), house.wish("hcr", None)) for _ in range(LOOKED_AT)]
    for referral in shown[: LOOKED_AT // 2]:
        actions.ask(referral.pk, words="Quel quartier ?", by=cast.ibrahim)
        actions.reply(referral.pk, words="Près du marché.", by=cast.awa)
        actions.answer(referral.pk, kind="response", words="Le forage est réparé.", by=cast.ibrahim)
    told = {
        "cookies": {name: _cookie(cast.people[name]) for name in PEOPLE},
        "referrals": [str(referral.pk) for referral in shown],
        "cases": [str(referral.case_id) for referral in shown],
    }
    print(json.dumps(told))


def _cookie(user: User) -> str:
    if user.needs_second_factor:
        TOTP.activate(user, generate_totp_secret())
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


if __name__ == "__main__":
    if sys.argv[1] in ("grow", "spread"):
        grow(int(sys.argv[2]), of_every_kind=sys.argv[1] == "spread")
    else:
        sign_in()
