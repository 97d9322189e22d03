"""Notes that an organisation writes for itself on a referral."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.flash import flash
from core.transitions import Refused
from directory.requests import StaffRequest
from referrals import actions
from referrals.forms.acts import NoteForm
from referrals.models import ReferralNote
from referrals.views.referral import referral_page, referral_to_show, visible_or_404


@require_POST
def note(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Writes one; a refusal keeps what was typed."""
    row = visible_or_404(request.user, pk)
    form = NoteForm(request.POST, referral=row)
    if form.is_valid():
        try:
            actions.write_note(pk, by=request.user, **form.details())
            flash(request, _("Note gardée. Elle reste dans votre organisation."))
            return redirect("referrals:referral", pk=pk)
        except Refused as error:
            form.add_error(None, str(error.reason))
    return referral_page(request, referral_to_show(request.user, pk), form, status=422)


@require_POST
def take_back(request: StaffRequest, pk: uuid.UUID, note: uuid.UUID) -> HttpResponse:
    found = _note_or_404(request, pk, note)
    try:
        actions.take_back_note(found.pk, by=request.user)
        flash(request, _("Note retirée : il n’en reste rien."))
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    return redirect("referrals:referral", pk=pk)


@require_POST
def strike(request: StaffRequest, pk: uuid.UUID, note: uuid.UUID) -> HttpResponse:
    actions.strike_note(_note_or_404(request, pk, note).pk, by=request.user)
    flash(request, _("Note rayée. Elle reste lisible dans votre organisation."))
    return redirect("referrals:referral", pk=pk)


def _note_or_404(request: StaffRequest, pk: uuid.UUID, note: uuid.UUID) -> ReferralNote:
    found = ReferralNote.objects.visible_to(request.user).filter(pk=note, referral=pk).first()
    if found is None:
        raise Http404
    return found
