"""Twilio's official client, pointed where the settings say and silent about telephone numbers."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

# Twilio's client logs addresses with their query, and every header
SILENT = logging.Logger("twilio", level=logging.CRITICAL + 1)


class RedirectedHttpClient:
    """Sends every request to `base_url` instead of Twilio's own address; "" leaves it alone."""

    def __init__(self, base_url: str, timeout: float) -> None:
        self.base_url = base_url
        self.inner = TwilioHttpClient(timeout=timeout, logger=SILENT)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        return self.inner.request(method, moved(url, self.base_url), *args, **kwargs)


def moved(url: str, base_url: str) -> str:
    """The same path and query at the scheme and host of `base_url`."""
    if not base_url:
        return url
    base, parts = urlsplit(base_url), urlsplit(url)
    return urlunsplit((base.scheme, base.netloc, base.path.rstrip("/") + parts.path, parts.query, ""))


@lru_cache(maxsize=8)
def client_for(account_sid: str, auth_token: str, base_url: str, timeout: float) -> Client:
    """One client, hence one pool of connections, for each set of settings."""
    return Client(account_sid, auth_token, http_client=RedirectedHttpClient(base_url, timeout))
