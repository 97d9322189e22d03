"""A gateway without a network: messages stay in the outbox, where the demonstration's telephone reads them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from core.gateways import Config, Forged, InboundSms, Kind, StatusUpdate


@dataclass(frozen=True)
class ConsoleGateway:
    """Takes every message and reaches nobody."""

    name: str = "console"
    can_be_asked: bool = False

    def verify(self, request: HttpRequest) -> None:
        raise Forged("the console gateway receives nothing over HTTP")

    def parse_inbound(self, request: HttpRequest) -> InboundSms | None:
        raise Forged("the console gateway receives nothing over HTTP")

    def answer(self, request: HttpRequest, message: InboundSms | None) -> HttpResponse:
        return HttpResponse(status=204)

    def parse_status(self, request: HttpRequest) -> StatusUpdate | None:
        return None

    def send(self, to: str, body: str, *, reference: str) -> str:
        return f"console-{secrets.token_hex(16)}"

    def find(self, to: str, body: str, since: datetime) -> str | None:
        return None


KIND = Kind(
    name="console",
    label=_("Téléphone de démonstration"),
    build=lambda _config: ConsoleGateway(),
    environment=lambda: None if settings.PRODUCTION else Config("console"),
)
