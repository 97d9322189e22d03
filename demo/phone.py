"""The telephone of the demonstration: what it sent is kept by the browser, what it was sent is read in the outbox.

The server keeps no more of what is typed here than of a real SMS.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils import timezone

from core.gateways import InboundSms
from core.models import Outbound
from demo.accounts import read_register
from feedback.envelopes import store

COOKIE, SALT = "demo_phone", "demo.phone"
COOKIE_BYTES = 3600
NUMBERS = ("+22300009001", "+22300009002", "+22300009003")
LOOKED_AT = 150


@dataclass(frozen=True)
class Bubble:
    """One message on the screen. `is_mine`: sent from here. `is_under_way`: not handed over yet."""

    text: str
    at: datetime
    is_mine: bool
    is_under_way: bool = False


@dataclass
class Phone:
    """One browser's telephone: the number it plays, and what it sent, as [number, text, ISO moment]."""

    number: str = NUMBERS[0]
    sent: list[list[str]] = field(default_factory=list)

    @classmethod
    def from_cookie(cls, cookie: str | None) -> Phone:
        """What the browser kept; a new telephone when it kept nothing or something else."""
        try:
            kept: dict[str, Any] = signing.loads(cookie or "", salt=SALT)
        except signing.BadSignature:
            return cls()
        return cls(kept["number"], kept["sent"])

    def to_cookie(self) -> str:
        """The telephone, oldest messages left out where a cookie holds no more."""
        while True:
            said = {"number": self.number, "sent": self.sent}
            cookie = signing.dumps(said, salt=SALT, compress=True)
            if len(cookie) <= COOKIE_BYTES or not self.sent:
                return cookie
            self.sent.pop(0)

    def send(self, text: str, *, once: str) -> None:
        """Hands a message over as a gateway would. The same `once` twice is one message."""
        now = timezone.now()
        message = InboundSms(
            provider_id=f"phone-{once}", sender=self.number, to=settings.TWILIO_FROM, body=text, sent_at=now
        )
        if store(message, gateway="console"):
            self.sent.append([self.number, text, now.isoformat()])

    def thread(self) -> list[Bubble]:
        """What went to and fro between this number and Jaabi since the demonstration was filled, oldest first."""
        mine = [
            Bubble(text, datetime.fromisoformat(at), is_mine=True)
            for number, text, at in self.sent
            if number == self.number
        ]
        return sorted([*mine, *_received(self.number)], key=lambda bubble: bubble.at)

    @property
    def last_receipt(self) -> str:
        """The receipt number that this telephone was told last, "" if none."""
        for bubble in reversed(_received(self.number)):
            digits = "".join(sign for sign in bubble.text if sign.isdigit())
            if len(digits) == 12:
                return f"{digits[:4]} {digits[4:8]} {digits[8:]}"
        return ""


def is_answered_here() -> bool:
    """Whether outgoing SMS stay here, where this telephone can read them."""
    return bool(settings.SMS_GATEWAY == "console")


def _received(number: str) -> list[Bubble]:
    rows = Outbound.objects.filter(way=Outbound.Way.SMS, recipient__isnull=False).order_by("-created_at")
    register = read_register()
    if register is not None and register.filled_at:
        rows = rows.filter(created_at__gt=datetime.fromisoformat(register.filled_at))
    mine = [row for row in rows[:LOOKED_AT] if row.unsealed("recipient") == number]
    return [_bubble(row) for row in reversed(mine)]


def _bubble(row: Outbound) -> Bubble:
    under_way = row.state in (Outbound.State.QUEUED, Outbound.State.SENDING)
    return Bubble(row.unsealed("body"), row.sent_at or row.created_at, is_mine=False, is_under_way=under_way)
