"""What gateways that speak plain HTTP have in common: who is let in, and how fields are read."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from core.callers import client_address
from core.gateways import Config, Field, Forged, InboundSms, Unreadable
from core.phones import normalise
from core.sms_parts import Part
from core.unbroken import unbroken

SECRET_HEADER = "X-Jaabi-Secret"  # noqa: S105  the header's name
ADDRESSES = Field(
    "addresses",
    _("Adresses admises"),
    _("Adresses IP ou réseaux, séparés par des espaces. Vide : toutes, si le secret est juste."),
    is_required=False,
)
SECRET = Field(
    "secret",
    _("Secret des messages reçus"),
    _("La passerelle le joint à chaque requête ; sans lui, elle est refusée."),
    is_secret=True,
)


@dataclass(frozen=True)
class HttpGateway:
    """One line of a carrier that posts to us and is posted to. Each kind says how it is spoken to."""

    config: Config

    @property
    def name(self) -> str:
        return self.config.name

    def verify(self, request: HttpRequest) -> None:
        self.check_address(request)
        said = request.headers.get(SECRET_HEADER) or query_of(request).get("secret", "")
        check_secret(said, self.config["secret"])

    def check_address(self, request: HttpRequest) -> None:
        """Raises Forged for an address that is not on the line's list; an empty list lets all in."""
        listed = self.config["addresses"].replace(",", " ").split()
        if listed and not _is_among(client_address(request), listed):
            raise Forged("the address is not on the list")

    def answer(self, request: HttpRequest, message: InboundSms | None) -> HttpResponse:
        return HttpResponse(content_type="text/plain; charset=utf-8")

    @property
    def can_be_asked(self) -> bool:
        return False

    def find(self, to: str, body: str, since: datetime) -> str | None:
        """Most of these carriers cannot be asked; the reference sent along lets them drop what comes twice."""
        return None

    def message(
        self, *, provider_id: str, sender: str, to: str, body: str, sent_at: str = "", part: Part | None = None
    ) -> InboundSms:
        """The message read, its sender and date in one spelling. Raises Unreadable where nobody speaks."""
        if not sender.strip():
            raise Unreadable("nobody sent it")
        return InboundSms(
            provider_id=provider_id or self._id_of(sender, to, body, sent_at, part),
            sender=normalise(sender) or sender.strip(),
            to=to.strip() or self.config.number,
            body=body,
            sent_at=moment(sent_at),
            part=part,
            is_named=bool(provider_id),
        )

    def proof(self, reference: str) -> str:
        """What shows that an address we gave away for one message is used for that message."""
        return digest(self.config["secret"].encode(), f"status:{self.name}:{reference}".encode())

    def _id_of(self, sender: str, to: str, body: str, sent_at: str, part: Part | None) -> str:
        """For carriers without ids: the same words of the same person at the same moment are one message.

        Where they say no moment either, only what came just before can tell (`feedback.repeats`).
        """
        at = sent_at or secrets.token_hex(16)
        which = f"{part.reference}/{part.number}" if part is not None else ""
        return digest(self.config["secret"].encode(), "\x1f".join((sender, to, body, at, which)).encode())


def check_secret(said: str, known: str) -> None:
    """Raises Forged unless they are the same, and there is one."""
    if not known or not constant_time_compare(said.encode(), known.encode()):
        raise Forged("the secret is absent or wrong")


def digest(key: bytes, content: bytes) -> str:
    """HMAC-SHA256, in hexadecimal."""
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def fields_of(request: HttpRequest) -> dict[str, str]:
    """What was posted, as a form or as JSON, and what stands in the address. Inner objects read `outer.inner`.

    Raises Unreadable.
    """
    asked = query_of(request)
    found = {name: str(asked[name]) for name in asked}
    if "json" not in (request.content_type or ""):
        return found | {name: str(request.POST[name]) for name in request.POST}
    try:
        posted = unbroken(json.loads(request.body))
        if not isinstance(posted, dict):
            raise Unreadable("not an object")
        return found | _flat(posted)
    except (ValueError, RecursionError) as error:
        raise Unreadable("not JSON") from error


def query_of(request: HttpRequest) -> QueryDict:
    """What stands in the address. Django would read it in the body's alphabet, which is UTF-16 where Kannel's is."""
    return QueryDict(request.META.get("QUERY_STRING", ""), encoding="utf-8")


def moment(text: str) -> datetime | None:
    """An ISO date or seconds (or milliseconds) since 1970, None for anything else. Without a zone it is UTC."""
    text = text.strip()
    try:
        if text.replace(".", "", 1).isdecimal():
            seconds = float(text)
            return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def networks(text: str) -> list[str]:
    """The words of a list of addresses that are none. For the form that asks for it."""
    return [word for word in text.replace(",", " ").split() if not _is_network(word)]


def _is_among(address: str, listed: list[str]) -> bool:
    try:
        caller = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(caller in ipaddress.ip_network(one, strict=False) for one in listed if _is_network(one))


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _flat(posted: dict[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in posted.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{name}.")
        elif value is not None and not isinstance(value, list):
            found[f"{prefix}{name}"] = str(value)
    return found
