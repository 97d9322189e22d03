"""Where gateways hand messages over. A request is verified, stored sealed, and answered; nothing else happens here."""

from __future__ import annotations

import logging

from django.db import Error, connections
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core import spool
from core.access import public
from core.gateways import UnknownGateway
from core.kept_requests import KeptRequest
from feedback import arrivals, draining

logger = logging.getLogger(__name__)

# No line's is longer (`core.models.Line`): known without asking the database
LONGEST_NAME = 20


@public
@csrf_exempt
@require_http_methods(["GET", "POST"])
def inbound(request: HttpRequest, name: str) -> HttpResponse:
    """A message from a gateway, by the method of its line: 403 unless the gateway itself made the request."""
    return _let_in(request, KeptRequest.of(request, name=name, door=arrivals.MESSAGE))


@public
@csrf_exempt
@require_http_methods(["GET", "POST"])
def status(request: HttpRequest, name: str) -> HttpResponse:
    """What became of a message we sent. News of one we do not know is accepted and left alone."""
    return _let_in(request, KeptRequest.of(request, name=name, door=arrivals.STATUS))


def _let_in(request: HttpRequest, kept: KeptRequest) -> HttpResponse:
    """Kept in the database, else on disk, before it is answered."""
    if len(kept.name) > LONGEST_NAME:
        raise Http404
    try:
        arrival = arrivals.read(kept, request)
    except UnknownGateway as error:
        raise Http404 from error
    except Error as error:
        # nobody can say yet whose it is: it is verified when it leaves the spool
        return _spooled(kept, HttpResponse(content_type="text/plain"), error, is_verified=False)
    try:
        arrivals.keep(arrival)
    except Error as error:
        return _spooled(kept, arrival.answer(), error, is_verified=not arrival.refused)
    return arrival.answer()


def _spooled(kept: KeptRequest, answer: HttpResponse, cause: Error, *, is_verified: bool) -> HttpResponse:
    """Without a database nor a disk the gateway is told to come back. A connection that failed is not used again."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
    try:
        spool.put(kept, is_verified=is_verified)
    except OSError as error:
        logger.error("request neither stored nor spooled", extra={"gateway": kept.name, "error": type(error).__name__})
        return HttpResponse(status=503)
    logger.warning("request spooled", extra={"gateway": kept.name, "error": type(cause).__name__})
    draining.begin()
    return answer
