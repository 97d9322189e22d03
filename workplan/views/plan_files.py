"""A plan from a file, and a plan as a file."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.flash import flash
from core.sheet_acts import discard
from core.sheet_writing import CSV, XLSX, download
from core.transitions import Refused
from directory.requests import StaffRequest
from workplan.actions.plan_files import (
    Looked,
    confirm_reading,
    facts_of,
    looked_at,
    table_of,
    take_plan,
    upload_plan,
)
from workplan.document.comparing import Difference
from workplan.document.kinds import KINDS
from workplan.document.paper import paper_of
from workplan.document.showing import FieldChange, fields_changed
from workplan.document.word_writing import as_word
from workplan.document.writing import as_spreadsheet, as_table, as_yaml
from workplan.forms.plan_files import PlanUploadForm, reading_form
from workplan.forms.plan_words import ReasonForm
from workplan.models import Plan, PlanFile
from workplan.plans import asked_day, asked_plan
from workplan.public_words import SaysTooMuch
from workplan.querysets import imports_plans

FORM_METHODS = ["GET", "HEAD", "POST"]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ROWS_SHOWN, PROBLEMS_SHOWN, CHANGES_SHOWN = 5, 50, 60


@require_safe
def plan_as_file(request: StaffRequest, form: str) -> HttpResponse:
    """The plan, or with `?le=` as it was that day, in a file that this platform reads back."""
    plan, day = asked_plan(request), asked_day(request)
    paper = paper_of(plan, day)
    name = f"plan-{plan.pk}{f'-{day:%Y-%m-%d}' if day else ''}.{form}"
    if form == "docx":
        return download(as_word(paper), DOCX, name)
    if form == "xlsx":
        return download(as_spreadsheet(paper.plan), XLSX, name)
    if form == "csv":
        return download(as_table(paper.plan), CSV, name)
    return download(as_yaml(paper.plan, is_invented=plan.is_invented), "application/yaml", name)


@require_http_methods(FORM_METHODS)
def upload(request: StaffRequest) -> HttpResponse:
    """Give the file of a plan."""
    if not imports_plans(request.user, Plan.objects.all()):
        raise Http404
    form = PlanUploadForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        try:
            row = upload_plan(form.cleaned_data["file"], once=form.cleaned_data["once"], by=request.user)
        except Refused as refused:
            form.add_error("file", str(refused.reason))
        else:
            return redirect("workplan:plan_file", row.pk)
    return render(request, "workplan/plan_upload.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(FORM_METHODS)
def plan_file(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Where the file of a plan stands: what it would do, and its columns and facts to confirm."""
    row = get_object_or_404(PlanFile.objects.visible_to(request.user).select_related("plan"), pk=pk)
    acts = {"check": _check, "take": _take, "discard": _discard}
    then = request.POST.get("then", "")
    if request.method == "POST" and then in acts and row.finished_at is None:
        return acts[then](request, row)
    return _shown(request, row)


def _check(request: StaffRequest, row: PlanFile) -> HttpResponse:
    form = _form(row, request.POST)
    if form.is_valid():
        try:
            confirm_reading(row.pk, form.columns(), form.facts(), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            return redirect("workplan:plan_file", row.pk)
    return _shown(request, row, form=form, status=422)


def _take(request: StaffRequest, row: PlanFile) -> HttpResponse:
    reason = ReasonForm(request.POST)
    if reason.is_valid():
        try:
            taken = take_plan(row.pk, **reason.cleaned_data, by=request.user)
        except Refused as refused:
            reason.asks_about_nobody = isinstance(refused, SaysTooMuch)
            reason.add_error(None, str(refused.reason))
        else:
            flash(request, _("Le plan est repris ; son historique dit d’où vient chaque changement."))
            code = taken.plan.code if taken.plan else ""
            return redirect(f"{reverse('workplan:plan')}?{urlencode({'plan': code})}")
    return _shown(request, row, reason=reason, status=422)


def _discard(request: StaffRequest, row: PlanFile) -> HttpResponse:
    discard(PlanFile.objects.visible_to(request.user), row.pk, by=request.user)
    flash(request, _("Fichier effacé : il n’en reste rien."))
    return redirect("workplan:plan")


def _form(row: PlanFile, data: Any = None) -> Any:
    headers = [] if row.is_yaml else table_of(row).headers
    return reading_form(headers, row.columns)(data, headers=headers, columns=row.columns, facts=facts_of(row))


def _shown(
    request: StaffRequest, row: PlanFile, *, form: Any = None, reason: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    if row.finished_at is not None:
        return render(request, "workplan/plan_file.html", {"file": row, "form": None})
    whole = None if row.is_yaml else table_of(row)
    looked = looked_at(row)
    context = {
        "file": row,
        "form": form or _form(row),
        "reason": reason or ReasonForm(),
        "looked": looked,
        "problems": looked.problems[:PROBLEMS_SHOWN],
        "counts": _counts(looked),
        "changes": [_in_words(one) for one in looked.comparison.changed[:CHANGES_SHOWN]],
        "heads": whole.headers if whole else [],
        "rows": whole.rows[:ROWS_SHOWN] if whole else [],
    }
    return render(request, "workplan/plan_file.html", context, status=status)


def _counts(looked: Looked) -> list[tuple[str, int]]:
    found = looked.comparison
    return [
        (_("nouveaux éléments"), len(found.new)),
        (_("éléments changés"), len(found.changed)),
        (_("inchangés"), found.same),
        (_("pas dans le fichier : ils restent"), len(found.absent)),
    ]


def _in_words(one: Difference) -> tuple[str, list[FieldChange]]:
    kind = KINDS[one.element.kind]
    return f"{kind.label} {one.element.number}", fields_changed(one.element.kind, one.before, one.after)
