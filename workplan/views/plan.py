from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from directory.requests import StaffRequest
from workplan.forms.plan import PlanFilters
from workplan.models import Indicator, Plan
from workplan.owing import by_lead, indicators_owed, of_person, owed
from workplan.plans import asked_plan
from workplan.tables import count_rows, plan_rows


@gzip_page
@require_safe
def plan(request: StaffRequest) -> HttpResponse:
    """The plan as people know the document."""
    if not Plan.objects.exists():
        return render(request, "workplan/no_plan.html")
    shown = asked_plan(request)
    filters = PlanFilters(request.GET or {"plan": shown.code}, plan=shown)
    axes = plan_rows(shown, request.user, filters.chosen())
    missing = owed(indicators_owed([shown]))
    context = {
        "plan": shown,
        "plans": Plan.objects.order_by("-code"),
        "axes": axes,
        "filters": filters,
        "mine": of_person(missing, request.user),
        "leads": by_lead(missing),
        "count": count_rows(axes),
        "can_report": Indicator.objects.reported_by(request.user).exists(),
        "can_verify": Indicator.objects.verified_by(request.user).exists(),
    }
    return render(request, "workplan/plan.html", context)
