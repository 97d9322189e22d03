"""Settings: other installations with which referrals are exchanged. For administrators; no case is read here."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.flash import flash
from core.pages import page_of
from core.transitions import Refused
from directory.requests import StaffRequest
from directory.roles import Role
from directory.views.settings import FORM_METHODS, only_for
from referrals.actions import peers as actions
from referrals.enums import DeliveryState
from referrals.forms.peers import PeerForm, PeerOrganisationForm, SecretForm
from referrals.models import EnvelopeOut, Peer, PeerOrganisation
from referrals.peers import inbox_of

WAITING = [DeliveryState.QUEUED, DeliveryState.SENDING]


@require_http_methods(FORM_METHODS)
def peers(request: StaffRequest) -> HttpResponse:
    only_for(request, Role.ADMINISTRATOR)
    form = PeerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        peer, secret = actions.add_peer(said["name"], said["url"], by=request.user)
        return _page(request, peer, secret=secret)
    rows = Peer.objects.open().annotate(
        waiting=Count("envelopes_out", filter=Q(envelopes_out__state__in=WAITING)),
        failed=Count("envelopes_out", filter=Q(envelopes_out__state=DeliveryState.FAILED)),
    )
    status = 422 if form.errors else 200
    return render(request, "referrals/peers.html", {"form": form, "peers": rows}, status=status)


@require_http_methods(FORM_METHODS)
def peer(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The page of one; sent, another organisation under its code."""
    row = _open(request, pk)
    form = PeerOrganisationForm(request.POST or None, instance=PeerOrganisation(peer=row))
    if request.method == "POST" and form.is_valid():
        actions.name_organisation(form.save(commit=False), by=request.user)
        flash(request, _("Organisation ajoutée."))
        return redirect("referrals:peer", pk=pk)
    return _page(request, row, organisation_form=form)


@require_POST
def change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    row = _open(request, pk)
    form = PeerForm(request.POST, instance=row)
    if not form.is_valid():
        return _page(request, _open(request, pk), form=form)
    said = form.cleaned_data
    actions.change_peer(row, said["name"], said["url"], by=request.user)
    flash(request, _("Adresse enregistrée."))
    return redirect("referrals:peer", pk=pk)


@require_POST
def secret(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The secret that the other installation signs with."""
    row, form = _open(request, pk), SecretForm(request.POST)
    if form.is_valid():
        try:
            actions.keep_secret(row, form.cleaned_data["secret"], by=request.user)
        except Refused as error:
            form.add_error("secret", str(error.reason))
        else:
            flash(request, _("Secret gardé. Ce que cette installation signe est pris désormais."))
            return redirect("referrals:peer", pk=pk)
    return _page(request, row, secret_form=form)


@require_POST
def renew(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """A fresh secret, shown once, on the answer to the form."""
    row = _open(request, pk)
    return _page(request, row, secret=actions.renew_secret(row, by=request.user))


@require_POST
def forget(request: StaffRequest, pk: uuid.UUID, row_id: int) -> HttpResponse:
    row = get_object_or_404(_open(request, pk).organisations, pk=row_id)
    try:
        actions.unname_organisation(row, by=request.user)
        flash(request, _("Organisation retirée de la liste."))
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    return redirect("referrals:peer", pk=pk)


@require_POST
def stop(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    actions.stop_peer(_open(request, pk), by=request.user)
    flash(request, _("Plus rien ne part vers cette installation, et rien n’en est pris."))
    return redirect("referrals:peers")


@require_POST
def again(request: StaffRequest, pk: uuid.UUID, envelope_id: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(EnvelopeOut, pk=envelope_id, peer=_open(request, pk))
    try:
        actions.send_envelope_again(row.pk, by=request.user)
        flash(request, _("L’enveloppe repart."))
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    return redirect("referrals:peer", pk=pk)


def _open(request: StaffRequest, pk: uuid.UUID) -> Peer:
    only_for(request, Role.ADMINISTRATOR)
    return get_object_or_404(Peer.objects.open(), pk=pk)


def _page(
    request: StaffRequest,
    row: Peer,
    *,
    form: PeerForm | None = None,
    secret_form: SecretForm | None = None,
    organisation_form: PeerOrganisationForm | None = None,
    secret: str = "",
) -> HttpResponse:
    """What passed is told without naming a referral: whoever keeps addresses need not see cases."""
    sent: list[Any] = [form, secret_form, organisation_form]
    context = {
        "peer": row,
        "inbox": inbox_of(row),
        "secret": secret,
        "has_their_secret": row.secret_in is not None,
        "form": form or PeerForm(instance=row),
        "secret_form": secret_form or SecretForm(),
        "organisation_form": organisation_form or PeerOrganisationForm(instance=PeerOrganisation(peer=row)),
        "organisations": row.organisations.select_related("organisation"),
        "page": page_of(row.envelopes_out.order_by("-happened_at", "-sequence"), request, per_page=50),
    }
    status = 422 if any(one is not None and one.is_bound and one.errors for one in sent) else 200
    return render(request, "referrals/peer.html", context, status=status)
