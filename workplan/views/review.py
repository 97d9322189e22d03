from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.periods import Period
from directory.requests import StaffRequest
from workplan.asked_of_team import asked_of_team
from workplan.models import Plan
from workplan.plans import asked_day, asked_plan, asked_quarter, quarters_of
from workplan.querysets import closes
from workplan.reviews import review as reviewed


@require_safe
def review(request: StaffRequest) -> HttpResponse:
    """For the meeting: what moved, what is late, what is asked of the country team; today or on a day (`?le=`)."""
    plan = asked_plan(request)
    quarter, day = asked_quarter(request, plan), asked_day(request)
    context = {
        "plan": plan,
        "plans": Plan.objects.order_by("-code"),
        "quarter": quarter,
        "quarters": quarters_of(plan),
        "day": day,
        "review": reviewed(plan, quarter, request.user, day),
        "asked": asked_of_team(plan, quarter, Period.between(day, day).end if day else None),
        "may_ask": closes(request.user, plan),
    }
    return render(request, "workplan/review.html", context)
