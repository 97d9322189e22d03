"""Twilio by WhatsApp: texts, places and voice notes, at the same signed address as the account's SMS.

WhatsApp lets us write freely for 24 hours after the person wrote (error 63016 later); else only what it approved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.gateways import Config, Field, GatewayError, InboundSms, Kind
from core.twilio.account import FIELDS, TwilioAccount, account, from_settings
from core.twilio.templates import as_text, templates_in

PREFIX = "whatsapp:"


@dataclass(frozen=True)
class WhatsAppGateway(TwilioAccount):
    """The account, its numbers dressed for WhatsApp. `templates`: what it approved, by our name."""

    templates: Mapping[str, str] = field(default_factory=dict)

    def send_template(self, to: str, name: str, *, reference: str) -> str:
        if name not in self.templates:
            raise GatewayError("no template", permanent=True)
        # Twilio wants no text beside a template, and ours have nothing to fill in
        return self.hand_over(to, reference=reference, content_sid=self.templates[name])

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
    return WhatsAppGateway(**said, templates=approved(config))


def approved(config: Config) -> dict[str, str]:
    return templates_in(config["templates"])


def environment() -> Config | None:
    line = from_settings("twilio-whatsapp", settings.TWILIO_WHATSAPP_FROM)
    if line is None:
        return None
    return replace(line, said={**line.said, "templates": as_text(settings.TWILIO_WHATSAPP_TEMPLATES)})


KIND = Kind(
    name="twilio-whatsapp",
    label=_("Twilio, WhatsApp"),
    build=build,
    hint=_("Dans la console Twilio, réglages de l’expéditeur WhatsApp : POST vers l’adresse de la ligne."),
    fields=(
        *FIELDS,
        Field(
            "templates",
            _("Modèles approuvés, pour écrire à qui n’a pas écrit depuis 24 heures"),
            _("Un par ligne : le nom d’ici, une espace, l’identifiant de Twilio (HX…)."),
            is_required=False,
            is_long=True,
        ),
    ),
    environment=environment,
    templates=approved,
    family="twilio",
    recognises=recognises,
    number_unless="",
)
