"""RapidPro: an "External API" channel, or a flow that forwards; and its API to answer (text, to, from, channel, id)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.carrier_http import accepted, call
from core.gateways import Field, InboundSms, Kind, StatusUpdate
from core.http_gateway import ADDRESSES, SECRET, HttpGateway, check_secret, fields_of

STATES: dict[str, Literal["sent", "delivered", "failed"]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "failed": "failed",
    "errored": "failed",
}
GONE_WRONG = {"failed", "interrupted"}
PAGES_AT_MOST, LONGEST_PAGE = 20, 2_000_000


class RapidProGateway(HttpGateway):
    """One channel of one workspace."""

    def verify(self, request: HttpRequest) -> None:
        self.check_address(request)
        check_secret(request.headers.get("Authorization", "").removeprefix("Token "), self.config["secret"])

    def parse_inbound(self, request: HttpRequest) -> InboundSms | None:
        posted = fields_of(request)
        sender = posted.get("from") or posted.get("sender") or posted.get("urn", "")
        return self.message(
            provider_id=posted.get("id", ""),
            sender=sender.rpartition("tel:")[2],
            to=posted.get("to", ""),
            body=posted.get("text") or posted.get("content", ""),
            sent_at=posted.get("date") or posted.get("time", ""),
        )

    def parse_status(self, request: HttpRequest) -> StatusUpdate | None:
        posted = fields_of(request)
        said, provider_id = posted.get("status", "").lower(), posted.get("id", "")
        state = STATES.get(said)
        if state is None:
            return None
        return StatusUpdate(provider_id, state, f"rapidpro {said}" if state == "failed" else "", provider_id)

    def send(self, to: str, body: str, *, reference: str) -> str:
        sent = self._broadcast(to, body) if self.config["style"] == "api" else self._external(to, body, reference)
        return sent or reference

    def _external(self, to: str, body: str, reference: str) -> str:
        """As RapidPro itself writes to an external channel."""
        ours = self.config.number
        said = {"id": reference, "text": body, "to": to, "to_no_plus": to.lstrip("+")}
        said |= {"from": ours, "from_no_plus": ours.lstrip("+"), "channel": self.config["channel"]}
        self._post(urlencode(said).encode(), "application/x-www-form-urlencoded")
        return reference

    def _broadcast(self, to: str, body: str) -> str:
        """https://rapidpro.io/api/v2/broadcasts"""
        content = json.dumps({"urns": [f"tel:{to}"], "text": body}).encode()
        return _id_of(self._post(content, "application/json"))

    @property
    def can_be_asked(self) -> bool:
        return self.config["style"] == "api"

    def find(self, to: str, body: str, since: datetime) -> str | None:
        """Among the broadcasts made since then, matched here: the number stands in no address."""
        url = self.config["url"]
        query = urlencode({"after": since.replace(microsecond=0).isoformat()})
        for _page in range(PAGES_AT_MOST if self.can_be_asked else 0):
            said = self._listed(f"{url}?{query}")
            found = next((_id_of(one) for one in said.get("results") or () if _is_it(one, to, body)), "")
            query = urlsplit(str(said.get("next") or "")).query
            if found or not query:
                return found or None
        return None

    def _listed(self, url: str) -> dict[str, Any]:
        headers = {"Authorization": f"Token {self.config['token']}"}
        reply = call(url, method="GET", headers=headers, name="rapidpro", limit=LONGEST_PAGE)
        return accepted(reply, name="rapidpro").json()

    def _post(self, content: bytes, content_type: str) -> dict[str, object]:
        headers = {"Content-Type": content_type, "Authorization": f"Token {self.config['token']}"}
        reply = call(self.config["url"], body=content, headers=headers, name="rapidpro")
        return accepted(reply, name="rapidpro").json()


def _id_of(broadcast: Mapping[str, object]) -> str:
    """Older versions give a number, newer ones a UUID."""
    given = broadcast.get("id") or broadcast.get("uuid")
    return str(given)[:80] if isinstance(given, str | int) else ""


def _is_it(broadcast: Mapping[str, Any], to: str, body: str) -> bool:
    """One that went out, or will, with this text to this number alone; the text is one, or one for each language."""
    text = broadcast.get("text")
    texts = list(text.values()) if isinstance(text, dict) else [text]
    return (broadcast.get("urns"), texts) == ([f"tel:{to}"], [body]) and broadcast.get("status") not in GONE_WRONG


KIND = Kind(
    name="rapidpro",
    label=_("RapidPro"),
    build=RapidProGateway,
    hint=_(
        "Canal « External API » ou étape « webhook » d’un parcours : POST vers l’adresse de la ligne, "
        "en-tête Authorization: Token suivi du secret, champs from, text, to, id, date."
    ),
    fields=(
        Field("url", _("Adresse d’envoi"), _("Celle du canal, ou https://…/api/v2/broadcasts.json")),
        Field(
            "style",
            _("Façon d’envoyer"),
            default="external",
            choices=(("external", _("canal externe (id, text, to, from, channel)")), ("api", _("API de RapidPro"))),
        ),
        Field("channel", _("Identifiant du canal"), is_required=False),
        Field("token", _("Jeton d’envoi"), is_secret=True),
        SECRET,
        ADDRESSES,
    ),
)
