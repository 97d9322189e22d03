"""The API does what its description says, whatever is sent to it: calls made up from the description itself.

Each value at the edge of what is described, and beyond it, once; then calls by chance. Half of them are about what
there is, so that answers, and not only refusals, are held against it.
A long run: `JAABI_EXAMPLES=100 pytest tests/test_api_description.py`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from core.actors import SYSTEM
from core.documents import packed_document
from directory.actions.services import keep_service
from directory.credentials import ApiScope, issue
from directory.models import Place, Service
from referrals.actions import attach
from referrals.models import Referral
from tests.core.test_attached import a_photo
from tests.described import SCHEMA
from tests.feedback.conftest import recovery_key
from tests.referrals.conftest import House, house
from workplan.loading import load_plan
from workplan.models import Indicator
from workplan.registers.kinds import REGISTERS

__all__ = ["house", "recovery_key"]

# Calling the application directly ends PostgreSQL's connection, and with it the test's own transaction.
pytestmark = pytest.mark.skipif("JAABI_TEST_SERVICES" in os.environ, reason="runs on SQLite, inside one transaction")

REGISTER = next(register.code for register in REGISTERS.values() if not register.is_closed)
EXAMPLES = int(os.environ.get("JAABI_EXAMPLES", "3"))
# What no description can tell: which organisations, offices, people, cases, places, words and periods there are here;
# what day it is; which numbers ring and which addresses can be; what is inside a file; the fields that each register
# has; which of several counts count the same.
KNOWN_HERE = {
    *("concerned", "competent", "organisation", "receiver", "office", "responsible", "case"),
    *("place", "places", "pcode", "scope", "category", "period", "said_at", "phone", "link", "file", "facts", "counts"),
}


@dataclass
class There:
    """What there is: a credential of NRC with every scope, and by kind of address the ids that it may read.

    `named`: by field, what a body may name.
    """

    secret: str
    known: dict[str, Iterator[Any]]
    files: dict[str, str]
    named: dict[str, Any]

    def put_into(self, case: Any) -> None:
        """Every second address of one thing is of one that exists, and with it what the body names."""
        kind = case.path.removeprefix("/api/v1/").removeprefix("workplan/").partition("/")[0]
        if not is_sound(case) or kind not in self.known:
            return
        value = next(self.known[kind])
        if value is None:
            return
        if case.path_parameters:
            others = {"kind": REGISTER, "file": self.files.get(value)}
            case.path_parameters = {name: others.get(name, value) for name in case.path_parameters}
        if isinstance(case.body, dict):
            case.body |= {name: known for name, known in self.named.items() if name in case.body}


def is_sound(case: Any) -> bool:
    """Whether it was made up to be as described."""
    return case.meta is None or case.meta.generation.mode == GenerationMode.POSITIVE


def takes_what_it_describes(_context: Any, response: Any, case: Any) -> None:
    """What is sent as described is never malformed: only what it names may not be here.

    It may still be refused by a rule of the house (409, 412, 422). The check of the library takes each of these for a
    fault, and cannot be told which fields name something.
    """
    if response.status_code == 400 and is_sound(case):
        faults = response.json().get("errors", {})
        assert faults, response.content
        assert fields_of(faults) <= KNOWN_HERE, (case.body, faults)


def fields_of(faults: dict[str, Any], within: str = "") -> set[str]:
    """The fields at fault. A fault of one of many (`{"3": …}`) is its own fields', or of the list as a whole."""
    found: set[str] = set()
    for name, said in faults.items():
        field = within if name.isdigit() else name
        is_whole = field in KNOWN_HERE or not isinstance(said, dict)
        found |= {field} if is_whole else fields_of(said, field)
    return found


@pytest.fixture
def there(house: House, recovery_key: bytes, request: pytest.FixtureRequest) -> There:
    nrc, asked = house.cast.organisations["nrc"], request.node.name
    ids: dict[str, list[Any]] = {}
    files = {}
    if "/referrals/" in asked or "/cases/" in asked:
        sent = house.sent(house.case(concerned=nrc), house.wish("hcr", None), by=house.cast.oumar)
        received = [house.sent() for _ in range(2)]
        ids["referrals"] = [str(received[0].pk), None, str(sent.pk), None, str(received[1].pk)]
        ids["cases"] = [str(sent.case_id), None]
        files = {str(row.pk): _a_file(row, house) for row in (sent, *received) if "{file}" in asked}
    if "/services/" in asked:
        service = Service(organisation=nrc, kind="cash")
        keep_service(service, places=Place.objects.filter(pcode="ML0703"), by=SYSTEM)
        ids["services"] = [service.pk, None]
    if "/workplan/" in asked:
        ids |= {"plans": [load_plan().code, None], "indicators": [Indicator.objects.order_by("pk")[0].pk, None]}
    secret = issue(nrc, "schemathesis", [scope.value for scope in ApiScope], by=SYSTEM)[1]
    return There(secret, {kind: cycle(values) for kind, values in ids.items()}, files, _named(house, ids))


def _named(house: House, ids: dict[str, list[Any]]) -> dict[str, Any]:
    there = {"receiver": house.cast.organisations["hcr"].pk, "office": None, "places": ["ML0703"], "place": "ML0703"}
    there |= {"responsible": house.cast.fanta.email, "concerned": "NRC", "competent": "HCR", "pcode": "ML0703"}
    return there | ({"case": ids["cases"][0]} if "cases" in ids else {})


def _a_file(referral: Referral, house: House) -> str:
    """One that NRC joined, on whichever side it stands."""
    by = house.cast.oumar if referral.created_by == house.cast.oumar else house.cast.fanta
    text = packed_document(a_photo())
    return str(attach(referral.pk, content=text, name="Plan.jpg", is_neutral=True, by=by).pk)


@SCHEMA.parametrize()
@settings(max_examples=EXAMPLES, derandomize=True, suppress_health_check=list(HealthCheck))
def test_an_operation_answers_as_described(case: Any, there: There) -> None:
    there.put_into(case)
    # The library takes the bytes of a file that is as described for a text that is not.
    left_out = [negative_data_rejection] if case.media_type == "multipart/form-data" else []
    case.call_and_validate(
        headers={"Authorization": f"Bearer {there.secret}"},
        additional_checks=[takes_what_it_describes],
        excluded_checks=[positive_data_acceptance, *left_out],
    )
