from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.flash import flash
from core.pages import page_of, safe_next
from core.transitions import Refused
from directory.requests import StaffRequest
from workplan.actions import closing, readings
from workplan.models import Indicator, Reading, ReadingFile


@require_safe
def queue(request: StaffRequest) -> HttpResponse:
    """What waits for this person's verification, oldest first."""
    waiting = (
        Reading.objects.to_verify(request.user)
        .select_related("indicator__activity__objective__axis__plan", "submitted_by__organisation", "place", "reporter")
        .prefetch_related(Prefetch("files", ReadingFile.objects.for_a_list()))
    )
    context = {
        "page": page_of(waiting.order_by("submitted_at", "pk"), request),
        "verifies": Indicator.objects.verified_by(request.user).exists(),
    }
    return render(request, "workplan/verify.html", context)


@require_POST
def judge(request: StaffRequest, pk: int) -> HttpResponse:
    """Verify one reading, or send it back with a reason."""
    reading = get_object_or_404(Reading.objects.visible_to(request.user), pk=pk)
    try:
        if request.POST.get("act") == "verify":
            readings.verify(reading.pk, by=request.user, seen=request.POST.get("seen"))
            flash(request, _("Vérifié : la valeur est figée, elle se corrige par une nouvelle version."))
        else:
            readings.send_back(
                reading.pk, reason=request.POST.get("reason", ""), by=request.user, seen=request.POST.get("seen")
            )
            flash(request, _("Renvoyé à la personne qui l’a rapporté, avec votre motif."))
    except Refused as refused:
        flash(request, str(refused.reason), tone="error")
    return redirect(safe_next(request, "workplan:verify"))


@require_POST
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    """Open a new version of a verified reading, with a reason: by hand, or counted again by the platform."""
    reading = get_object_or_404(Reading.objects.visible_to(request.user).select_related("indicator"), pk=pk)
    reason = request.POST.get("reason", "")
    try:
        if reading.computed:
            closing.recount(reading.pk, reason=reason, by=request.user)
            flash(request, _("Recompté : la nouvelle version attend sa vérification."))
        else:
            readings.correct(reading.pk, reason=reason, by=request.user)
            flash(request, _("Nouvelle version ouverte : elle se remplit sur la page « Rapporter »."))
    except Refused as refused:
        flash(request, str(refused.reason), tone="error")
    return redirect(reading.indicator)
