"""What people decide of an activity and of an indicator."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.flash import flash
from core.transitions import Refused
from directory.requests import StaffRequest
from workplan.actions import standing as acts
from workplan.models import Activity, Indicator


@require_POST
def say_status(request: StaffRequest, pk: int) -> HttpResponse:
    """Where an activity stands, and how that was decided."""
    found = get_object_or_404(Activity, pk=pk)
    try:
        said = request.POST
        acts.say_status(found.pk, status=said.get("status", ""), reason=said.get("reason", ""), by=request.user)
        flash(request, _("C’est noté, avec votre nom et la façon dont cela a été décidé."))
    except Refused as refused:
        flash(request, str(refused.reason), tone="error")
    return redirect(found)


@require_POST
def consolidate(request: StaffRequest, pk: int) -> HttpResponse:
    """How what several organisations report becomes one value; for whoever verifies it."""
    found = get_object_or_404(Indicator.objects.verified_by(request.user), pk=pk)
    try:
        acts.set_consolidation(found.pk, rule=request.POST.get("rule", ""), by=request.user)
        flash(request, _("La règle vaut dès maintenant ; ce qui est déjà rapporté reste."))
    except Refused as refused:
        flash(request, str(refused.reason), tone="error")
    return redirect(found)
