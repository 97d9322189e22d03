"""Taking in a 5W file: upload, columns, what a check found, organisations to match, progress, and what is absent."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core.flash import flash
from core.pages import page_of
from core.sheet_acts import discard
from core.sheet_writing import CSV, Cell, as_csv, download
from core.transitions import Refused
from directory.actions.intervention_files import (
    absent_from,
    check_file,
    confirm_file,
    is_newest,
    match_organisations,
    remove_absent,
    upload_file,
)
from directory.actions.intervention_pass import by_code, faults_of, head_of
from directory.fivew_columns import Column
from directory.fivew_faults import Wrong
from directory.forms.interventions import InterventionColumnsForm, InterventionFileForm, MatchingForm
from directory.models import InterventionFile
from directory.querysets import IMPORTING, may_import_for_all
from directory.requests import StaffRequest

FORM_METHODS = ["GET", "HEAD", "POST"]
FAULTS_SHOWN = 50


@require_http_methods(FORM_METHODS)
def files(request: StaffRequest) -> HttpResponse:
    """One's own files, and the form for another."""
    if not request.user.has_role(*IMPORTING):
        raise Http404
    form = InterventionFileForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            row = upload_file(data["file"], source_name=data["source_name"], once=data["once"], by=request.user)
        except Refused as error:
            form.add_error("file", str(error.reason))
        else:
            return redirect("directory:intervention-file", row.pk)
    context = {
        "form": form,
        "files": InterventionFile.objects.visible_to(request.user).defer("problems")[:20],
        "for_all": may_import_for_all(request.user),
    }
    return render(request, "directory/intervention_files.html", context, status=422 if form.is_bound else 200)


@require_http_methods(FORM_METHODS)
def file(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Where a file stands: its columns, what the check found, how far it is, what came of it."""
    row = _own(request, pk)
    acts = {"check": _check, "match": _match, "take": _take, "discard": _discard}
    then = request.POST.get("then", "")
    if request.method == "POST" and then in acts:
        return acts[then](request, row)
    return _shown(request, row)


@require_safe
def problems_csv(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Everything that was wrong, line by line, for whoever mends the spreadsheet."""
    row = _own(request, pk)
    headings = [_("Ligne"), _("Colonne"), _("Ce qui ne va pas"), _("Ce qui est écrit")]
    rows: list[list[Cell]] = [[one.line, *_in_words(one.column, one.code), one.cell] for one in faults_of(row)]
    return download(as_csv(headings, rows), CSV, "5W-erreurs.csv")


@require_http_methods(FORM_METHODS)
def absent(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """What earlier files of this source had and this one has not: shown, and removed only if somebody says so."""
    row = _own(request, pk)
    if not is_newest(row):
        raise Http404
    if request.method == "POST":
        count = remove_absent(row.pk, by=request.user)
        said = ngettext("%(n)s ligne retirée.", "%(n)s lignes retirées.", count) % {"n": count}
        flash(request, said)
        return redirect("directory:intervention-file", row.pk)
    rows = absent_from(row).select_related("organisation", "place__parent")
    return render(request, "directory/interventions_absent.html", {"file": row, "page": page_of(rows, request)})


def _own(request: StaffRequest, pk: uuid.UUID) -> InterventionFile:
    return get_object_or_404(InterventionFile.objects.visible_to(request.user).select_related("owner"), pk=pk)


def _check(request: StaffRequest, row: InterventionFile) -> HttpResponse:
    if row.confirmed_at is not None:
        return redirect("directory:intervention-file", row.pk)
    form = _columns_form(row, request.POST)
    if form.is_valid():
        try:
            check_file(row.pk, form.columns(), by=request.user)
        except Refused as error:
            form.add_error(None, str(error.reason))
        else:
            return redirect("directory:intervention-file", row.pk)
    return _shown(request, row, form=form, status=422)


def _match(request: StaffRequest, row: InterventionFile) -> HttpResponse:
    form = MatchingForm(request.POST, unknown=row.unknown)
    if not form.is_valid():
        return _shown(request, row, matching=form, status=422)
    return _done(request, row, lambda: match_organisations(row.pk, form.chosen(), by=request.user))


def _take(request: StaffRequest, row: InterventionFile) -> HttpResponse:
    return _done(request, row, lambda: confirm_file(row.pk, by=request.user))


def _discard(request: StaffRequest, row: InterventionFile) -> HttpResponse:
    try:
        discard(InterventionFile.objects.visible_to(request.user), row.pk, by=request.user)
    except Refused as error:
        flash(request, str(error.reason), tone="error")
        return redirect("directory:intervention-file", row.pk)
    flash(request, _("Fichier effacé : il n’en reste rien."))
    return redirect("directory:intervention-files")


def _done(request: StaffRequest, row: InterventionFile, act: Any) -> HttpResponse:
    try:
        act()
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    return redirect("directory:intervention-file", row.pk)


def _columns_form(row: InterventionFile, data: Any = None) -> InterventionColumnsForm:
    return InterventionColumnsForm(data, headers=head_of(row)[0], columns=row.columns)


def _shown(
    request: StaffRequest, row: InterventionFile, *, form: Any = None, matching: Any = None, status: int = 200
) -> HttpResponse:
    if row.is_at_work:
        name = "_intervention_progress.html" if request.headers.get("HX-Request") else "intervention_file.html"
        return render(request, f"directory/{name}", {"file": row})
    context = {"file": row} | _report(row)
    if row.confirmed_at is None:
        context |= _preview(row) | {"form": form or _columns_form(row)}
    if row.checked_at is not None and row.confirmed_at is None and row.unknown and may_import_for_all(request.user):
        context["matching"] = matching or MatchingForm(unknown=row.unknown)
    response = render(request, "directory/intervention_file.html", context, status=status)
    if request.headers.get("HX-Request"):
        response["HX-Refresh"] = "true"
    return response


def _preview(row: InterventionFile) -> dict[str, Any]:
    headers, sample = head_of(row)
    columns = [(Column(name), place) for name, place in row.columns.items()]
    cells = [[line[place] if place < len(line) else "" for _column, place in columns] for line in sample]
    unread = [head for place, head in enumerate(headers) if head and place not in row.columns.values()]
    return {"heads": [column.label for column, _place in columns], "rows": cells, "unread": unread}


def _report(row: InterventionFile) -> dict[str, Any]:
    if row.checked_at is None:
        return {}
    # organisations that nobody knows are listed by name, not line by line
    faults = [one for one in faults_of(row) if one.code != Wrong.ORGANISATION_UNKNOWN]
    return {
        "counts": row.counts,
        "taken": sum(row.counts.get(name, 0) for name in ("created", "changed", "same")),
        "codes": [(Wrong(code).label, count, is_notice) for code, count, is_notice in by_code(row.counts)],
        "faults": [(one.line, *_in_words(one.column, one.code), one.cell) for one in faults[:FAULTS_SHOWN]],
        "fault_count": sum(count for code, count, _notice in by_code(row.counts) if code != Wrong.ORGANISATION_UNKNOWN),
        "shows_absent": is_newest(row) and absent_from(row).exists(),
        "unknown_count": len(row.unknown),
    }


def _in_words(column: str, code: str) -> tuple[str, str]:
    return str(Column(column).label), str(Wrong(code).label)
