from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from core.replica import from_replica
from directory.requests import StaffRequest
from workplan.actions.standing import may_say
from workplan.asked_of_cases import PARTS, in_words, rows_of
from workplan.deadlines import late_through
from workplan.enums import Progress, ReadingState
from workplan.lineage import lineage_of, split_of
from workplan.measures import MEASURES, of_vault_beside
from workplan.models import Activity, Indicator, Plan
from workplan.places import latest_places
from workplan.plans import asked_quarter
from workplan.progress import Reported, late_quarters, reported_by_indicator, so_far, standing, strip
from workplan.querysets import registers_read_by
from workplan.registers.counting import Counting
from workplan.registers.counting import in_words as rule_in_words
from workplan.releases import condensed, lines_of
from workplan.series import series, visible_readings
from workplan.series_chart import series_chart
from workplan.tables import ActivityRows, counting_for, latest_of, one_activity, with_releases
from workplan.trend import goal, target_in_words


@gzip_page
@require_safe
def activity(request: StaffRequest, pk: int) -> HttpResponse:
    """One activity: who leads it, what is expected of it, and its indicators."""
    found = get_object_or_404(Activity.objects.select_related("objective__axis__plan"), pk=pk)
    rows: ActivityRows = one_activity(found, request.user)
    plan = found.objective.axis.plan
    context = {
        "activity": found,
        "rows": rows,
        "plan": plan,
        "statuses": found.statuses.select_related("said_by__organisation"),
        "may_change": Plan.objects.kept_by(request.user).filter(pk=plan.pk).exists(),
        "may_say": may_say(found, request.user),
        "every_progress": Progress,
    }
    return render(request, "workplan/activity.html", context)


@gzip_page
@require_safe
@from_replica
def indicator(request: StaffRequest, pk: int) -> HttpResponse:
    """One indicator: definition, latest value, series, who reports and verifies, history."""
    found = get_object_or_404(Indicator.objects.select_related("activity__objective__axis__plan"), pk=pk)
    plan = found.activity.objective.axis.plan
    every = visible_readings(found, request.user)
    readings = [reading for reading in every if reading.place_id is None]
    known = with_releases(found, reported_by_indicator([found.pk]).get(found.pk, Reported()), plan.years)
    cells = strip(found, plan.years, known, late_through())
    counting = counting_for(found, Counting(plan), registers_read_by(request.user))
    points = series(found, plan, readings, cells, counting)
    verified = standing(found, [reading for reading in readings if reading.state == ReadingState.VERIFIED])
    total, latest = so_far(found, verified), latest_of(found, readings, plan.years, counting)
    measure = MEASURES.get(found.measure)
    context = {
        "indicator": found,
        "plan": plan,
        "measure": measure,
        "latest": latest,
        "bound_over": in_words(found.over),
        "bound_share": in_words(found.share_over),
        "rule": found.rule,
        "rule_in_words": rule_in_words(found.rule) if found.rule else "",
        "counts_now": counting is not None or (measure is not None and not measure.in_vault),
        "total": total,
        "target": target_in_words(found),
        "goal": goal(found, total) or (goal(found, latest.value) if latest else None),
        "verified": len(verified),
        "points": points,
        "chart": series_chart(found, points),
        "cells": cells,
        "late": late_quarters(found, known, late_through()),
        "readings": every,
        "places": latest_places(found, every),
        "released": [(each, condensed(lines_of(each.name, plan.years))) for each in of_vault_beside(measure)]
        if measure
        else [],
        "can_correct": Indicator.objects.reported_by(request.user).filter(pk=pk).exists(),
        "may_change": Plan.objects.kept_by(request.user).filter(pk=plan.pk).exists(),
        "can_judge": Indicator.objects.verified_by(request.user).filter(pk=pk).exists(),
    }
    return render(request, "workplan/indicator.html", context)


@require_safe
@from_replica
def lineage(request: StaffRequest, pk: int) -> HttpResponse:
    """What a computed figure counted, as far as the reader may see. The vault has none."""
    found = get_object_or_404(Indicator.objects.select_related("activity__objective__axis__plan"), pk=pk)
    if not found.is_computed:
        raise Http404
    quarter = asked_quarter(request, found.activity.objective.axis.plan, live=True)
    lineage = lineage_of(found, quarter, request.user)
    if lineage is None:
        raise Http404
    measure, part = lineage.binding.measure, request.GET.get("by", "")
    split = split_of(lineage.binding, part, quarter, lineage.cutoff) if part in measure.parts else {}
    context = {
        "indicator": found,
        "measure": measure,
        "quarter": quarter,
        "lineage": lineage,
        "over": in_words(lineage.binding.over),
        "share_over": in_words(lineage.binding.share_over),
        "parts": [(name, PARTS[name]) for name in measure.parts],
        "part": PARTS.get(part, ""),
        "split": rows_of(part, split) if split else [],
        "page": lineage.counted.page(request) if lineage.counted else None,
    }
    return render(request, "workplan/lineage.html", context)
