"""Who does not speak, and the reference figures that tell."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from core.flash import flash
from core.replica import from_replica
from core.transitions import Refused
from directory.requests import StaffRequest
from directory.roles import Role
from feedback.views.roles import for_roles
from workplan.actions.reference import keep_reference, keep_shares
from workplan.dashboard.months import year_to
from workplan.enums import Part
from workplan.forms.silence import FileForm, PlaceFiguresForm, SharesForm, SilenceFilters, SourceForm
from workplan.models import ReferenceFigure, ReferenceShare
from workplan.reference_file import Unreadable, figures_in
from workplan.reference_shares import holds_shares, named, shares_in
from workplan.silence import group_headings, silence

FORM_METHODS = ["GET", "HEAD", "POST"]


@gzip_page
@require_safe
@from_replica
def silent(request: StaffRequest) -> HttpResponse:
    filters = SilenceFilters(request.GET)
    quarter, basis = filters.quarter(), filters.basis()
    found = silence(quarter, basis)
    counts, shares = (
        model.objects.filter(basis=basis).order_by().values_list("source", "as_of")
        for model in (ReferenceFigure, ReferenceShare)
    )
    context = {
        "filters": filters,
        "found": found,
        "basis": basis,
        "period": year_to(quarter),
        "last_day": quarter.last_day,
        "share": settings.SILENT_BELOW_PERCENT,
        "headings": group_headings(),
        "sources": counts.union(shares).order_by("-as_of", "source")[:5],
        "may_keep": request.user.has_role(Role.WORKING_GROUP),
    }
    return render(request, "workplan/silence.html", context)


@require_http_methods(FORM_METHODS)
@for_roles(Role.WORKING_GROUP)
def reference(request: StaffRequest) -> HttpResponse:
    """One place at a time."""
    form = PlaceFiguresForm(request.POST or None)
    if form.is_bound and form.is_valid() and _kept(request, form, keep_reference, form.figures()):
        return redirect("workplan:reference")
    return _page(request, place=form)


@require_http_methods(FORM_METHODS)
@for_roles(Role.WORKING_GROUP)
def reference_shares(request: StaffRequest, part: str) -> HttpResponse:
    """Languages, or channels, all at once. Anything else is a 404."""
    if part not in Part:
        raise Http404
    if request.method != "POST":
        return redirect("workplan:reference")
    form = SharesForm(Part(part), request.POST)
    if form.is_valid() and _kept(request, form, keep_shares, form.shares()):
        return redirect("workplan:reference")
    return _page(request, shares=form)


@require_http_methods(FORM_METHODS)
@for_roles(Role.WORKING_GROUP)
def reference_file(request: StaffRequest) -> HttpResponse:
    """All of a file, or nothing of it."""
    if request.method != "POST":
        return redirect("workplan:reference")
    form = FileForm(request.POST, request.FILES, prefix="file")
    if form.is_valid():
        data = form.data_read()
        try:
            done = (
                _kept(request, form, keep_shares, shares_in(data))
                if holds_shares(data)
                else _kept(request, form, keep_reference, figures_in(data))
            )
            if done:
                return redirect("workplan:reference")
        except Unreadable as error:
            for sentence in error.sentences:
                form.add_error("file", sentence)
    return _page(request, file=form)


def _kept(request: StaffRequest, form: SourceForm, keep: Callable[..., int], figures: list[Any]) -> bool:
    said = form.cleaned_data
    try:
        count = keep(figures, basis=said["basis"], source=said["source"], as_of=said["as_of"], by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal.reason))
        return False
    words = ngettext("%(count)s chiffre enregistré.", "%(count)s chiffres enregistrés.", count)
    flash(request, words % {"count": count})
    return True


def _page(
    request: StaffRequest,
    *,
    place: PlaceFiguresForm | None = None,
    file: FileForm | None = None,
    shares: SharesForm | None = None,
) -> HttpResponse:
    """The page with the form that was wrong, if one was; the others empty."""
    rows = ReferenceFigure.objects.select_related("place", "entered_by").order_by(
        "basis", "place__pcode", "-as_of", "sex", "age_group"
    )
    groups = [
        list(same) for _key, same in groupby(rows, key=lambda row: (row.basis, row.place_id, row.as_of, row.source))
    ]
    known = [(same[0], len(same)) for same in groups]
    context = {
        "form": place or PlaceFiguresForm(),
        "file": file or FileForm(prefix="file"),
        "shares": [shares if shares and shares.part == part else SharesForm(part) for part in Part],
        "known": known,
        "known_shares": _known_shares(),
    }
    wrong = any(form is not None and form.is_bound for form in (place, file, shares))
    return render(request, "workplan/reference.html", context, status=422 if wrong else 200)


def _known_shares() -> list[tuple[ReferenceShare, int, int]]:
    """One of each source and day, with how many shares it gives, and of how many."""
    rows = ReferenceShare.objects.select_related("entered_by").order_by("basis", "part", "-as_of", "source", "value")
    groups = [list(same) for _key, same in groupby(rows, key=lambda row: (row.basis, row.part, row.as_of, row.source))]
    return [(same[0], len(same), len(named(same[0].part))) for same in groups]
