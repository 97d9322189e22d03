"""Where gateways hand messages over. A request is verified, stored sealed, and answered; nothing else happens here."""

from __future__ import annotations

import logging
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from core import outbox
from core.access import public
from core.gateways import Forged, InboundSms, UnknownGateway, Unreadable, receiving
from core.line_health import note_refused
from feedback.envelopes import store
from feedback.source_keys import receipt_number

logger = logging.getLogger(__name__)


@public
@csrf_exempt
@require_POST
def inbound(request: HttpRequest, name: str) -> HttpResponse:
    """A message from a gateway: 403 unless the gateway itself made the request."""
    try:
        line, carrier, _kind = receiving(name, request)
    except UnknownGateway as error:
        raise Http404 from error
    try:
        carrier.verify(request)
        message = carrier.parse_inbound(request)
    except (Forged, Unreadable) as error:
        return _refused(line, error)
    if message is not None:
        if message.channel == "voice":
            message = _numbered(line, message)
        store(message, gateway=line)
    return carrier.answer(request, message)


@public
@csrf_exempt
@require_http_methods(["GET", "POST"])
def status(request: HttpRequest, name: str) -> HttpResponse:
    """What became of a message we sent. News of one we do not know is accepted and left alone."""
    try:
        line, carrier, kind = receiving(name, request)
    except UnknownGateway as error:
        raise Http404 from error
    if request.method not in kind.methods:
        return HttpResponseNotAllowed(kind.methods)
    try:
        carrier.verify(request)
        update = carrier.parse_status(request)
    except (Forged, Unreadable) as error:
        return _refused(line, error)
    if update is not None and "\x00" not in update.provider_id:
        outbox.settle(update, gateway_name=line)
    return HttpResponse(content_type="text/plain")


def _numbered(line: str, message: InboundSms) -> InboundSms:
    """A caller hears the number at once, and the same one when the carrier asks twice."""
    return replace(message, receipt_number=receipt_number(f"call:{line}:{message.provider_id}"))


def _refused(line: str, error: Forged | Unreadable) -> HttpResponse:
    note_refused(line)
    logger.warning("request of a gateway refused", extra={"gateway": line, "error": type(error).__name__})
    return HttpResponse(status=403 if isinstance(error, Forged) else 400)
