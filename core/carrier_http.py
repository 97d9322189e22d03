"""Asking a carrier over HTTP. What goes wrong becomes a `GatewayError` that quotes neither address nor text."""

from __future__ import annotations

import http.client
import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from core.gateways import GatewayError

TIMEOUT_SECONDS = 10.0
LONGEST_ANSWER = 100_000
REDIRECTIONS = 3
# It may work later: not allowed (yet), not there (yet), too slow, too many
WAITS = {401, 403, 404, 408, 425, 429}


class _Stays(HTTPRedirectHandler):
    """Follows nobody: a message goes where the settings say, or nowhere."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_opener: OpenerDirector = build_opener(_Stays)


@dataclass(frozen=True)
class Reply:
    """What a carrier answered."""

    status: int
    body: bytes
    headers: Message[str, str]

    def json(self) -> dict[str, Any]:
        """Its body as an object, empty if it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def is_callable_address(url: str) -> bool:
    """Whether messages may be posted there: http or https, and no address that only this machine's host can see."""
    parts = urlsplit(url)
    try:
        host = ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    return parts.scheme in ("http", "https") and not (host.is_link_local or host.is_multicast or host.is_unspecified)


def call(
    url: str,
    *,
    method: str = "POST",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    name: str,
    timeout: float = TIMEOUT_SECONDS,
    limit: int = LONGEST_ANSWER,
) -> Reply:
    """One request; any status is an answer. `name` stands in errors. Raises GatewayError when nothing answers."""
    if not is_callable_address(url):
        raise GatewayError(f"{name} address", permanent=False)
    request = Request(url, data=body, headers=dict(headers or {}), method=method)  # noqa: S310  checked above
    try:
        with _opener.open(request, timeout=timeout) as reply:
            return Reply(reply.status, reply.read(limit + 1), reply.headers)
    except HTTPError as error:
        with error:
            return Reply(error.code, error.read(LONGEST_ANSWER), error.headers)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise GatewayError(f"{name} silent", permanent=False, maybe_taken=not _never_left(error)) from None


def accepted(reply: Reply, *, name: str) -> Reply:
    """The reply, if the carrier took the message. Raises GatewayError."""
    if 200 <= reply.status < 300:
        return reply
    permanent = 400 <= reply.status < 500 and reply.status not in WAITS
    raise GatewayError(f"{name} {reply.status}", permanent=permanent, maybe_taken=reply.status >= 500)


def fetched(url: str, *, authorization: str, name: str, limit: int) -> bytes:
    """What is kept there, following the carrier to its store without telling the store our password.

    Raises GatewayError, also for what is longer than `limit`.
    """
    home = urlsplit(url).netloc
    for _step in range(REDIRECTIONS + 1):
        headers = {"Authorization": authorization} if urlsplit(url).netloc == home else {}
        reply = call(url, method="GET", headers=headers, name=name, limit=limit)
        if reply.status not in (301, 302, 303, 307, 308):
            break
        url = urljoin(url, reply.headers.get("Location", ""))
    found = accepted(reply, name=name)
    if len(found.body) > limit:
        raise GatewayError(f"{name} too large", permanent=True)
    return found.body


def _never_left(error: Exception) -> bool:
    """Nothing was listening: the carrier cannot have taken it."""
    cause = error.reason if isinstance(error, URLError) else error
    return isinstance(cause, ConnectionRefusedError)
