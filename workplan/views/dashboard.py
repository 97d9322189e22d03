from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from core.replica import from_replica
from directory.requests import StaffRequest
from directory.roles import Role
from workplan.asked_of_cases import in_words
from workplan.dashboard.asked import DashboardFilters
from workplan.dashboard.collected import by_others
from workplan.dashboard.counted import counted_cases
from workplan.dashboard.figures import FIGURES, figure_of, top_line
from workplan.dashboard.reads import read_at_once
from workplan.dashboard.shown import panels_of
from workplan.measures import silent_groups


@gzip_page
@require_safe
@from_replica
def dashboard(request: StaffRequest) -> HttpResponse:
    """What people said, what became of it, how soon; collective figures, small numbers withheld."""
    filters = DashboardFilters(request.GET)
    asked = filters.asked()
    with read_at_once(asked):
        context = {
            "filters": filters,
            "asked": asked,
            "figures": top_line(asked),
            "panels": panels_of(asked, request.user),
            "others": by_others(asked, request.user),
            "query": filters.query(),
            "sees_signals": request.user.has_role(Role.WORKING_GROUP),
        }
    return render(request, "workplan/dashboard.html", context)


@require_safe
@from_replica
def lineage(request: StaffRequest) -> HttpResponse:
    """What one figure means, and the counted cases that the reader may open."""
    filters = DashboardFilters(request.GET)
    asked = filters.asked()
    key = request.GET.get("figure", "")
    if key not in FIGURES:
        raise Http404
    figure = figure_of(key, asked)
    counted = None if figure.withheld else counted_cases(key, asked, request.user)
    context = {
        "asked": asked,
        "asked_in_words": in_words(asked.about.asked),
        "figure": figure,
        "silent": silent_groups(asked.period, asked.over) if key == "silent" else [],
        "counted": counted,
        "page": counted.page(request) if counted else None,
        "query": filters.query(),
    }
    return render(request, "workplan/figure.html", context)
