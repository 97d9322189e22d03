"""The page behind a sheet's square, without an account; and what the sender's people make of what was said there."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.access import public
from core.flash import flash
from core.transitions import Refused
from directory.requests import StaffRequest
from referrals.actions import sheet as actions
from referrals.enums import Side
from referrals.forms.sheet import SheetForm
from referrals.models import Referral, SheetReply
from referrals.page import profile_of
from referrals.sheets import held_by
from referrals.views.referral import visible_or_404


@public
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, token: str) -> HttpResponse:
    """Level 1 of one referral, which the paper says already, and a form. What is said moves nothing by itself."""
    row = held_by(token, timezone.now())
    if row is None:
        raise Http404
    form, done = SheetForm(request.POST or None), False
    if request.method == "POST" and form.is_valid():
        try:
            actions.reply_by_sheet(row.pk, form.reply(), pk=form.cleaned_data["once"])
            done = True
        except Refused as error:
            form.add_error(None, str(error.reason))
    context = {"referral": row, "form": form, "done": done, "profile": profile_of(row.case)}
    return render(request, "referrals/sheet.html", context, status=422 if form.errors else 200)


@require_POST
def take(request: StaffRequest, pk: uuid.UUID, reply_id: uuid.UUID) -> HttpResponse:
    row, reply = _theirs(request, pk, reply_id)
    try:
        actions.take_over(reply.pk, by=request.user)
        flash(request, _("Repris. L’histoire du référencement le montre."))
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    return redirect("referrals:referral", pk=row.pk)


@require_POST
def aside(request: StaffRequest, pk: uuid.UUID, reply_id: uuid.UUID) -> HttpResponse:
    row, reply = _theirs(request, pk, reply_id)
    try:
        actions.set_reply_aside(reply.pk, by=request.user)
        flash(request, _("Écarté : il n’en reste rien."))
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    return redirect("referrals:referral", pk=row.pk)


@require_POST
def renew(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    row = visible_or_404(request.user, pk)
    if not row.is_on_paper:
        raise Http404
    actions.renew_sheet(row.pk, by=request.user)
    flash(request, _("Le carré de l’ancienne fiche n’ouvre plus rien. Imprimez-en une autre."))
    return redirect("referrals:paper", pk=row.pk)


def _theirs(request: StaffRequest, pk: uuid.UUID, reply_id: uuid.UUID) -> tuple[Referral, SheetReply]:
    row = visible_or_404(request.user, pk)
    if Side.SENDER not in Referral.objects.sides_of(row, request.user):
        raise Http404
    return row, get_object_or_404(SheetReply, pk=reply_id, referral=row)
