"""An Android phone as gateway, with the free app "SMS Gateway for Android" (https://docs.sms-gate.app).

It signs the body followed by its timestamp (HMAC-SHA256). Where the operators' link is down, a phone and a SIM do.
"""

from __future__ import annotations

import base64
import json
from typing import Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.carrier_http import accepted, call
from core.gateways import Field, InboundSms, Kind, StatusUpdate, Unreadable
from core.http_gateway import ADDRESSES, HttpGateway, check_secret, digest, fields_of

STATES: dict[str, Literal["sent", "delivered", "failed"]] = {
    "sms:sent": "sent",
    "sms:delivered": "delivered",
    "sms:failed": "failed",
}
ALREADY_THERE = 409


class AndroidGateway(HttpGateway):
    """One phone, reached directly or through the app's relay."""

    def verify(self, request: HttpRequest) -> None:
        self.check_address(request)
        key, stamp = self.config["secret"], request.headers.get("X-Timestamp", "")
        said = request.headers.get("X-Signature", "").lower()
        check_secret(said, digest(key.encode(), request.body + stamp.encode()) if key and stamp else "")

    def parse_inbound(self, request: HttpRequest) -> InboundSms | None:
        posted = fields_of(request)
        if posted.get("event") != "sms:received":
            raise Unreadable("another event")
        return self.message(
            provider_id=posted.get("id", ""),
            sender=posted.get("payload.sender") or posted.get("payload.phoneNumber", ""),
            to=posted.get("payload.recipient", ""),
            body=posted.get("payload.message", ""),
            sent_at=posted.get("payload.receivedAt", ""),
        )

    def parse_status(self, request: HttpRequest) -> StatusUpdate | None:
        posted = fields_of(request)
        state, provider_id = STATES.get(posted.get("event", "")), posted.get("payload.messageId", "")
        if state is None:
            return None
        return StatusUpdate(provider_id, state, "android failed" if state == "failed" else "", provider_id)

    def send(self, to: str, body: str, *, reference: str) -> str:
        said = {
            "id": reference,
            "textMessage": {"text": body},
            "phoneNumbers": [to],
            "withDeliveryReport": True,
        }
        pair = f"{self.config['username']}:{self.config['password']}".encode()
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Basic {base64.b64encode(pair).decode()}",
        }
        reply = call(self.config["url"], body=json.dumps(said).encode(), headers=headers, name="android")
        # our own id is known there: it was taken the first time
        if reply.status != ALREADY_THERE:
            accepted(reply, name="android")
        return reference


KIND = Kind(
    name="android",
    label=_("Téléphone Android"),
    build=AndroidGateway,
    hint=_(
        "Avec l’application libre « SMS Gateway for Android » : événement sms:received vers l’adresse de la ligne, "
        "sms:sent, sms:delivered et sms:failed vers la même suivie de status/."
    ),
    fields=(
        Field("url", _("Adresse d’envoi"), default="https://api.sms-gate.app/3rdparty/v1/messages"),
        Field("username", _("Utilisateur")),
        Field("password", _("Mot de passe"), is_secret=True),
        Field("secret", _("Clé de signature des événements"), is_secret=True),
        ADDRESSES,
    ),
)
