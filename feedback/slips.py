"""The slip on which a receipt number goes from the form to the page that shows it once: sealed, in the browser only."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from core.keyring import unwrap_online, wrap_online
from core.sealing import Context, SealBroken

COOKIE = "__Secure-recu" if settings.SESSION_COOKIE_SECURE else "recu"
SECONDS = 600
CONTEXT = Context("slip", "cookie", "number")


@dataclass(frozen=True)
class Slip:
    """A receipt number, and the code of a thread if one was asked for."""

    number: str
    code: str = ""


def hand_over(response: HttpResponse, slip: Slip, *, secure: bool) -> None:
    """Puts the slip in a cookie that only the receipt's address is sent, for ten minutes."""
    blob = base64.urlsafe_b64encode(wrap_online(json.dumps(asdict(slip)).encode(), CONTEXT)).decode()
    response.set_cookie(
        COOKIE, blob, max_age=SECONDS, path=reverse("feedback:receipt"), httponly=True, samesite="Strict", secure=secure
    )


def found_in(request: HttpRequest) -> Slip | None:
    """The slip this browser holds; None when it was shown already, is too old or is not ours."""
    try:
        blob = base64.urlsafe_b64decode(request.COOKIES.get(COOKIE, ""))
        return Slip(**json.loads(unwrap_online(blob, CONTEXT)))
    except (SealBroken, binascii.Error, ValueError):
        return None


def take_back(response: HttpResponse) -> None:
    """Shown once: the browser forgets it."""
    response.delete_cookie(COOKIE, path=reverse("feedback:receipt"), samesite="Strict")
