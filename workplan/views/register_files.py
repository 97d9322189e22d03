"""A table on its way into a register: given, its columns, what a check found, how far it is."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.flash import flash
from core.sheet_acts import discard
from core.sheet_writing import CSV, as_csv, download
from core.transitions import Refused
from directory.requests import StaffRequest
from workplan.actions.register_files import check_table, confirm_table, problems_of, table_of, upload_table
from workplan.enums import Came
from workplan.forms.registers import TableForm, columns_form
from workplan.models import Plan, RegisterFile
from workplan.plans import asked_plan
from workplan.registers.exporting import template
from workplan.registers.keepers import kept_by
from workplan.registers.kinds import REGISTERS, Register

FORM_METHODS = ["GET", "HEAD", "POST"]
ROWS_SHOWN, PROBLEMS_SHOWN = 5, 50


@require_http_methods(FORM_METHODS)
def table(request: StaffRequest, kind: str) -> HttpResponse:
    """Give a table: a file, or lines that are pasted."""
    register, plan = _kept(request, kind)
    form = TableForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        try:
            once = form.cleaned_data["once"]
            row = upload_table(form.content(), plan=plan, register=register, once=once, by=request.user)
        except Refused as refused:
            form.add_error("pasted" if form.cleaned_data["pasted"] else "file", str(refused.reason))
        else:
            return redirect("workplan:register_file", row.pk)
    context = {"plan": plan, "register": register, "form": form}
    return render(request, "workplan/register_table.html", context, status=422 if form.is_bound else 200)


@require_safe
def table_template(request: StaffRequest, kind: str) -> HttpResponse:
    """An empty table with the columns that are known by themselves."""
    register, _plan = _kept(request, kind)
    headings, rows = template(register)
    return download(as_csv(headings, rows), CSV, f"modele-{register.code}.csv")


@require_http_methods(FORM_METHODS)
def register_file(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Where a table stands."""
    row = get_object_or_404(RegisterFile.objects.visible_to(request.user).select_related("plan"), pk=pk)
    acts = {"check": _check, "take": _take, "discard": _discard}
    then = request.POST.get("then", "")
    if request.method == "POST" and then in acts:
        return acts[then](request, row)
    return _shown(request, row)


def _kept(request: StaffRequest, kind: str) -> tuple[Register, Plan]:
    register, plan = REGISTERS.get(kind), asked_plan(request)
    if register is None or register not in kept_by(plan, request.user):
        raise Http404
    return register, plan


def _check(request: StaffRequest, row: RegisterFile) -> HttpResponse:
    if row.confirmed_at is not None:
        return redirect("workplan:register_file", row.pk)
    form = columns_form(row.register)(request.POST, headers=table_of(row).headers, columns=row.columns)
    if form.is_valid():
        try:
            check_table(row.pk, form.columns(), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            return redirect("workplan:register_file", row.pk)
    return _shown(request, row, form=form, status=422)


def _take(request: StaffRequest, row: RegisterFile) -> HttpResponse:
    try:
        confirm_table(row.pk, by=request.user)
    except Refused as refused:
        flash(request, str(refused.reason), tone="error")
    return redirect("workplan:register_file", row.pk)


def _discard(request: StaffRequest, row: RegisterFile) -> HttpResponse:
    try:
        discard(RegisterFile.objects.visible_to(request.user), row.pk, by=request.user)
    except Refused as refused:
        flash(request, str(refused.reason), tone="error")
        return redirect("workplan:register_file", row.pk)
    flash(request, _("Tableau effacé : il n’en reste rien."))
    return redirect("workplan:register", row.kind)


def _shown(request: StaffRequest, row: RegisterFile, form: Any = None, status: int = 200) -> HttpResponse:
    can_change = row.confirmed_at is None and not row.is_at_work
    whole = table_of(row) if can_change else None
    if whole is not None and form is None:
        form = columns_form(row.register)(headers=whole.headers, columns=row.columns)
    problems = problems_of(row) if row.checked_at or row.finished_at else []
    context = {
        "file": row,
        "register": row.register,
        "form": form if can_change else None,
        "heads": whole.headers if whole else [],
        "rows": whole.rows[:ROWS_SHOWN] if whole else [],
        "counts": [(came.label, row.counts.get(came.value, 0)) for came in Came] if row.counts else [],
        "new_count": row.counts.get(Came.NEW, 0) + row.counts.get(Came.SAME, 0),
        "problems": problems[:PROBLEMS_SHOWN],
        "problem_count": len(problems),
    }
    return render(request, "workplan/register_file.html", context, status=status)
