"""Settings: what lets another organisation's system speak to the API: tokens, and clients that fetch their own."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.flash import flash
from directory.credentials import ApiScope, create_client, issue, living_clients, revoke, revoke_client
from directory.forms.directory import ClientForm, TokenForm
from directory.models import ApiClient, ApiToken
from directory.permissions import organisations_kept_by
from directory.requests import StaffRequest
from directory.roles import Role
from directory.views.settings import FORM_METHODS, only_for


@require_http_methods(FORM_METHODS)
def tokens(request: StaffRequest) -> HttpResponse:
    """Credentials of other systems; a fresh one is shown once, on the answer to the form."""
    only_for(request, Role.ADMINISTRATOR)
    form, raw = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        _token, raw = issue(said["organisation"], said["name"], said["scopes"], by=request.user)
        form = TokenForm()
    rows = ApiToken.objects.filter(revoked_at=None, client=None).select_related("organisation")
    tokens = [(row, rights_of(row.scopes)) for row in rows]
    return render(request, "directory/tokens.html", {"form": form, "raw": raw, "tokens": tokens})


@require_POST
def token_revoke(request: StaffRequest, pk: int) -> HttpResponse:
    only_for(request, Role.ADMINISTRATOR)
    revoke(get_object_or_404(ApiToken, pk=pk, revoked_at=None, client=None), by=request.user)
    flash(request, _("Ce jeton n'ouvre plus rien."))
    return redirect("directory:tokens")


@require_http_methods(FORM_METHODS)
def clients(request: StaffRequest) -> HttpResponse:
    """Clients of the organisations that the reader keeps; a fresh secret is shown once, on the answer to the form."""
    kept = organisations_kept_by(request.user).filter(is_active=True)
    if not kept.exists():
        raise Http404
    form, fresh, secret = ClientForm(request.POST or None, organisations=kept), None, ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        fresh, secret = create_client(said["organisation"], said["name"], said["scopes"], by=request.user)
        form = ClientForm(organisations=kept)
    rows = [(row, rights_of(row.scopes)) for row in _clients_of(request)]
    context = {"form": form, "fresh": fresh, "secret": secret, "clients": rows}
    return render(request, "directory/clients.html", context)


@require_POST
def client_revoke(request: StaffRequest, pk: int) -> HttpResponse:
    revoke_client(get_object_or_404(_clients_of(request), pk=pk), by=request.user)
    flash(request, _("Ce client n’ouvre plus rien, ni les jetons qu’il avait."))
    return redirect("directory:clients")


def rights_of(scopes: list[str]) -> str:
    """The scopes of a credential, in words."""
    return ", ".join(str(ApiScope(scope).label) for scope in scopes)


def _clients_of(request: StaffRequest) -> QuerySet[ApiClient]:
    rows = living_clients().filter(organisation__in=organisations_kept_by(request.user))
    return rows.select_related("organisation", "application")
