"""How many threads of a web process one address may hold at once, and pages all together.

What is said on a public page is answered at an even moment, and holds a thread until then: one address that posts
without pause would hold them all, and gateways with them. Docs: decisions/0024-threads-of-one-address.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from core.callers import client_address
from core.errors import typed_in
from directory.api_problems import crowded as crowded_problem

# Whoever asks whether this process lives must hear that it does.
ASKED_BY_MACHINES = {"/healthz"}
WAIT_SECONDS = 5
EVERYBODY = ""
_lock = Lock()
_held: Counter[str] = Counter()


class ShareOfThreadsMiddleware:
    """Half of the threads for one address, and all but an eighth for pages together; gateways do not come this way.

    Beyond that the answer is 429, before any work: what was typed is in it, ready to be sent again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        threads = settings.WEB_THREADS
        if threads <= 0 or request.path_info in ASKED_BY_MACHINES:
            return self.get_response(request)
        who = crowd_of(client_address(request))
        if not _entered(who, threads):
            return _turned_away(request)
        try:
            return self.get_response(request)
        finally:
            _left(who)


def crowd_of(address: str) -> str:
    """The address, or of IPv6 the network that one subscriber has (/64)."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(int(found) >> 64) if isinstance(found, IPv6Address) else str(found)


def _entered(who: str, threads: int) -> bool:
    with _lock:
        if _held[who] >= max(1, threads // 2) or _held[EVERYBODY] >= max(1, threads - max(1, threads // 8)):
            return False
        _held[who] += 1
        _held[EVERYBODY] += 1
        return True


def _left(who: str) -> None:
    with _lock:
        for one in (who, EVERYBODY):
            _held[one] -= 1
        if not _held[who]:
            del _held[who]


def _turned_away(request: HttpRequest) -> HttpResponse:
    response: HttpResponse
    if request.path.startswith("/api/"):
        response = crowded_problem(request)
    else:
        context = {"typed": typed_in(request), "path": request.get_full_path(), "had_file": bool(request.FILES)}
        response = render(request, "crowded.html", context, status=429)
    add_never_cache_headers(response)
    response["Retry-After"] = str(WAIT_SECONDS)
    return response
