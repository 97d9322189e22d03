"""Which plan and which quarter a page is about."""

from __future__ import annotations

import re
from datetime import date

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from core.periods import Quarter
from core.sheet_cells import day_of
from workplan.models import Plan

CODE = re.compile(r"(\d{4})-T([1-4])")


def asked_plan(request: HttpRequest) -> Plan:
    """The plan that `?plan=` names; else the one that covers today, else the latest. Raises Http404."""
    plans = list(Plan.objects.all())
    asked = request.GET.get("plan") or request.POST.get("plan")
    if asked:
        found = [plan for plan in plans if plan.code == asked]
    else:
        year = Quarter.current().year
        found = [plan for plan in plans if year in plan.years] or sorted(plans, key=lambda plan: plan.years)[-1:]
    if not found:
        raise Http404(_("Aucun plan de travail."))
    return found[0]


def asked_quarter(request: HttpRequest, plan: Plan, *, live: bool = False) -> Quarter:
    """The quarter that `?period=2022-T3` names; else the last one that ended within the plan. Raises Http404.

    `live`: else the open one, whose value the platform shows as the latest, while the plan lasts.
    """
    asked = request.GET.get("period") or request.POST.get("period")
    if not asked:
        return Quarter.current() if live and Quarter.current().year in plan.years else _last_ended(plan)
    found = CODE.fullmatch(asked)
    if found is None or int(found[1]) not in plan.years:
        raise Http404(_("Ce trimestre n’est pas du plan."))
    return Quarter(int(found[1]), int(found[2]))


def asked_day(request: HttpRequest) -> date | None:
    """The day that `?le=2021-03-31` names; None where nothing is asked, and for what is to come. Raises Http404."""
    asked = request.GET.get("le")
    if not asked:
        return None
    day = day_of(asked)
    if day is None or day.year < 1900:
        raise Http404(_("Ce jour n’est pas une date."))
    return day if day < timezone.localdate() else None


def quarters_of(plan: Plan) -> list[Quarter]:
    """Every quarter of the plan, in order."""
    return [Quarter(year, number) for year in sorted(plan.years) for number in range(1, 5)]


def _last_ended(plan: Plan) -> Quarter:
    every = quarters_of(plan)
    ended = [quarter for quarter in every if quarter < Quarter.current()]
    return ended[-1] if ended else every[0]
