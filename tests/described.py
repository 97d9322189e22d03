"""Whether an answer of the API is what its description says; asked of every answer that a test is given."""

from __future__ import annotations

from typing import Any

import requests
import schemathesis
from django.http import HttpResponse
from schemathesis import Response

from config.wsgi import application

SCHEMA = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application)
# Of the methods that an address does not know, one is enough.
SCHEMA.config.phases.coverage.unexpected_methods = {"put"}


def as_described(method: str, path: str, answer: HttpResponse) -> None:
    """Fails when the description knows this operation, and not this answer of it."""
    schema: Any = SCHEMA
    operation = schema.find_operation_by_path(method, path.partition("?")[0])
    if operation is None:
        return
    headers = {name.lower(): [value] for name, value in answer.headers.items()}
    asked = requests.Request(method, f"http://testserver{path}").prepare()
    said = Response(answer.status_code, headers, answer.content, asked, elapsed=0.0, verify=False)
    assert str(answer.status_code) in operation.definition.raw["responses"], (method, path, answer.status_code)
    operation.validate_response(said)
