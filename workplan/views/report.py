from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.flash import flash
from core.periods import Quarter
from core.transitions import Refused
from directory.models import Place
from directory.requests import StaffRequest
from workplan.actions import readings
from workplan.models import Indicator, Plan, Reading
from workplan.owing import indicators_owed, of_person, owed
from workplan.places import by_place
from workplan.plans import asked_plan, asked_quarter, quarters_of
from workplan.progress import Reported, reported_by_indicator
from workplan.public_words import SaysTooMuch
from workplan.sheets import Line, line_of, newest_reading, own_part, sheet


@require_safe
def report(request: StaffRequest) -> HttpResponse:
    """Everything that this person owes for one quarter, filled like a sheet, saved line by line."""
    plan = asked_plan(request)
    quarter = asked_quarter(request, plan)
    return _sheet(request, plan, quarter, sheet(plan, quarter, request.user))


@require_POST
def save_line(request: StaffRequest, pk: int) -> HttpResponse:
    """One line of the sheet: saved as a draft, or saved and submitted. What was typed is kept when it is refused."""
    mine = Indicator.objects.reported_by(request.user).select_related("activity__objective__axis__plan")
    indicator = get_object_or_404(mine, pk=pk)
    plan = indicator.activity.objective.axis.plan
    quarter, place = asked_quarter(request, plan), _asked_place(request.POST)
    line = _posted(request, indicator, quarter, place)
    refusal = _save(request, line, quarter) if line.form.is_valid() else _("Corrigez les champs signalés.")
    if refusal:
        flash(request, refusal, tone="error")
        if place is not None:
            return _places(request, line, quarter, status=422)
        lines = [line if each.indicator.pk == pk else each for each in sheet(plan, quarter, request.user)]
        return _sheet(request, plan, quarter, lines, status=422)
    if place is not None:
        return redirect(f"{reverse('workplan:report_places', args=[pk])}?{urlencode({'period': quarter.code})}")
    address = urlencode({"plan": plan.code, "period": quarter.code})
    return redirect(f"{reverse('workplan:report')}?{address}#i{pk}")


@require_safe
def places(request: StaffRequest, pk: int) -> HttpResponse:
    """One indicator and quarter, place by place; `?place=` chooses the one to fill in."""
    mine = Indicator.objects.reported_by(request.user).select_related("activity__objective__axis__plan")
    indicator = get_object_or_404(mine, pk=pk)
    quarter, place = asked_quarter(request, indicator.activity.objective.axis.plan), _asked_place(request.GET)
    reading = newest_reading(indicator, quarter, request.user, place) if place else None
    return _places(request, line_of(indicator, quarter, reading, Reported(), place=place), quarter)


def _asked_place(said: QueryDict) -> Place | None:
    """The place that `place=` names by its P-code; None for the whole country. Raises Http404."""
    pcode = said.get("place")
    return get_object_or_404(Place, pcode=pcode) if pcode else None


def _posted(request: StaffRequest, indicator: Indicator, quarter: Quarter, place: Place | None) -> Line:
    known = reported_by_indicator([indicator.pk]).get(indicator.pk, Reported())
    reading = newest_reading(indicator, quarter, request.user, place)
    return line_of(indicator, quarter, reading, own_part(indicator, known, request.user), request.POST, place=place)


def _save(request: StaffRequest, line: Line, quarter: Quarter) -> str:
    """Out: why not, or "" when it is done."""
    typed = line.form.cleaned_data
    try:
        reading = readings.save(
            line.indicator.pk,
            quarter,
            line.form.value(),
            by=request.user,
            narrative=typed["narrative"],
            evidence=typed["evidence"],
            place=line.place,
            about_nobody=typed["about_nobody"],
            seen=typed["seen"],
        )
    except SaysTooMuch as refused:
        line.form.asks_about_nobody = True
        return str(refused.reason)
    except Refused as refused:
        return str(refused.reason)
    if request.POST.get("act") != "submit":
        flash(request, _("%(number)s : enregistré comme brouillon.") % {"number": line.indicator.number})
        return ""
    return _submit(request, line, reading.pk)


def _submit(request: StaffRequest, line: Line, reading_id: int) -> str:
    try:
        readings.submit(reading_id, by=request.user)
    except Refused as refused:
        return str(refused.reason)
    said = {"number": line.indicator.number, "verifier": line.indicator.get_verifier_display()}
    flash(request, _("%(number)s : soumis. La vérification revient à : %(verifier)s.") % said)
    return ""


def _sheet(request: StaffRequest, plan: Plan, quarter: Quarter, lines: list[Line], status: int = 200) -> HttpResponse:
    context = {
        "plan": plan,
        "plans": Plan.objects.order_by("-code"),
        "quarter": quarter,
        "quarters": quarters_of(plan),
        "due": [line for line in lines if line.is_due],
        "others": [line for line in lines if not line.is_due],
        "mine": of_person(owed(indicators_owed([plan])), request.user),
        "can_report": bool(lines) or Indicator.objects.reported_by(request.user).exists(),
    }
    return render(request, "workplan/report.html", context, status=status)


def _places(request: StaffRequest, line: Line, quarter: Quarter, status: int = 200) -> HttpResponse:
    known = Reading.objects.visible_to(request.user).filter(year=quarter.year, quarter=quarter.number)
    plan = line.indicator.activity.objective.axis.plan
    context = {
        "line": line,
        "indicator": line.indicator,
        "plan": plan,
        "quarter": quarter,
        "quarters": quarters_of(plan),
        "places": by_place(line.indicator, known.filter(indicator=line.indicator).select_related("place")),
        "every_place": Place.objects.select_related("parent"),
    }
    return render(request, "workplan/places.html", context, status=status)
