"""What a plan says: an element and its history, a change, what is left to settle, everything that was changed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.flash import flash
from core.pages import page_of
from core.transitions import Conflict, Refused
from directory.requests import StaffRequest
from workplan.actions.plan_doubts import settle
from workplan.actions.plans import change_element, last_change
from workplan.document.elements import MODELS, Element, Row, plan_of, values_of
from workplan.document.kinds import KINDS
from workplan.document.showing import shown_changes, to_settle
from workplan.forms.plan_words import ElementForm, ReasonForm
from workplan.models import Plan, PlanChange
from workplan.plans import asked_plan
from workplan.public_words import SaysTooMuch

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def changes(request: StaffRequest) -> HttpResponse:
    """Everything that was changed of a plan, newest first."""
    plan = asked_plan(request)
    page = page_of(PlanChange.objects.filter(plan=plan).select_related("by__organisation"), request)
    context = {
        "plan": plan,
        "plans": Plan.objects.order_by("-code"),
        "page": page,
        "rows": shown_changes(page.object_list),
        "may_change": Plan.objects.kept_by(request.user).filter(pk=plan.pk).exists(),
    }
    return render(request, "workplan/plan_changes.html", context)


@require_safe
def element(request: StaffRequest, kind: str, pk: int) -> HttpResponse:
    """One element: what it says, and everything that was changed of it."""
    row, plan = _found(kind, pk)
    known = PlanChange.objects.filter(plan=plan, kind=kind, element=pk).select_related("by__organisation")
    values = values_of(row)
    said = [(field.label, field.shown(values[field.name])) for field in KINDS[kind].fields if field.name in values]
    context = {
        "element": Element(kind, values),
        "kind": KINDS[kind],
        "pk": pk,
        "plan": plan,
        "said": [(label, text) for label, text in said if text],
        "rows": shown_changes(known),
        "page_of_it": getattr(row, "get_absolute_url", lambda: "")(),
        "may_change": Plan.objects.kept_by(request.user).filter(pk=plan.pk).exists(),
    }
    return render(request, "workplan/element.html", context)


@require_http_methods(FORM_METHODS)
def element_change(request: StaffRequest, kind: str, pk: int) -> HttpResponse:
    """Change what the plan says of one element; for whoever keeps the plan."""
    row, plan = _found(kind, pk)
    if not Plan.objects.kept_by(request.user).filter(pk=plan.pk).exists():
        raise Http404
    shown = Element(kind, values_of(row))
    form, since = ElementForm(request.POST or None, element=shown, plan=plan, seen=last_change(kind, pk)), []
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            change_element(
                kind,
                pk,
                form.values(),
                reason=typed["reason"],
                settles=form.settles,
                seen=typed["seen"],
                about_nobody=typed["about_nobody"],
                by=request.user,
            )
        except Refused as refused:
            form.asks_about_nobody = isinstance(refused, SaysTooMuch)
            form.add_error(None, str(refused.reason))
            if isinstance(refused, Conflict):
                since = shown_changes(PlanChange.objects.filter(kind=kind, element=pk, pk__gt=typed["seen"]))
                form.data = request.POST.copy()
                form.data["seen"] = str(last_change(kind, pk))
        else:
            flash(request, _("C’est changé ; l’ancienne version reste lisible dans l’historique."))
            return redirect("workplan:element", kind, pk)
    context = {"element": shown, "kind": KINDS[kind], "pk": pk, "plan": plan, "form": form, "since": since}
    return render(request, "workplan/element_change.html", context, status=422 if form.is_bound else 200)


@require_http_methods(FORM_METHODS)
def doubts(request: StaffRequest) -> HttpResponse:
    """What the source left open or did not say, to be settled with a reason; for whoever keeps the plan."""
    plan = asked_plan(request)
    get_object_or_404(Plan.objects.kept_by(request.user), pk=plan.pk)
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            count = settle(plan, request.POST.getlist("of"), **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.asks_about_nobody = isinstance(refused, SaysTooMuch)
            form.add_error(None, str(refused.reason))
        else:
            flash(request, _("Tranché, avec votre motif (%(n)s).") % {"n": count})
            return redirect(f"{reverse('workplan:doubts')}?{urlencode({'plan': plan.code})}")
    open_doubts, inferences = to_settle(plan)
    context: dict[str, Any] = {
        "plan": plan,
        "plans": Plan.objects.order_by("-code"),
        "doubts": open_doubts,
        "inferences": inferences,
        "form": form,
        "asked": request.POST.getlist("of"),
    }
    return render(request, "workplan/doubts.html", context, status=422 if form.is_bound else 200)


def _found(kind: str, pk: int) -> tuple[Row, Plan]:
    if kind not in MODELS:
        raise Http404
    row: Row = get_object_or_404(MODELS[kind]._default_manager.all(), pk=pk)
    return row, plan_of(row)
