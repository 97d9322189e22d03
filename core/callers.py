"""Who calls: the address of whoever stands before our own front."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """What the outermost of our proxies says of its caller; what anybody wrote before that is not believed.

    Out: an address, or whatever stands in its place. A request that came past fewer proxies than stand before us did
    not come by the front: then its own address counts.
    """
    count = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    said = request.headers.get("X-Forwarded-For", "").split(",")
    is_from_the_front = 0 < count <= len(said) and said[-count].strip()
    return said[-count].strip() if is_from_the_front else str(request.META.get("REMOTE_ADDR", ""))
