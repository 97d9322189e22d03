"""Envelopes that are carried by hand: as a file for an e-mail, and loaded back with the same verification."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core import audit
from core.flash import flash
from directory.requests import StaffRequest
from directory.roles import Role
from directory.views.settings import FORM_METHODS, only_for
from feedback.enums import Lane
from referrals.enums import Taken
from referrals.exchange.files import file_of, open_file
from referrals.exchange.refusals import Unacceptable
from referrals.exchange.taking import Took, take
from referrals.forms.peers import LoadForm
from referrals.models import EnvelopeOut, Referral
from referrals.views.referral import visible_or_404

WHO_LOAD = (Role.FOCAL_POINT, Role.OPERATOR)
SAID = {
    Taken.TAKEN: gettext_lazy("Enveloppe prise."),
    Taken.KNOWN: gettext_lazy("Cette enveloppe avait déjà été prise : rien n’a changé."),
    Taken.OVERTAKEN: gettext_lazy("Un acte plus récent était déjà connu : rien n’a changé."),
    Taken.NOTHING_HELD: gettext_lazy("C’est un retrait, et rien n’en était gardé ici."),
}


@require_http_methods(FORM_METHODS)
def load(request: StaffRequest) -> HttpResponse:
    """Loading shows nothing of what it holds to who may not see it: that is for the page it leads to."""
    only_for(request, *WHO_LOAD)
    form = LoadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            peer, body = open_file(form.cleaned_data["said"])
            took = take(peer, body)
        except Unacceptable as error:
            form.add_error(None, _("Enveloppe refusée : %(why)s.") % {"why": error.reason})
        else:
            flash(request, str(SAID[took.taken_as]))
            return _on(request, took)
    return render(request, "referrals/exchange_load.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def envelope(request: StaffRequest, pk: uuid.UUID, envelope_id: uuid.UUID) -> HttpResponse:
    """The signed file of one envelope of a referral that the reader sees. Confidential matters do not go by mail."""
    row = visible_or_404(request.user, pk)
    if row.case.lane != Lane.ORDINARY:
        raise Http404
    rows = EnvelopeOut.objects.select_related("peer", "message", "referral__case__category", "referral__place")
    one = get_object_or_404(rows, pk=envelope_id, referral=row)
    content = file_of(one)
    if content is None:
        raise Http404
    audit.record("referrals.envelope.carry", by=request.user, target=one)
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="echange-{row.reference}-{one.sequence}.json"'
    return response


def _on(request: StaffRequest, took: Took) -> HttpResponse:
    found = took.referral
    if found is not None and Referral.objects.visible_to(request.user).filter(pk=found.pk).exists():
        return redirect("referrals:referral", pk=found.pk)
    return redirect("referrals:exchange_load")
