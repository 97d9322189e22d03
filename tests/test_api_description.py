"""The API does what its description says, whatever is sent to it: calls made up from the description itself.

A description cannot say which P-codes, people or states there are: valid data may still be refused, with a problem.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from config.wsgi import application
from core.actors import SYSTEM
from directory.credentials import ApiScope, issue
from tests.cast import Cast
from tests.feedback.conftest import recovery_key

__all__ = ["recovery_key"]

# Calling the application directly ends PostgreSQL's connection, and with it the test's own transaction.
pytestmark = pytest.mark.skipif("JAABI_TEST_SERVICES" in os.environ, reason="runs on SQLite, inside one transaction")

SCHEMA = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application)


@pytest.fixture
def secret(cast: Cast, recovery_key: bytes) -> str:
    scopes = [scope.value for scope in ApiScope]
    return issue(cast.organisations["nrc"], "schemathesis", scopes, by=SYSTEM)[1]


@SCHEMA.parametrize()
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_an_operation_answers_as_described(case: Any, secret: str) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {secret}"}, excluded_checks=[positive_data_acceptance])
