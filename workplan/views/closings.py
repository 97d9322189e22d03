"""The closing of a quarter: what is to be looked at, the minutes, and what was closed before."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.flash import flash
from core.periods import Quarter
from core.transitions import Refused
from directory.requests import StaffRequest
from workplan.actions import quarters as acts
from workplan.checks import checked, closing_of
from workplan.enums import Check
from workplan.forms.closings import ClosingForm
from workplan.models import Indicator, Plan, QuarterClosing
from workplan.plans import asked_plan, asked_quarter, quarters_of
from workplan.public_words import SaysTooMuch
from workplan.querysets import closes


@require_safe
def closings(request: StaffRequest) -> HttpResponse:
    """Every quarter of the plan that was closed, newest first."""
    plan = asked_plan(request)
    context = {
        "plan": plan,
        "plans": Plan.objects.order_by("-code"),
        "rows": plan.closings.select_related("closed_by", "reopened_by"),
        "may_close": closes(request.user, plan),
    }
    return render(request, "workplan/closings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: StaffRequest) -> HttpResponse:
    """What a meeting looks at before it closes a quarter."""
    plan = asked_plan(request)
    if not closes(request.user, plan):
        raise Http404
    quarter = asked_quarter(request, plan)
    standing = closing_of(plan.pk, quarter)
    if standing is not None:
        return redirect("workplan:closing", standing.pk)
    found = checked(plan, quarter)
    form = ClosingForm(request.POST or None, initial={"seen": len(found.found)})
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            closing = acts.close_quarter(plan, quarter, by=request.user, **said)
        except Refused as refused:
            form.asks_about_nobody = isinstance(refused, SaysTooMuch)
            form.add_error(None, str(refused.reason))
            form.data = {**request.POST.dict(), "seen": len(found.found)}
        else:
            flash(request, _("%(quarter)s est clos.") % {"quarter": quarter})
            return redirect("workplan:closing", closing.pk)
    context = {
        "plan": plan,
        "quarter": quarter,
        "quarters": [each for each in quarters_of(plan) if each < Quarter.current()],
        "checked": found,
        "form": form,
    }
    return render(request, "workplan/closing_new.html", context, status=422 if form.is_bound else 200)


@require_safe
def minutes(request: StaffRequest, pk: int) -> HttpResponse:
    """The minutes, as they were that day."""
    found = get_object_or_404(QuarterClosing.objects.select_related("plan", "closed_by", "reopened_by"), pk=pk)
    indicators = {each.number: each for each in Indicator.objects.of_plan(found.plan_id)}
    by_check = [
        (check.label, [each["number"] for each in found.checks if each["check"] == check.value]) for check in Check
    ]
    context = {
        "closing": found,
        "plan": found.plan,
        "checks": [(label, numbers) for label, numbers in by_check if numbers],
        "rows": [(each, indicators.get(each["number"])) for each in found.values],
        "may_reopen": found.reopened_at is None and closes(request.user, found.plan),
    }
    return render(request, "workplan/closing.html", context)


@require_POST
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    """Values may be written again, with a reason."""
    found = get_object_or_404(QuarterClosing.objects.select_related("plan"), pk=pk)
    if not closes(request.user, found.plan):
        raise Http404
    try:
        acts.reopen_quarter(found.pk, reason=request.POST.get("reason", ""), by=request.user)
        flash(request, _("Rouvert ; le procès-verbal reste tel qu’il était."))
    except Refused as refused:
        flash(request, str(refused.reason), tone="error")
    return redirect("workplan:closing", pk)
