"""Whether what stands outside answers: gateways, mail, Redis. Nothing is sent, but to a number that was given."""

from __future__ import annotations

from collections.abc import Iterator

import redis
from django.conf import settings
from django.core.mail import get_connection
from django.utils import timezone

from core.actors import robot
from core.gateways import GatewayError, KeepsCopies, from_environment, gateway
from core.models import Line
from core.transitions import Refused
from feedback.actions.lines import try_line

SETUP = robot("setup")


def lines() -> list[str]:
    """The names of the lines that are configured, in the environment and in the settings pages."""
    own = Line.objects.filter(is_active=True).values_list("name", flat=True)
    # the other kinds of one account are the same account
    return [*(name for name in from_environment() if name == settings.SMS_GATEWAY), *own]


def tried(number: str = "") -> Iterator[str]:
    """A sentence for each: what it is, and whether it answers. `number` (E.164) gets one neutral SMS by each line."""
    for name in lines():
        yield f"passerelle {name} : {_line(name, number)}"
    if not lines():
        yield "passerelle : aucune n'est réglée (page « Passerelles et numéros »)"
    yield f"courriel : {_mail()}"
    if settings.REDIS_URL:
        yield f"Redis : {_redis()}"


def _line(name: str, number: str) -> str:
    if number:
        try:
            try_line(name, number, by=SETUP)
        except Refused as error:
            return str(error.reason)
        return "message d'essai pris ; regardez s'il arrive"
    found = gateway(name)
    if not isinstance(found, KeepsCopies) or not found.is_real:
        return "réglée ; essayez-la depuis sa page, ou avec --try-number"
    try:
        found.count_kept(timezone.now())
    except GatewayError as error:
        return f"NE RÉPOND PAS ({error.reason})"
    return "répond, et reconnaît nos identifiants"


def _mail() -> str:
    try:
        connection = get_connection()
        connection.open()
        connection.close()
    except OSError as error:
        return f"NE RÉPOND PAS ({type(error).__name__})"
    return "le serveur répond"


def _redis() -> str:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2) as server:
            server.ping()
    except (redis.RedisError, OSError) as error:
        return f"NE RÉPOND PAS ({type(error).__name__})"
    return "répond"
