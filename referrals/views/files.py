"""Files that go along with a referral."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.documents import handed
from core.flash import flash
from core.transitions import Refused
from directory.requests import StaffRequest
from feedback.models import Case, CaseMessage
from referrals import actions
from referrals.forms.files import FileForm
from referrals.models import ReferralFile
from referrals.views.referral import referral_page, referral_to_show, visible_or_404


@require_POST
def attach(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Joins one file. A refusal says why; the browser does not keep the file, and it is chosen again."""
    row = visible_or_404(request.user, pk)
    form = FileForm(request.POST, request.FILES, referral=row, user=request.user)
    if form.is_valid() and _attached(request, pk, form):
        flash(request, _("Fichier joint, scellé."))
        return redirect("referrals:referral", pk=pk)
    return referral_page(request, referral_to_show(request.user, pk), form, status=422)


@require_GET
def file(request: StaffRequest, pk: uuid.UUID, file: uuid.UUID) -> HttpResponse:
    """The file itself, in a sandbox; each opening is in the audit."""
    visible_or_404(request.user, pk)
    try:
        return handed(actions.open_file(pk, file, by=request.user))
    except ReferralFile.DoesNotExist as error:
        raise Http404 from error


@require_POST
def remove(request: StaffRequest, pk: uuid.UUID, file: uuid.UUID) -> HttpResponse:
    visible_or_404(request.user, pk)
    try:
        actions.remove_file(pk, file, by=request.user)
        flash(request, _("Fichier retiré : il n’en reste rien ici."))
    except ReferralFile.DoesNotExist as error:
        raise Http404 from error
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    return redirect("referrals:referral", pk=pk)


def _attached(request: StaffRequest, pk: uuid.UUID, form: FileForm) -> bool:
    try:
        if form.chosen is not None:
            actions.attach_of_case(pk, *form.chosen, by=request.user)
        else:
            actions.attach(pk, by=request.user, **form.details())
    except (Case.DoesNotExist, CaseMessage.DoesNotExist):
        form.add_error("piece", _("Cette pièce n’est plus dans le dossier."))
    except Refused as error:
        form.add_error(None, str(error.reason))
    return not form.errors
