"""Twilio by WhatsApp: texts, places and voice notes, at the same signed address as the account's SMS.

WhatsApp lets us write freely for 24 hours after the person wrote (error 63016 later).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.gateways import Config, InboundSms, Kind
from core.twilio.account import FIELDS, TwilioAccount, account, from_settings

PREFIX = "whatsapp:"


class WhatsAppGateway(TwilioAccount):
    """The account, its numbers dressed for WhatsApp."""

    def parse_inbound(self, request: HttpRequest) -> InboundSms | None:
        message = super().parse_inbound(request)
        if message is None:
            return None
        place = [request.POST.get(name, "") for name in ("Latitude", "Longitude")]
        body = message.body or (f"[{', '.join(place)}]" if all(place) else "")
        return replace(message, channel="whatsapp", body=body)

    def bare(self, address: str) -> str:
        return address.strip().removeprefix(PREFIX)

    def dressed(self, number: str) -> str:
        return PREFIX + number


def recognises(request: HttpRequest) -> bool:
    return request.POST.get("From", "").startswith(PREFIX)


def build(config: Config) -> WhatsAppGateway:
    said: dict[str, Any] = account(config)
    return WhatsAppGateway(**said)


KIND = Kind(
    name="twilio-whatsapp",
    label=_("Twilio, WhatsApp"),
    build=build,
    hint=_("Dans la console Twilio, réglages de l’expéditeur WhatsApp : POST vers l’adresse de la ligne."),
    fields=FIELDS,
    environment=lambda: from_settings("twilio-whatsapp", settings.TWILIO_WHATSAPP_FROM),
    family="twilio",
    recognises=recognises,
    number_unless="",
)
