from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from core.pdf import makes_pdf, pdf_of
from core.replica import from_replica
from core.sheet_writing import download
from directory.requests import StaffRequest
from workplan.document.history import later_changes
from workplan.document.paper import paper_of
from workplan.enums import PlanAct
from workplan.forms.plan import PlanFilters
from workplan.models import Indicator, Plan
from workplan.owing import by_lead, indicators_owed, of_person, owed
from workplan.plans import asked_day, asked_plan
from workplan.querysets import imports_plans
from workplan.tables import count_rows, plan_rows


@gzip_page
@require_safe
@from_replica
def plan(request: StaffRequest) -> HttpResponse:
    """The plan as people know the document."""
    if not Plan.objects.exists():
        return render(request, "workplan/no_plan.html", {"may_import": imports_plans(request.user, Plan.objects.all())})
    shown, day = asked_plan(request), asked_day(request)
    if day is not None:
        return _on_day(request, shown, day)
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
        "may_change": Plan.objects.kept_by(request.user).filter(pk=shown.pk).exists(),
        "can_verify": Indicator.objects.verified_by(request.user).exists(),
    }
    return render(request, "workplan/plan.html", context)


@require_safe
@from_replica
def plan_pdf(request: StaffRequest) -> HttpResponse:
    """The plan, or with `?le=` as it was that day, as PDF; the page to print where this installation makes none."""
    shown, day = asked_plan(request), asked_day(request)
    if not makes_pdf():
        return _on_day(request, shown, day, no_pdf=True)
    html = render_to_string("workplan/plan_pdf.html", _paper(shown, day), request=request)
    name = f"plan-{shown.pk}{f'-{day:%Y-%m-%d}' if day else ''}.pdf"
    return download(pdf_of(html, "plan_pdf.css"), "application/pdf", name)


def _on_day(request: StaffRequest, plan: Plan, day: date | None, *, no_pdf: bool = False) -> HttpResponse:
    """The words of the plan as they were, without values."""
    later = later_changes(plan, day) if day else []
    made = [change.at for change in later if change.act == PlanAct.MADE]
    context = _paper(plan, day) | {
        "count": len(later) - len(made),
        "before": made[0] if made else None,
        "no_pdf": no_pdf,
    }
    return render(request, "workplan/plan_on_day.html", context)


def _paper(plan: Plan, day: date | None) -> dict[str, Any]:
    paper = paper_of(plan, day)
    return {"plan": plan, "paper": paper, "columns": 5 + len(paper.years)}
