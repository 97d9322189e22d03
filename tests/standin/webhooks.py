"""The requests Twilio makes to us: built as Twilio builds them, signed with Twilio's own code."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode, urlsplit, urlunsplit

from twilio.request_validator import RequestValidator

from tests.standin.messages import API_VERSION, Message, new_sid

Signature = Literal["valid", "unsigned", "forged"]
FINAL_ERRORS = {"failed": 30003, "undelivered": 30005}
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Request:
    """One webhook request, ready to be sent, and to be sent again byte for byte."""

    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What the product answered."""

    status: int
    body: str
    content_type: str
    seconds: float


def signed(url: str, fields: dict[str, str], *, token: str, signature: Signature, public_url: str = "") -> Request:
    """A form post. `public_url` (scheme and host) is what the signature names, when it differs from where it goes."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "User-Agent": "TwilioProxy/1.1",
        "I-Twilio-Idempotency-Token": new_sid("id"),
    }
    if signature != "unsigned":
        secret = token if signature == "valid" else token[::-1] + "x"
        seen = _at(public_url, url) if public_url else url
        headers["X-Twilio-Signature"] = RequestValidator(secret).compute_signature(seen, fields)
    return Request(url, headers, urlencode(fields).encode())


def _at(public_url: str, url: str) -> str:
    public, parts = urlsplit(public_url), urlsplit(url)
    return urlunsplit((public.scheme, public.netloc, parts.path, parts.query, ""))


def inbound(
    account_sid: str,
    *,
    sender: str,
    to: str,
    body: str,
    sid: str = "",
    service: str = "",
    media: int = 0,
    more: dict[str, str] | None = None,
) -> dict[str, str]:
    """The fields of an incoming SMS, empty ones included. `sender` and `to` are sent as they are."""
    sid = sid or new_sid()
    fields = dict.fromkeys(("ToState", "ToCity", "ToZip", "FromZip", "FromState", "FromCity"), "") | {
        "ToCountry": "ML",
        "FromCountry": "ML",
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "MessageSid": sid,
        "SmsStatus": "received",
        "NumMedia": str(media),
        "NumSegments": str(max(1, -(-len(body) // 153))),
        "AccountSid": account_sid,
        "ApiVersion": API_VERSION,
        "From": sender,
        "To": to,
        "Body": body,
    }
    return fields | ({"MessagingServiceSid": service} if service else {}) | (more or {})


def status(message: Message, state: str, error_code: int | None = None) -> dict[str, str]:
    """The fields of a status callback."""
    code = error_code or FINAL_ERRORS.get(state)
    fields = {
        "SmsSid": message.sid,
        "SmsStatus": state,
        "MessageStatus": state,
        "MessageSid": message.sid,
        "AccountSid": message.account_sid,
        "ApiVersion": API_VERSION,
        "From": message.sender,
        "To": message.to,
    }
    fields |= {"MessagingServiceSid": message.service} if message.service else {}
    return fields | ({"ErrorCode": str(code)} if code else {})


def post(request: Request, timeout: float = 15.0) -> Answer:
    """Send it as it is; an HTTP error is an answer like another. Raises OSError when nothing answers."""
    wire = urllib.request.Request(request.url, data=request.body, headers=request.headers, method="POST")
    began = time.monotonic()
    try:
        reply = OPENER.open(wire, timeout=timeout)
    except urllib.error.HTTPError as error:
        reply = error
    with reply:
        text = reply.read().decode(errors="replace")
        return Answer(reply.status, text, reply.headers.get("Content-Type", ""), time.monotonic() - began)
