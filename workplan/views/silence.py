"""Who does not speak, and the reference figures that tell."""

from __future__ import annotations

from itertools import groupby

from django.conf import settings
from django.http import HttpResponse
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
from workplan.actions.reference import keep_reference
from workplan.dashboard.months import year_to
from workplan.forms.silence import FileForm, PlaceFiguresForm, SilenceFilters, SourceForm
from workplan.models import ReferenceFigure
from workplan.reference_file import Figure, Unreadable, figures_in
from workplan.silence import group_headings, silence

FORM_METHODS = ["GET", "HEAD", "POST"]


@gzip_page
@require_safe
@from_replica
def silent(request: StaffRequest) -> HttpResponse:
    filters = SilenceFilters(request.GET)
    quarter, basis = filters.quarter(), filters.basis()
    found = silence(quarter, basis)
    sources = ReferenceFigure.objects.filter(basis=basis).order_by("-as_of", "source")
    context = {
        "filters": filters,
        "found": found,
        "basis": basis,
        "period": year_to(quarter),
        "last_day": quarter.last_day,
        "share": settings.SILENT_BELOW_PERCENT,
        "headings": group_headings(),
        "sources": sources.values_list("source", "as_of").distinct()[:5],
        "may_keep": request.user.has_role(Role.WORKING_GROUP),
    }
    return render(request, "workplan/silence.html", context)


@require_http_methods(FORM_METHODS)
@for_roles(Role.WORKING_GROUP)
def reference(request: StaffRequest) -> HttpResponse:
    """One place at a time."""
    form = PlaceFiguresForm(request.POST or None)
    if form.is_bound and form.is_valid() and _kept(request, form, form.figures()):
        return redirect("workplan:reference")
    return _page(request, form, FileForm(prefix="file"), status=422 if form.is_bound else 200)


@require_http_methods(FORM_METHODS)
@for_roles(Role.WORKING_GROUP)
def reference_file(request: StaffRequest) -> HttpResponse:
    """All of a file, or nothing of it."""
    if request.method != "POST":
        return redirect("workplan:reference")
    form = FileForm(request.POST, request.FILES, prefix="file")
    if form.is_valid():
        try:
            figures = figures_in(form.data_read())
        except Unreadable as error:
            for sentence in error.sentences:
                form.add_error("file", sentence)
        else:
            if _kept(request, form, figures):
                return redirect("workplan:reference")
    return _page(request, PlaceFiguresForm(), form, status=422)


def _kept(request: StaffRequest, form: SourceForm, figures: list[Figure]) -> bool:
    said = form.cleaned_data
    try:
        count = keep_reference(
            figures, basis=said["basis"], source=said["source"], as_of=said["as_of"], by=request.user
        )
    except Refused as refusal:
        form.add_error(None, str(refusal.reason))
        return False
    words = ngettext("%(count)s chiffre enregistré.", "%(count)s chiffres enregistrés.", count)
    flash(request, words % {"count": count})
    return True


def _page(request: StaffRequest, form: PlaceFiguresForm, file: FileForm, *, status: int) -> HttpResponse:
    rows = ReferenceFigure.objects.select_related("place", "entered_by").order_by(
        "basis", "place__pcode", "-as_of", "sex", "age_group"
    )
    groups = [
        list(same) for _key, same in groupby(rows, key=lambda row: (row.basis, row.place_id, row.as_of, row.source))
    ]
    known = [(same[0], len(same)) for same in groups]
    return render(request, "workplan/reference.html", {"form": form, "file": file, "known": known}, status=status)
