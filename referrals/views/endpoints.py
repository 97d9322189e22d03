"""Settings: where organisations' systems are told of events, and what became of each."""

from __future__ import annotations

import uuid

from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.flash import flash
from core.pages import page_of
from core.transitions import Refused
from directory.permissions import organisations_kept_by
from directory.requests import StaffRequest
from referrals.actions.endpoints import add_endpoint, send_again, stop_endpoint
from referrals.enums import DeliveryState
from referrals.forms.endpoints import DeliveryFilter, EndpointForm
from referrals.models import Delivery, Endpoint


@require_http_methods(["GET", "HEAD", "POST"])
def endpoints(request: StaffRequest) -> HttpResponse:
    """Those of the organisations that the reader keeps; a fresh secret is shown once, on the answer to the form."""
    kept = organisations_kept_by(request.user).filter(is_active=True)
    if not kept.exists():
        raise Http404
    form, secret = EndpointForm(request.POST or None, organisations=kept), ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        _endpoint, secret = add_endpoint(said["organisation"], said["name"], said["url"], by=request.user)
        form = EndpointForm(organisations=kept)
    rows = _kept(request).annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state__in=[DeliveryState.QUEUED, DeliveryState.SENDING])),
        failed=Count("deliveries", filter=Q(deliveries__state=DeliveryState.FAILED)),
        last=Max("deliveries__tried_at", filter=Q(deliveries__state=DeliveryState.DELIVERED)),
    )
    return render(request, "referrals/endpoints.html", {"form": form, "secret": secret, "endpoints": rows})


@require_safe
def endpoint(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """What was sent there, latest first. Which referral it was about is for those who may see it, not for this page."""
    row = get_object_or_404(_kept(request), pk=pk)
    form = DeliveryFilter(request.GET)
    found = Delivery.objects.filter(endpoint=row)
    if form.is_valid() and form.cleaned_data["state"]:
        found = found.filter(state=form.cleaned_data["state"])
    page = page_of(found, request, per_page=50)
    context = {"endpoint": row, "page": page, "filter_form": form, "states": DeliveryState}
    return render(request, "referrals/endpoint.html", context)


@require_POST
def stop(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    stop_endpoint(get_object_or_404(_kept(request), pk=pk), by=request.user)
    flash(request, _("Plus rien ne part vers cette adresse."))
    return redirect("referrals:endpoints")


@require_POST
def again(request: StaffRequest, pk: uuid.UUID, delivery_id: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(Delivery, pk=delivery_id, endpoint__in=_kept(request).filter(pk=pk))
    try:
        send_again(row.pk, by=request.user)
        flash(request, _("L’événement repart."))
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    return redirect("referrals:endpoint", pk=pk)


def _kept(request: StaffRequest) -> QuerySet[Endpoint]:
    rows = Endpoint.objects.filter(organisation__in=organisations_kept_by(request.user), stopped_at=None)
    return rows.select_related("organisation")
