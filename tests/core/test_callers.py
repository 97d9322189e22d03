"""Whose address counts: what our outermost front says of its caller, however much a caller says before that."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from core.callers import client_address

pytestmark = pytest.mark.once
FRONT = "10.0.0.2"


@pytest.mark.parametrize(
    ("proxies", "said", "address"),
    [
        (0, "198.51.100.7", FRONT),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        (2, "198.51.100.7, 10.0.0.1", "198.51.100.7"),
        (2, "6.6.6.6,198.51.100.7 ,10.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", FRONT),
        (1, "", FRONT),
        (1, "6.6.6.6, ", FRONT),
    ],
)
def test_the_outermost_front_is_believed_and_nobody_before_it(
    settings: Any, proxies: int, said: str, address: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory(REMOTE_ADDR=FRONT, headers={"X-Forwarded-For": said}).get("/")
    assert client_address(request) == address
