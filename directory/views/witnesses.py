"""Settings: which addresses of which organisations keep the signed checkpoints of the audit."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.checkpoints import latest
from core.flash import flash
from directory.actions.witnesses import bearing_witness, faults, name_witness, remove_witness
from directory.forms.witnesses import WitnessForm
from directory.models import Witness
from directory.permissions import organisations_kept_by
from directory.requests import StaffRequest
from directory.views.settings import FORM_METHODS


@require_http_methods(FORM_METHODS)
def witnesses(request: StaffRequest) -> HttpResponse:
    """Those of the organisations that the reader keeps; of the others, only how many there are."""
    kept = organisations_kept_by(request.user).filter(is_active=True)
    if not kept.exists():
        raise Http404
    form = WitnessForm(request.POST or None, organisations=kept)
    if request.method == "POST" and form.is_valid():
        row = name_witness(form.save(commit=False), by=request.user)
        flash(request, _("%(email)s reçoit le prochain courriel demain matin.") % {"email": row.email})
        return redirect("directory:witnesses")
    context = {
        "form": form,
        "witnesses": _kept_by(request),
        "organisations": bearing_witness(),
        "faults": faults(timezone.now()),
        "latest": latest(),
    }
    return render(request, "directory/witnesses.html", context, status=422 if form.errors else 200)


@require_POST
def witness_remove(request: StaffRequest, pk: int) -> HttpResponse:
    remove_witness(get_object_or_404(_kept_by(request), pk=pk), by=request.user)
    flash(request, _("Cette adresse ne reçoit plus rien ; nous le lui disons."))
    return redirect("directory:witnesses")


def _kept_by(request: StaffRequest) -> QuerySet[Witness]:
    return Witness.objects.filter(organisation__in=organisations_kept_by(request.user)).select_related("organisation")
