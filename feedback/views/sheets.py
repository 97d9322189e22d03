"""Taking in a CSV or XLSX file: upload, look at it, confirm its columns, follow its progress."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.flash import flash
from core.sheet_acts import discard
from core.transitions import Refused
from directory.requests import StaffRequest
from directory.roles import Role
from feedback.actions.sheets import confirm_sheet, problems_of, table_of, upload_sheet
from feedback.forms.sheets import SheetColumnsForm, UploadForm
from feedback.models import Sheet
from feedback.sheet_columns import Column, is_from_a_survey_tool
from feedback.sheet_rows import Wrong
from feedback.views.roles import for_roles

FORM_METHODS = ["GET", "HEAD", "POST"]
ROWS_SHOWN, PROBLEMS_SHOWN = 5, 50


@require_http_methods(FORM_METHODS)
@for_roles(Role.OPERATOR)
def upload(request: StaffRequest) -> HttpResponse:
    """One's own files, and the form for another."""
    form = UploadForm(request.POST or None, request.FILES or None) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            sheet = upload_sheet(data["file"], form.usual(), once=data["once"], by=request.user)
        except Refused as error:
            form.add_error("file", str(error.reason))
        else:
            return redirect("feedback:sheet", sheet.pk)
    found = Sheet.objects.visible_to(request.user)[:20]
    return render(
        request, "feedback/staff/sheets.html", {"form": form, "sheets": found}, status=422 if form.is_bound else 200
    )


@require_http_methods(FORM_METHODS)
@for_roles(Role.OPERATOR)
def sheet(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Before it starts: what it holds, column by column. Then how far it is, and what could not be taken in."""
    row = get_object_or_404(Sheet.objects.visible_to(request.user), pk=pk)
    then = request.POST.get("then", "")
    if then == "discard":
        return _discarded(request, row)
    if row.confirmed_at is not None:
        return _progress(request, row)
    table = table_of(row)
    form = SheetColumnsForm(request.POST or None, headers=table.headers, columns=row.columns)
    if form.is_bound and form.is_valid():
        try:
            row = confirm_sheet(row.pk, form.columns(), starts=then == "start", by=request.user)
        except Refused as error:
            form.add_error(Column.WORDS.value, str(error.reason))
        else:
            return redirect("feedback:sheet", row.pk)
    return _preview(request, row, form)


def _preview(request: StaffRequest, row: Sheet, form: SheetColumnsForm) -> HttpResponse:
    table = table_of(row)
    columns = [(Column(name), place) for name, place in row.columns.items()]
    problems = problems_of(row)
    context = {
        "sheet": row,
        "form": form,
        "heads": [column.label for column, _place in columns],
        "rows": [[line[place] for _column, place in columns] for line in table.rows[:ROWS_SHOWN]],
        "problems": [(line, code.label) for line, code in problems[:PROBLEMS_SHOWN]],
        "problem_count": len(problems),
        "good_count": row.row_count - len(problems),
        "is_from_a_survey_tool": is_from_a_survey_tool(table.headers),
    }
    return render(request, "feedback/staff/sheet.html", context, status=422 if form.errors else 200)


def _progress(request: StaffRequest, row: Sheet) -> HttpResponse:
    refused = [(line, Wrong(code).label) for line, code in row.refused]
    context = {"sheet": row, "refused": refused}
    name = "_sheet_progress.html" if request.headers.get("HX-Request") else "sheet_progress.html"
    return render(request, f"feedback/staff/{name}", context)


def _discarded(request: StaffRequest, row: Sheet) -> HttpResponse:
    try:
        discard(Sheet.objects.visible_to(request.user), row.pk, by=request.user)
        flash(request, _("Fichier effacé : il n’en reste rien."))
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    return redirect("feedback:sheets")
