"""Lines on carriers that a stand-in process plays, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from pytest_django import Settings

from core.gateways import kinds
from core.models import Line
from tests.standin.carriers import PASSWORD, SECRET, Carriers, running_carriers
from tests.standin.door import Door, open_door

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answered

AMINATA = "+22300000012"
WORDS = "Le puits est à sec depuis mardi"
TOLD = {
    "kannel": {"username": "jaabi"},
    "rapidpro": {"channel": "c-1", "style": "external"},
    "android": {"username": "jaabi"},
    "generic": {"proof": "hmac", "proof_name": "X-Signature", "out_method": "json"},
}
KEYS = {"kannel": "password", "rapidpro": "token", "android": "password", "generic": "out_secret"}


@pytest.fixture(scope="module")
def process() -> Iterator[Carriers]:
    with running_carriers() as carriers:
        yield carriers


@pytest.fixture
def carriers(process: Carriers) -> Carriers:
    process.reset()
    return process


@pytest.fixture
def door(settings: Settings) -> Iterator[Door]:
    with open_door() as door:
        settings.PUBLIC_URL = door.url
        yield door


def made(kind: str, carriers: Carriers, **more: Any) -> Line:
    """A line in service, named after its kind."""
    proposed = {field.name: field.default for field in kinds()[kind].fields if field.default}
    address = "out_url" if kind == "generic" else "url"
    said = proposed | {address: f"{carriers.base_url}/{kind}/"} | TOLD[kind] | more.pop("said", {})
    row = Line(name=f"{kind}-gao", kind=kind, label=kind, number="36021", said=said, is_active=True)
    row.seal_secrets({"secret": SECRET, KEYS[kind]: PASSWORD})
    for name, value in more.items():
        setattr(row, name, value)
    row.save()
    return row


def say(kind: str, carriers: Carriers, door: Door, text: str = WORDS, **more: str) -> Answered:
    """Somebody writes through this carrier; out: what the product answers it."""
    carriers.receive(kind, f"{door.url}/sms/{kind}-gao/", text, **more)
    (answer,) = door.let_in(Client())
    return answer
