"""The filters that somebody keeps under a name: kept from the list itself; renamed, opened on, dropped here."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.flash import flash
from core.transitions import Refused
from directory.requests import StaffRequest
from directory.roles import RESTRICTED_ROLES, Role
from feedback.views.roles import for_roles
from referrals.actions import saved_filters as actions
from referrals.enums import FilteredList
from referrals.forms.lists import KeepFilterForm, RenameFilterForm
from referrals.models import SavedFilter
from referrals.shelf import PAGES, query_of

READERS = (Role.OPERATOR, Role.FOCAL_POINT, *RESTRICTED_ROLES.values())


@require_http_methods(["GET", "POST"])
@for_roles(*READERS)
def filters(request: StaffRequest) -> HttpResponse:
    """All of theirs; sent a name and what is on screen, it keeps that and goes back to the list."""
    form = KeepFilterForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        which = FilteredList(form.cleaned_data["list"])
        query = query_of(which, QueryDict(form.cleaned_data["query"]).dict())
        try:
            actions.keep_filter(which, name=form.cleaned_data["name"], query=query, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            flash(request, _("Filtre gardé : il est au-dessus de la liste."))
            return redirect(f"{reverse(PAGES[which])}?{query}")
    return _page(request, keep=form)


@require_POST
@for_roles(*READERS)
def change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """One act on one filter, by the button that was pressed."""
    row = get_object_or_404(SavedFilter, pk=pk, owner=request.user)
    act = request.POST.get("act")
    if act == "rename":
        form = RenameFilterForm(request.POST, prefix=str(row.pk))
        if not form.is_valid():
            return _page(request, typed={row.pk: form})
        actions.rename_filter(row.pk, name=form.cleaned_data["name"], by=request.user)
        flash(request, _("Le filtre porte son nouveau nom."))
    elif act in ("first", "not-first"):
        actions.open_on_filter(row.pk, is_first=act == "first", by=request.user)
        flash(
            request,
            _("La liste s’ouvre désormais sur ce filtre.") if act == "first" else _("La liste s’ouvre sur tout."),
        )
    elif act == "drop":
        actions.drop_filter(row.pk, by=request.user)
        flash(request, _("Filtre effacé. Rien d’autre ne change."))
    return redirect("referrals:filters")


def _page(
    request: StaffRequest, *, keep: KeepFilterForm | None = None, typed: dict[Any, RenameFilterForm] | None = None
) -> HttpResponse:
    """`keep`, `typed`: forms that came back with something to mend."""
    came_back = typed or {}
    rows = SavedFilter.objects.filter(owner=request.user).order_by("list", "-is_first", "created_at")
    shown = [
        {
            "row": row,
            "name": row.unsealed("name"),
            "address": f"{reverse(PAGES[FilteredList(row.list)])}?{row.unsealed('query')}",
            "form": came_back.get(row.pk)
            or RenameFilterForm(initial={"name": row.unsealed("name")}, prefix=str(row.pk)),
        }
        for row in rows
    ]
    wrong = keep is not None or bool(came_back)
    return render(request, "referrals/filters.html", {"shown": shown, "keep": keep}, status=422 if wrong else 200)
