"""Who gets through the vault's door. To everyone else its pages do not exist."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.flash import flash
from directory.models import User
from directory.roles import HANDLERS, HOLDS_KEY, IN_VAULT, Role
from psea.actions.drafts import keep_draft
from psea.session import OpenVault, opened_vault

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
OpenView = Callable[Concatenate[HttpRequest, OpenVault, P], HttpResponse]


def user_of(request: HttpRequest, roles: Collection[Role] = IN_VAULT) -> User:
    """The person who asks. Raises Http404 for whoever has none of these roles, of the vault unless others are named."""
    user = cast(User, request.user)
    if not user.has_role(*roles):
        raise Http404
    return user


def first_page(user: User) -> str:
    """Where somebody goes once their vault is open."""
    return reverse("psea:cases" if user.has_role(*IN_VAULT) else "psea:recoveries")


def key_role(view: View[P]) -> View[P]:
    """For whoever holds a key, custodians too, open or locked."""
    return _for(HOLDS_KEY, view)


def vault_role(view: View[P]) -> View[P]:
    """For people of the vault, open or locked."""
    return _for(IN_VAULT, view)


def vault_open(view: OpenView[P]) -> View[P]:
    """For people of the vault who have opened it; the others are asked for their passphrase first."""
    return _open_for(IN_VAULT, view)


def key_open(view: OpenView[P]) -> View[P]:
    """As `vault_open`, for custodians of the recovery key too."""
    return _open_for(HOLDS_KEY, view)


def vault_fresh(view: OpenView[P]) -> View[P]:
    """As `vault_open`, for what leaves the vault: the passphrase must have been typed within the last minutes."""
    return _open_for(IN_VAULT, view, is_fresh=True)


def ask_passphrase(request: HttpRequest, user: User) -> HttpResponse:
    """To the locked page, and back here after it. What was being sent is kept, sealed to its author."""
    if request.method == "POST" and keep_draft(path=request.path, fields=dict(request.POST.lists()), by=user):
        flash(request, _("Le coffre s’était refermé. Votre saisie est gardée, scellée pour vous."), tone="info")
    wanted = request.path if request.method == "GET" else first_page(user)
    return redirect(f"{reverse('psea:locked')}?{urlencode({'next': wanted})}")


def vault_page(
    request: HttpRequest, vault: OpenVault, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the open vault: until when it is open, and how to lock it."""
    around = {
        "vault_open_until": vault.until,
        "vault_lock_url": reverse("psea:lock"),
        "vault_idle_minutes": settings.VAULT_OPEN_MINUTES,
    }
    return render(request, template, context | around | menu_of(user_of(request, HOLDS_KEY)), status=status)


def menu_of(user: User) -> dict[str, Any]:
    """What the links between the vault's pages depend on."""
    return {"is_in_vault": user.has_role(*IN_VAULT), "is_handler": user.has_role(*HANDLERS)}


def _for(roles: Collection[Role], view: View[P]) -> View[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user_of(request, roles)
        return view(request, *args, **kwargs)

    return guarded


def _open_for(roles: Collection[Role], view: OpenView[P], *, is_fresh: bool = False) -> View[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = user_of(request, roles)
        vault = opened_vault(request)
        if vault is None or (is_fresh and not vault.is_fresh):
            return ask_passphrase(request, user)
        return view(request, vault, *args, **kwargs)

    return guarded
