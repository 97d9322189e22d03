"""Twilio's posts, signed ahead of time with Twilio's own code: each with an id, a sender and words of its own."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

from bench.production import PUBLIC_URL
from tests.standin import webhooks
from tests.standin.client import ACCOUNT_SID, AUTH_TOKEN, NUMBER
from tests.standin.webhooks import Request

PATH = "/sms/twilio/"
WORDS = (
    "Le forage du quartier est en panne depuis trois jours et personne ne vient",
    "La distribution a été annoncée mais elle n’a pas eu lieu",
    "Nous n’avons pas reçu de semences cette année, qui peut nous dire pourquoi ?",
    "Merci pour la réparation de la latrine du site",
)


def signed(number: int, *, sid: str, words: str = "") -> Request:
    """The post of one message; the same `number` is the same telephone."""
    fields = webhooks.inbound(
        ACCOUNT_SID, sender=sender(number), to=NUMBER, body=words or WORDS[number % len(WORDS)], sid=sid
    )
    return webhooks.signed(PUBLIC_URL + PATH, fields, token=AUTH_TOKEN, signature="valid")


def sender(number: int) -> str:
    """An invented Malian mobile number."""
    return f"+2237{number:07}"


def posts(seed: int = 0) -> Iterator[bytes]:
    """Requests as they go over the wire, without end, no two alike."""
    chance = random.Random(seed)
    for number in itertools.count(seed * 1_000_000):
        yield on_the_wire(signed(number % 10_000_000, sid=f"SM{chance.getrandbits(128):032x}"))


def on_the_wire(request: Request) -> bytes:
    headers = request.headers | {"Host": "127.0.0.1", "Content-Length": str(len(request.body))}
    lines = [f"POST {PATH} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + request.body
