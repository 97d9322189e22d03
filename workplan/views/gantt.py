from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from core.periods import Quarter
from core.replica import from_replica
from directory.requests import StaffRequest
from workplan.forms.plan import PlanFilters
from workplan.gantt import bars
from workplan.models import Plan
from workplan.plans import asked_plan, quarters_of
from workplan.tables import plan_rows


@gzip_page
@require_safe
@from_replica
def gantt(request: StaffRequest) -> HttpResponse:
    """The plan as bars over its quarters, with the filters of the plan's table."""
    plan = asked_plan(request)
    filters = PlanFilters(request.GET or {"plan": plan.code}, plan=plan)
    context = {
        "plan": plan,
        "plans": Plan.objects.order_by("-code"),
        "filters": filters,
        "axes": bars(plan_rows(plan, request.user, filters.chosen())),
        "quarters": quarters_of(plan),
        "now": Quarter.current(),
    }
    return render(request, "workplan/gantt.html", context)
