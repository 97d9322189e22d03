from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory.requests import StaffRequest
from workplan.models import Plan
from workplan.plans import asked_plan, asked_quarter, quarters_of
from workplan.reviews import review as reviewed


@require_safe
def review(request: StaffRequest) -> HttpResponse:
    """For the meeting: what moved, what is late."""
    plan = asked_plan(request)
    quarter = asked_quarter(request, plan)
    context = {
        "plan": plan,
        "plans": Plan.objects.order_by("-code"),
        "quarter": quarter,
        "quarters": quarters_of(plan),
        "review": reviewed(plan, quarter, request.user),
    }
    return render(request, "workplan/review.html", context)
