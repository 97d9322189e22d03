"""The guided tour and the telephone. Installed in a demonstration only, and open to everyone on this machine."""

from __future__ import annotations

import time
from itertools import groupby
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import public
from demo.accounts import PASSWORD, Account, Register, read_register
from demo.forms import MessageForm, NumberForm
from demo.phone import COOKIE, NUMBERS, Phone, is_answered_here
from demo.suggestions import suggestions
from demo.tour import STEPS
from directory.roles import DESCRIPTIONS, Role

TOTP_SECONDS = 30
KEPT_SECONDS = 7 * 24 * 3600


@public
@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    """The accounts by role, with what opens them now, and the story in eight steps."""
    register = read_register() or Register()
    context = {
        "groups": _by_role(register),
        "tokens": register.api_tokens,
        "password": PASSWORD,
        "steps": [step.shown(register) for step in STEPS],
        "seconds_left": TOTP_SECONDS - int(time.time()) % TOTP_SECONDS,
    }
    return render(request, "demo/tour.html", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """One telephone: its thread, and a field to write in."""
    held = Phone.from_cookie(request.COOKIES.get(COOKIE))
    if request.method == "POST":
        return _pressed(request, held)
    return _shown(request, held)


@public
@require_safe
def thread(request: HttpRequest) -> HttpResponse:
    """The thread alone, for the page that shows it anew every two seconds."""
    held = Phone.from_cookie(request.COOKIES.get(COOKIE))
    return render(request, "demo/thread.html", {"bubbles": held.thread()})


def _pressed(request: HttpRequest, held: Phone) -> HttpResponse:
    chosen, message = NumberForm(request.POST), MessageForm(request.POST)
    if "number" in request.POST:
        if not chosen.is_valid():
            return _shown(request, held, number_form=chosen)
        held.number = chosen.cleaned_data["number"]
    else:
        if not message.is_valid():
            return _shown(request, held, message_form=message)
        held.send(message.cleaned_data["text"], once=str(message.cleaned_data["once"]))
    response = redirect(reverse("demo:phone") + "#fil")
    response.set_cookie(
        COOKIE, held.to_cookie(), max_age=KEPT_SECONDS, path=reverse("demo:phone"), httponly=True, samesite="Lax"
    )
    return response


def _shown(request: HttpRequest, held: Phone, **forms: Any) -> HttpResponse:
    bubbles = held.thread()
    tries = suggestions(held.last_receipt)
    text = next((one.text for one in tries if one.code == request.GET.get("essai")), "")
    context = {
        "bubbles": bubbles,
        "phone_number": held.number,
        "numbers": NUMBERS,
        "tries": tries,
        "is_answered_here": is_answered_here(),
        "waits": bool(bubbles) and bubbles[-1].is_mine,
        "number_form": NumberForm(initial={"number": held.number}),
        "message_form": MessageForm(initial={"text": text}),
        **forms,
    }
    return render(request, "demo/phone.html", context)


def _by_role(register: Register) -> list[dict[str, Any]]:
    order = list(Role)
    accounts = sorted(register.accounts, key=lambda account: order.index(Role(account.role)))
    return [
        {"role": Role(role), "description": DESCRIPTIONS[Role(role)], "people": [_opened(one) for one in people]}
        for role, people in groupby(accounts, key=lambda account: account.role)
    ]


def _opened(account: Account) -> dict[str, Any]:
    return {"account": account, "code": one_time_code(account.totp_secret) if account.totp_secret else ""}


def one_time_code(secret: str) -> str:
    """The six digits that an authenticator with this secret shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // TOTP_SECONDS)))
