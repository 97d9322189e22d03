"""The API does what its description says, whatever is sent to it: calls made up from the description itself.

A description cannot say which P-codes, people or states there are: valid data may still be refused, with a problem.
Half of the calls are about what there is, so that answers, and not only refusals, are held against it.
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
from schemathesis.specs.openapi.checks import positive_data_acceptance

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

__all__ = ["house", "recovery_key"]

# Calling the application directly ends PostgreSQL's connection, and with it the test's own transaction.
pytestmark = pytest.mark.skipif("JAABI_TEST_SERVICES" in os.environ, reason="runs on SQLite, inside one transaction")


@dataclass
class There:
    """What there is: a credential of NRC with every scope, and by kind of address the ids that it may read."""

    secret: str
    known: dict[str, Iterator[Any]]
    files: dict[str, str]

    def put_into(self, case: Any) -> None:
        """Every second address of one thing is of one that exists."""
        kind = case.path.removeprefix("/api/v1/").removeprefix("workplan/").partition("/")[0]
        is_sound = case.meta is None or case.meta.generation.mode == GenerationMode.POSITIVE
        if is_sound and case.path_parameters and kind in self.known:
            value = next(self.known[kind])
            if value is not None:
                case.path_parameters = dict.fromkeys(case.path_parameters, value)
                if "file" in case.path_parameters:
                    case.path_parameters["file"] = self.files[value]


@pytest.fixture
def there(house: House, recovery_key: bytes, request: pytest.FixtureRequest) -> There:
    nrc = house.cast.organisations["nrc"]
    sent = house.sent(house.case(concerned=nrc), house.wish("hcr", None), by=house.cast.oumar)
    received = [house.sent() for _ in range(2)]
    service = Service(organisation=nrc, kind="cash")
    keep_service(service, places=Place.objects.filter(pcode="ML0703"), by=SYSTEM)
    ids: dict[str, list[Any]] = {
        "referrals": [str(received[0].pk), None, str(sent.pk), None, str(received[1].pk)],
        "cases": [str(sent.case_id), None],
        "services": [service.pk, None],
    }
    if "workplan" in request.node.name:
        ids |= {"plans": [load_plan().code, None], "indicators": [Indicator.objects.order_by("pk")[0].pk, None]}
    secret = issue(nrc, "schemathesis", [scope.value for scope in ApiScope], by=SYSTEM)[1]
    files = {str(row.pk): _a_file(row, house) for row in (sent, *received)}
    return There(secret, {kind: cycle(values) for kind, values in ids.items()}, files)


def _a_file(referral: Referral, house: House) -> str:
    """One that NRC joined, on whichever side it stands."""
    by = house.cast.oumar if referral.created_by == house.cast.oumar else house.cast.fanta
    text = packed_document(a_photo())
    return str(attach(referral.pk, content=text, name="Plan.jpg", is_neutral=True, by=by).pk)


@SCHEMA.parametrize()
@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_an_operation_answers_as_described(case: Any, there: There) -> None:
    there.put_into(case)
    headers = {"Authorization": f"Bearer {there.secret}"}
    case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])
