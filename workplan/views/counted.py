"""Figures that lists count: an indicator from its register, opened to its entries; the 5W mapping of the focus."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.flash import flash
from core.transitions import Refused
from directory.requests import StaffRequest
from workplan.actions import registers as acts
from workplan.fivew_mapping import mapping_of
from workplan.models import Indicator, Reading
from workplan.plans import asked_plan, asked_quarter
from workplan.progress import standing
from workplan.querysets import registers_read_by
from workplan.registers.counting import Counting, in_words


@require_safe
def entries(request: StaffRequest, pk: int) -> HttpResponse:
    """What a figure counts in one quarter: its rule, its entries, as reported and as of now."""
    found = get_object_or_404(Indicator.objects.select_related("activity__objective__axis__plan"), pk=pk)
    rule, plan = found.rule, found.activity.objective.axis.plan
    if rule is None or rule.register.code not in registers_read_by(request.user):
        raise Http404
    quarter = asked_quarter(request, plan, live=True)
    counting = Counting(plan)
    counted = counting.counted(found, quarter)
    readings = Reading.objects.visible_to(request.user).filter(indicator=found, place=None)
    context = {
        "indicator": found,
        "plan": plan,
        "register": rule.register,
        "rule_in_words": in_words(rule),
        "quarter": quarter,
        "counted": counted,
        "reading": standing(found, readings.filter(year=quarter.year, quarter=quarter.number)).get(quarter),
        "rows": [(entry, counting.is_in_focus(entry)) for entry in (counted.entries if counted else [])],
    }
    return render(request, "workplan/entries.html", context)


@require_POST
def use_register(request: StaffRequest, pk: int) -> HttpResponse:
    """Count an indicator from its register, or no more; for who reports it."""
    found = get_object_or_404(Indicator.objects.reported_by(request.user), pk=pk)
    on = request.POST.get("on") == "1"
    try:
        acts.use_register(found.pk, on=on, by=request.user)
        said = _("Cet indicateur se compte désormais de son registre.") if on else _("Le nombre se saisit de nouveau.")
        flash(request, said)
    except Refused as refused:
        flash(request, str(refused.reason), tone="error")
    return redirect(found)


@require_POST
def report_register(request: StaffRequest, pk: int) -> HttpResponse:
    """Submit what the register counts."""
    found = get_object_or_404(
        Indicator.objects.reported_by(request.user).select_related("activity__objective__axis__plan"), pk=pk
    )
    plan = found.activity.objective.axis.plan
    quarter = asked_quarter(request, plan)
    narrative = request.POST.get("narrative", "")[:4000]
    try:
        acts.report_from_register(found.pk, quarter, by=request.user, narrative=narrative)
        said = {"number": found.number, "verifier": found.get_verifier_display()}
        flash(request, _("%(number)s : soumis. La vérification revient à : %(verifier)s.") % said)
    except Refused as refused:
        flash(request, str(refused.reason), tone="error")
    address = urlencode({"plan": plan.code, "period": quarter.code})
    return redirect(f"{reverse('workplan:report')}?{address}#i{pk}")


@require_safe
def mapping(request: StaffRequest) -> HttpResponse:
    """Who works in the plan's geographic focus: from the directory, nothing is typed here."""
    plan = asked_plan(request)
    return render(request, "workplan/mapping.html", {"plan": plan, "mapping": mapping_of(request.user)})
