"""Who gets through the vault's door. To everyone else its pages do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from directory.models import User
from directory.roles import HANDLERS, IN_VAULT
from psea.session import OpenVault, opened_vault

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
OpenView = Callable[Concatenate[HttpRequest, OpenVault, P], HttpResponse]


def user_of(request: HttpRequest) -> User:
    """The person who asks. Raises Http404 for whoever has no role in the vault."""
    user = cast(User, request.user)
    if not user.has_role(*IN_VAULT):
        raise Http404
    return user


def vault_role(view: View[P]) -> View[P]:
    """For people of the vault, open or locked."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user_of(request)
        return view(request, *args, **kwargs)

    return guarded


def vault_open(view: OpenView[P]) -> View[P]:
    """For people of the vault who have opened it; the others are asked for their passphrase first."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user_of(request)
        vault = opened_vault(request)
        if vault is None:
            wanted = request.path if request.method == "GET" else reverse("psea:cases")
            return redirect(f"{reverse('psea:locked')}?{urlencode({'next': wanted})}")
        return view(request, vault, *args, **kwargs)

    return guarded


def vault_page(
    request: HttpRequest, vault: OpenVault, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the open vault: until when it is open, and how to lock it."""
    around = {
        "vault_open_until": vault.until,
        "vault_lock_url": reverse("psea:lock"),
        "is_handler": user_of(request).has_role(*HANDLERS),
    }
    return render(request, template, context | around, status=status)
