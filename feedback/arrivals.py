"""A request at a gateway's door: whose it is, what it says, and how it is kept. The same at once, from the spool, and
when what was refused is verified again."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from django.db import Error, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from core import outbox, quarantine
from core.gateways import Forged, Gateway, InboundSms, StatusUpdate, Unreadable, receiving
from core.index import keyed_hash
from core.kept_requests import KeptRequest
from core.line_health import note_refused
from directory.models import User
from directory.notices import Notice, notify
from directory.roles import Role
from feedback.envelopes import store
from feedback.source_keys import receipt_number

logger = logging.getLogger(__name__)

MESSAGE, STATUS = "message", "status"
FORGED, UNREADABLE = "forged", "unreadable"


@dataclass(frozen=True)
class Arrival:
    """A request that was read: a message or news of one of ours, or nothing, or why it is refused."""

    kept: KeptRequest
    request: HttpRequest
    line: str
    carrier: Gateway
    message: InboundSms | None = None
    news: StatusUpdate | None = None
    refused: str = ""
    allowed: tuple[str, ...] = ()

    def answer(self) -> HttpResponse:
        """What the gateway is told once this is kept."""
        if self.allowed:
            return HttpResponseNotAllowed(self.allowed)
        if self.refused:
            return HttpResponse(status=403 if self.refused == FORGED else 400)
        if self.kept.door == STATUS:
            return HttpResponse(content_type="text/plain")
        return self.carrier.answer(self.request, self.message)


def read(kept: KeptRequest, request: HttpRequest) -> Arrival:
    """Verifies and reads. Raises UnknownGateway; Error where the line is kept in a database that does not answer."""
    line, carrier, kind = receiving(kept.name, request)
    found = Arrival(kept, request, line, carrier)
    allowed = kind.methods if kept.door == STATUS else kind.in_methods(carrier)
    if request.method not in allowed:
        return replace(found, allowed=allowed)
    try:
        carrier.verify(request)
        if kept.door == STATUS:
            return replace(found, news=carrier.parse_status(request))
        return replace(found, message=_numbered(line, carrier.parse_inbound(request)))
    except (Forged, Unreadable) as error:
        return replace(found, refused=FORGED if isinstance(error, Forged) else UNREADABLE)


def keep(arrival: Arrival) -> None:
    """Keeps what was read: once this returns it is committed. Harmless to repeat. Raises Error."""
    if arrival.refused:
        _keep_refused(arrival)
    elif arrival.message is not None:
        store(arrival.message, gateway=arrival.line, received_at=arrival.kept.received_at)
    elif arrival.news is not None and "\x00" not in arrival.news.provider_id:
        outbox.settle(arrival.news, gateway_name=arrival.line)


def _numbered(line: str, message: InboundSms | None) -> InboundSms | None:
    """A caller hears the number at once, and the same one when the carrier asks twice."""
    if message is None or message.channel != "voice":
        return message
    return replace(message, receipt_number=receipt_number(f"call:{line}:{message.provider_id}"))


def _keep_refused(arrival: Arrival) -> None:
    logger.warning("request of a gateway refused", extra={"gateway": arrival.line, "error": arrival.refused})
    note_refused(arrival.line)
    if quarantine.keep(arrival.kept, gateway=arrival.line, reason=arrival.refused):
        _alarm(arrival)


def _alarm(arrival: Arrival) -> None:
    """A notice without content to every administrator, at most one an hour for each line."""
    hour = f"{arrival.line}:{arrival.kept.received_at:%Y-%m-%dT%H}"
    administrators = [user for user in User.objects.filter(is_active=True) if user.has_role(Role.ADMINISTRATOR)]
    try:
        with transaction.atomic():
            notify(administrators, Notice.ACT, dedupe_key=keyed_hash(hour, "quarantine-notice"), is_urgent=True)
    except Error as error:
        # two at once, or no mail to be had: what was refused is kept, and the next one sounds the alarm again
        logger.warning("notice not queued", extra={"error": type(error).__name__})
