"""The 5W: who does what where, as a list and as files out. What comes in: `intervention_files.py`."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.pages import page_of
from core.sheet_writing import CSV, XLSX, as_csv, as_workbook, download
from directory.fivew_export import HEADERS, exported
from directory.forms.interventions import InterventionFilter
from directory.models import Intervention
from directory.querysets import IMPORTING
from directory.requests import StaffRequest


@require_safe
def interventions(request: StaffRequest) -> HttpResponse:
    form = InterventionFilter(request.GET)
    rows = _found(request, form).select_related("organisation", "place__parent")
    context = {
        "filter_form": form,
        "page": page_of(rows, request, per_page=30),
        "may_import": request.user.has_role(*IMPORTING),
        "query": request.GET.urlencode(),
    }
    return render(request, "directory/interventions.html", context)


@require_safe
def interventions_csv(request: StaffRequest) -> HttpResponse:
    content = as_csv(HEADERS, exported(_found(request, InterventionFilter(request.GET))))
    return download(content, CSV, "5W.csv")


@require_safe
def interventions_xlsx(request: StaffRequest) -> HttpResponse:
    content = as_workbook(HEADERS, exported(_found(request, InterventionFilter(request.GET))))
    return download(content, XLSX, "5W.xlsx")


def _found(request: StaffRequest, form: InterventionFilter) -> QuerySet[Intervention]:
    return form.found(Intervention.objects.visible_to(request.user))
