from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from core.pages import page_of
from core.replica import from_replica
from directory.requests import StaffRequest
from workplan.dashboard import answers, panels, places
from workplan.dashboard.asked import DashboardFilters
from workplan.dashboard.collected import by_others
from workplan.dashboard.counted import counted_cases
from workplan.dashboard.figures import TOP_LINE, top_line
from workplan.measures import silent_groups


@gzip_page
@require_safe
@from_replica
def dashboard(request: StaffRequest) -> HttpResponse:
    """What people said, what became of it, how soon; collective figures, small numbers withheld."""
    filters = DashboardFilters(request.GET)
    asked = filters.asked()
    shown = [
        panels.volume(asked),
        panels.to_settled(asked),
        answers.by_month(asked),
        answers.time_taken(asked),
        *places.by_place(asked),
        panels.by_category(asked),
        panels.refusals(asked),
        panels.agency(asked, request.user),
        places.category_by_region(asked),
    ]
    context = {
        "filters": filters,
        "asked": asked,
        "figures": top_line(asked),
        "panels": [panel for panel in shown if panel is not None],
        "others": by_others(asked, request.user),
        "query": filters.query(),
    }
    return render(request, "workplan/dashboard.html", context)


@require_safe
@from_replica
def lineage(request: StaffRequest) -> HttpResponse:
    """What one figure of the top line means, and the counted cases that the reader may open."""
    filters = DashboardFilters(request.GET)
    asked = filters.asked()
    key = request.GET.get("figure", "")
    if key not in TOP_LINE:
        raise Http404
    figure = next(figure for figure in top_line(asked) if figure.key == key)
    counted = None if figure.withheld else counted_cases(key, asked, request.user)
    context = {
        "asked": asked,
        "figure": figure,
        "silent": silent_groups(asked.period, asked.over) if key == "silent" else [],
        "counted": counted,
        "page": page_of(counted.cases, request) if counted else None,
        "query": filters.query(),
    }
    return render(request, "workplan/figure.html", context)
