from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory.requests import StaffRequest
from directory.roles import Role
from feedback.views.roles import for_roles
from workplan.dashboard.asked import DashboardFilters
from workplan.querysets import PLAN_KEEPERS
from workplan.signals import DEVIATIONS, MONTHS_BEFORE, ORGANISATIONS
from workplan.signals import signals as found_signals


@require_safe
@for_roles(Role.WORKING_GROUP)
def signals(request: StaffRequest) -> HttpResponse:
    """Where to look: what rose beyond what is usual, what several organisations hear of in one place."""
    filters = DashboardFilters(request.GET)
    filters.fields["period"].widget.attrs["class"] = "form-select"
    quarter = filters.asked().quarter
    context = {
        "quarter": quarter,
        "period": filters["period"],
        "found": found_signals(quarter),
        "months": MONTHS_BEFORE,
        "deviations": DEVIATIONS,
        "organisations": ORGANISATIONS,
        "may_propose": request.user.has_role(*PLAN_KEEPERS),
    }
    return render(request, "workplan/signals.html", context)
