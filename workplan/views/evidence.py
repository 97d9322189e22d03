"""Files that show where a reported value comes from."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.documents import handed
from core.flash import flash
from core.pages import safe_next
from core.transitions import Refused
from directory.requests import StaffRequest
from workplan.actions import evidence
from workplan.forms.evidence import EvidenceForm
from workplan.models import Reading, ReadingFile


@require_POST
def join(request: StaffRequest, pk: int) -> HttpResponse:
    """Joins one file to a value that can still be changed. A refusal says why; the file is chosen again."""
    reading = get_object_or_404(Reading.objects.visible_to(request.user), pk=pk)
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        flash(request, " ".join(str(error) for errors in form.errors.values() for error in errors), tone="error")
        return redirect(safe_next(request, "workplan:report"))
    try:
        evidence.join_file(reading.pk, by=request.user, **form.details())
        flash(request, _("Fichier joint à la valeur."))
    except Refused as refused:
        flash(request, str(refused.reason), tone="error")
    return redirect(safe_next(request, "workplan:report"))


@require_GET
def file(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The file itself, in a sandbox, for whoever may read the value."""
    found = get_object_or_404(ReadingFile.objects.visible_to(request.user), pk=pk)
    return handed(found.unsealed("content"))


@require_POST
def remove(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    try:
        evidence.remove_file(pk, by=request.user)
        flash(request, _("Fichier retiré : il n’en reste rien."))
    except ReadingFile.DoesNotExist as error:
        raise Http404 from error
    except Refused as refused:
        flash(request, str(refused.reason), tone="error")
    return redirect(safe_next(request, "workplan:report"))
