"""The settings of an indicator: which measure it is counted by, and over what."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.flash import flash
from core.transitions import Refused
from directory.requests import StaffRequest
from workplan.actions import bindings as acts
from workplan.forms.bindings import BindingForm
from workplan.measures import MEASURES
from workplan.models import Indicator
from workplan.public_words import SaysTooMuch


@require_http_methods(["GET", "HEAD", "POST"])
def measured_by(request: StaffRequest, pk: int) -> HttpResponse:
    """For whoever verifies the indicator: the measure, its filters, and every measure with what it means."""
    found = get_object_or_404(Indicator.objects.verified_by(request.user), pk=pk)
    form = BindingForm(request.POST if request.method == "POST" else None, indicator=found)
    if form.is_bound and form.is_valid():
        try:
            said = form.cleaned_data
            acts.bind(
                found.pk, form.binding(), reason=said["reason"], about_nobody=said["about_nobody"], by=request.user
            )
        except SaysTooMuch as refused:
            form.asks_about_nobody = True
            form.add_error("reason", str(refused.reason))
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            flash(request, _("Compté ainsi dès maintenant ; ce qui est déjà rapporté reste."))
            return redirect(found)
    context = {"indicator": found, "form": form, "measures": list(MEASURES.values())}
    return render(request, "workplan/measured_by.html", context, status=422 if form.is_bound else 200)
