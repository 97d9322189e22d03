"""The saisine of the country team: what the counts propose, and the factors by which they do."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.flash import flash
from core.transitions import Refused
from directory.models import Place
from directory.requests import StaffRequest
from directory.roles import Role
from workplan.actions import saisines as acts
from workplan.forms.saisines import FactorForm
from workplan.models import SetAside, TriggerFactor
from workplan.plans import asked_plan
from workplan.querysets import PLAN_KEEPERS
from workplan.saisines import proposals as proposed


@require_safe
def proposals(request: StaffRequest) -> HttpResponse:
    """What crosses a factor today, to be taken up as a saisine or set aside."""
    _for(request, *PLAN_KEEPERS)
    context = {
        "plan": asked_plan(request),
        "proposals": proposed(),
        "factors": TriggerFactor.objects.filter(ended_at=None).select_related("category"),
        "aside": SetAside.objects.select_related("factor", "place", "by")[:20],
        "may_set": request.user.has_role(Role.WORKING_GROUP),
    }
    return render(request, "workplan/proposals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def factors(request: StaffRequest) -> HttpResponse:
    """The trigger factors, and the form for another."""
    _for(request, Role.WORKING_GROUP)
    form = FactorForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            acts.set_factor(form.save(commit=False), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            flash(request, _("Le facteur vaut dès maintenant."))
            return redirect("workplan:factors")
    rows = TriggerFactor.objects.select_related("category", "set_by", "ended_by")
    context = {"form": form, "rows": rows}
    return render(request, "workplan/factors.html", context, status=422 if form.is_bound else 200)


@require_POST
def factor_end(request: StaffRequest, pk: int) -> HttpResponse:
    _for(request, Role.WORKING_GROUP)
    found = get_object_or_404(TriggerFactor, pk=pk, ended_at=None)
    acts.end_factor(found.pk, by=request.user)
    flash(request, _("Ce facteur ne propose plus rien."))
    return redirect("workplan:factors")


@require_POST
def set_aside(request: StaffRequest) -> HttpResponse:
    """A proposal looked at and not taken up."""
    _for(request, *PLAN_KEEPERS)
    pk, pcode = request.POST.get("factor", ""), request.POST.get("place", "")
    factor = TriggerFactor.objects.filter(pk=pk if pk.isdecimal() else 0, ended_at=None).first()
    if factor is None:
        flash(request, _("Cette proposition n’est plus là."), tone="error")
        return redirect("workplan:proposals")
    place = get_object_or_404(Place, pcode=pcode) if pcode else None
    try:
        acts.set_proposal_aside(factor.pk, place, reason=request.POST.get("reason", ""), by=request.user)
        flash(request, _("Mise de côté ; elle reviendra dans un mois si les nombres le disent encore."))
    except Refused as refused:
        flash(request, str(refused.reason), tone="error")
    return redirect("workplan:proposals")


def _for(request: StaffRequest, *roles: Role) -> None:
    if not request.user.has_role(*roles):
        raise Http404
