"""A telephone that sends and is sent SMS, and officers who can read what is sealed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client
from twilio.request_validator import RequestValidator

from core.gateways.console import ConsoleGateway
from tests import vault_keys
from tests.cast import Cast
from tests.standin import webhooks

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answered

TO = "+22300000099"


@pytest.fixture
def recovery_key(db: None) -> bytes:
    """The private half of a recovery key: with it what was sealed can be opened in a test."""
    return vault_keys.recovery_key().private


@dataclass
class Telephone:
    """Posts signed messages as Twilio does, and keeps what was handed to the carrier."""

    number: str
    outgoing: list[tuple[str, str]]
    client: Client = field(default_factory=Client)

    def says(self, body: str, *, sid: str = "", sender: str = "") -> Answered:
        fields = webhooks.inbound(settings.TWILIO_ACCOUNT_SID, sender=sender or self.number, to=TO, body=body, sid=sid)
        return self.post("/sms/twilio/", fields)

    def post(self, path: str, fields: dict[str, str], *, token: str = "") -> Answered:
        signer = RequestValidator(token or settings.TWILIO_AUTH_TOKEN)
        signature = signer.compute_signature(settings.PUBLIC_URL + path, fields)
        return self.client.post(path, fields, headers={"X-Twilio-Signature": signature})

    def heard(self) -> list[str]:
        """The texts this number was sent, oldest first."""
        return [body for to, body in self.outgoing if to == self.number]

    def last_number(self) -> str:
        """The receipt number in the last text that holds one, digits only."""
        numbers = [match for body in self.heard() for match in re.findall(r"\d{4} \d{4} \d{4}", body)]
        return str(numbers[-1]).replace(" ", "")


@pytest.fixture
def outgoing(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What left through the console gateway: (recipient, text)."""
    sent: list[tuple[str, str]] = []
    send = ConsoleGateway.send

    def keep(self: ConsoleGateway, to: str, body: str, *, reference: str) -> str:
        sent.append((to, body))
        return send(self, to, body, reference=reference)

    monkeypatch.setattr(ConsoleGateway, "send", keep)
    return sent


@pytest.fixture
def telephone(recovery_key: bytes, outgoing: list[tuple[str, str]]) -> Telephone:
    return Telephone("+22300000012", outgoing)


@pytest.fixture
def another_telephone(recovery_key: bytes, outgoing: list[tuple[str, str]]) -> Callable[[str], Telephone]:
    return lambda number: Telephone(number, outgoing)


@pytest.fixture
def officer_told(cast: Cast, recovery_key: bytes, mailoutbox: list[EmailMessage]) -> Callable[[], list[str]]:
    """Two officers on duty with keys; what their mails say, oldest first."""
    officers = (cast.aminata, cast.rokia)
    for officer in officers:
        vault_keys.enrolled(officer)
    addresses = {officer.email for officer in officers}
    return lambda: [str(mail.subject) for mail in mailoutbox if addresses & set(mail.to)]
