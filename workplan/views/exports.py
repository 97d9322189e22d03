"""Values and figures as files for other programs: verified or published, small numbers withheld as on the pages."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.sheet_writing import CSV, XLSX, Cell, as_csv, as_workbook, download
from directory.requests import StaffRequest
from workplan.dashboard.asked import DashboardFilters
from workplan.dashboard.panel import Panel
from workplan.dashboard.reads import read_at_once
from workplan.dashboard.shown import panels_of
from workplan.plans import asked_plan
from workplan.value_table import values_csv, values_workbook

DELIMITERS = {"virgule": ",", "tabulation": "\t"}


@require_safe
def values(request: StaffRequest, form: str) -> HttpResponse:
    """The plan's values. A CSV is as a French Excel opens it; `?separateur=virgule`, `?marque=non`, `?hxl=oui`."""
    plan = asked_plan(request)
    name = f"valeurs-{plan.pk}.{form}"
    if form == "xlsx":
        return download(values_workbook(plan), XLSX, name)
    delimiter, is_marked = _as_asked(request)
    has_tags = request.GET.get("hxl") == "oui"
    return download(values_csv(plan, delimiter=delimiter, is_marked=is_marked, has_tags=has_tags), CSV, name)


@require_safe
def figures(request: StaffRequest, form: str) -> HttpResponse:
    """Every table of the dashboard, with its filters: one line a cell, places by their P-codes."""
    asked = DashboardFilters(request.GET).asked()
    headings = [_("Tableau"), _("P-code"), _("Ligne"), _("Colonne"), _("Valeur")]
    with read_at_once(asked):
        rows = [row for panel in panels_of(asked, request.user) for row in _rows(panel)]
    name = f"tableau-de-bord-{asked.quarter.code}.{form}"
    if form == "xlsx":
        return download(as_workbook(headings, rows), XLSX, name)
    delimiter, is_marked = _as_asked(request)
    return download(as_csv(headings, rows, delimiter=delimiter, is_marked=is_marked), CSV, name)


def _as_asked(request: StaffRequest) -> tuple[str, bool]:
    """What stands between cells, and whether the mark by which Excel knows UTF-8 comes first."""
    return DELIMITERS.get(request.GET.get("separateur", ""), ";"), request.GET.get("marque") != "non"


def _rows(panel: Panel) -> Iterator[list[Cell]]:
    for code, name, cells in panel.lines():
        for heading, cell in zip(panel.headings[1:], cells, strict=True):
            yield [panel.title, code, name, heading, cell]
