"""The reporting sheet as a workbook: taken away, and brought back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from core.sheet_writing import XLSX, download
from core.transitions import Refused
from directory.requests import StaffRequest
from workplan.actions.offline_sheets import load_sheet
from workplan.enums import Loaded
from workplan.forms.offline import OfflineForm
from workplan.models import Indicator, Plan
from workplan.offline import workbook
from workplan.plans import asked_plan, asked_quarter, quarters_of
from workplan.sheets import sheet


@require_safe
def offline_sheet(request: StaffRequest) -> HttpResponse:
    """Everything that this person can report for one quarter, to fill offline."""
    plan = asked_plan(request)
    quarter = asked_quarter(request, plan)
    lines = sheet(plan, quarter, request.user)
    if not lines:
        raise Http404
    return download(workbook(plan, quarter, lines), XLSX, f"rapport-{plan.pk}-{quarter.code}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def offline(request: StaffRequest) -> HttpResponse:
    """Take the sheet away, or bring it back: what was saved, what is in conflict, what is wrong."""
    plan = asked_plan(request)
    if not Indicator.objects.reported_by(request.user).exists():
        raise Http404
    form = OfflineForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "loaded": None}
    if form.is_bound and form.is_valid():
        try:
            said = form.cleaned_data
            context["loaded"] = loaded = load_sheet(said["file"], submits=said["submits"], by=request.user)
            order = [Loaded.CONFLICT, Loaded.WRONG, Loaded.SAVED, Loaded.SUBMITTED, Loaded.SAME]
            context["lines"] = sorted(loaded.lines, key=lambda line: (order.index(line.became), line.number))
            plan = loaded.plan
        except Refused as refused:
            form.add_error("file", str(refused.reason))
    is_bad = form.is_bound and context["loaded"] is None
    quarter = context["loaded"].quarter if context["loaded"] else asked_quarter(request, plan)
    context |= {
        "plan": plan,
        "plans": Plan.objects.order_by("-code"),
        "quarter": quarter,
        "quarters": quarters_of(plan),
    }
    return render(request, "workplan/offline.html", context, status=422 if is_bad else 200)
