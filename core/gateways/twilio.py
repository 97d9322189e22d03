"""Twilio by SMS: one number or one Messaging Service."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.gateways import Config, Field, Kind
from core.twilio.account import FIELDS, TwilioAccount, account, from_settings


class TwilioGateway(TwilioAccount):
    """The account as it stands: plain numbers."""


def recognises(request: HttpRequest) -> bool:
    """Neither a call nor WhatsApp."""
    return "CallSid" not in request.POST and not request.POST.get("From", "").startswith("whatsapp:")


def build(config: Config) -> TwilioGateway:
    said: dict[str, Any] = account(config)
    return TwilioGateway(**said)


KIND = Kind(
    name="twilio",
    label=_("Twilio, SMS"),
    build=build,
    hint=_("Dans la console Twilio : « A message comes in », POST vers l’adresse de la ligne."),
    fields=(
        *FIELDS,
        Field("messaging_service_sid", _("Messaging Service (MG…)"), _("Au lieu d’un numéro."), is_required=False),
    ),
    environment=lambda: from_settings("twilio"),
    family="twilio",
    recognises=recognises,
    number_unless="messaging_service_sid",
)
