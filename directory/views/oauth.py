"""The token endpoint (RFC 6749 §3.2): the only address of OAuth there is."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from oauth2_provider.views.mixins import OAuthLibMixin
from rest_framework.throttling import SimpleRateThrottle

from core.index import keyed_hash

TRIES = "30/min"


class ClientThrottle(SimpleRateThrottle):
    """So many tries a minute for one client: a secret is not guessed, and its hash is not worked out all day."""

    scope = "oauth"
    rate = TRIES

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"oauth:{keyed_hash(_client_id(request), 'oauth-client')}"


@method_decorator([csrf_exempt, sensitive_post_parameters("client_secret")], name="dispatch")
class TokenDoor(OAuthLibMixin, View):  # type: ignore[misc]  # the library publishes no types
    """`grant_type=client_credentials`, with the client's id and secret as HTTP Basic or in the form."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        throttle = ClientThrottle()
        if not throttle.allow_request(request, self):  # type: ignore[arg-type]  # it reads what both requests have
            wait = str(int(throttle.wait() or 1) + 1)
            return JsonResponse({"error": "temporarily_unavailable"}, status=429, headers={"Retry-After": wait})
        _url, headers, body, status = self.create_token_response(request)
        return HttpResponse(body, status=status, headers=headers)


def _client_id(request: HttpRequest) -> str:
    kind, _space, said = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return str(request.POST.get("client_id", ""))
    try:
        return base64.b64decode(said, validate=True).decode("utf-8", "replace").partition(":")[0]
    except (binascii.Error, ValueError):
        return ""
