"""Twilio's stand-in as the product's carrier, and the door by which its posts come: fixtures of a module's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.standin.client import NUMBER, StandInClient, running_standin
from tests.standin.door import Door, open_door


@pytest.fixture(scope="module")
def process() -> Iterator[StandInClient]:
    with running_standin() as client:
        yield client


@pytest.fixture
def door(settings: Settings) -> Iterator[Door]:
    with open_door() as door:
        settings.PUBLIC_URL = door.url
        yield door


@pytest.fixture
def twilio(process: StandInClient, settings: Settings, door: Door) -> StandInClient:
    """Empty, and named in the settings, for SMS and WhatsApp."""
    process.reset()
    for name, value in process.environment().items():
        setattr(settings, name, value)
    settings.TWILIO_WHATSAPP_FROM = NUMBER
    return process
