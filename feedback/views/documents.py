"""Documents to print on A4, made from the settings: cards, script, poster, radio spot."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from directory.models import Place
from directory.permissions import PRINTING_SERVICES
from directory.requests import StaffRequest
from directory.roles import DESCRIPTIONS, Role
from feedback.deadlines import rule_for
from feedback.documents import FOR_ALL, SCRIPT, card
from feedback.enums import Clock
from feedback.forms.documents import ServicesPlaceForm
from feedback.services_sheet import printed_services
from feedback.views.roles import for_roles
from feedback.views.texts import KEEPERS
from feedback.ways import urgent_numbers, ways

READERS = (*KEEPERS, Role.OPERATOR, Role.AGENCY_MANAGER)


@require_safe
@for_roles(*READERS)
def documents(request: StaffRequest) -> HttpResponse:
    roles = [(role, DESCRIPTIONS[role]) for role in Role]
    return render(request, "feedback/documents/index.html", _numbers() | {"roles": roles})


@require_safe
@for_roles(*READERS)
def role_card(request: StaffRequest, role: str) -> HttpResponse:
    if role not in Role.values:
        raise Http404
    return render(request, "feedback/documents/card.html", _numbers() | {"card": card(Role(role)), "for_all": FOR_ALL})


@require_safe
@for_roles(*READERS)
def script(request: StaffRequest) -> HttpResponse:
    promises = {"read": rule_for(Clock.TRIAGE), "answered": rule_for(Clock.ANSWER)}
    delays = {name: rule.in_full for name, rule in promises.items() if rule is not None}
    return render(request, "feedback/documents/script.html", _numbers() | {"steps": SCRIPT, "delays": delays})


@require_safe
@for_roles(*READERS)
def poster(request: StaffRequest) -> HttpResponse:
    address = f"{settings.PUBLIC_URL}/parler/"
    qr = segno.make(address, error="m").svg_data_uri(scale=8, border=2)
    return render(request, "feedback/documents/poster.html", _numbers() | {"address": address, "qr": qr})


@require_safe
@for_roles(*READERS)
def radio(request: StaffRequest) -> HttpResponse:
    return render(request, "feedback/documents/radio.html", _numbers() | {"host": _spoken(settings.PUBLIC_URL)})


@require_safe
@for_roles(*PRINTING_SERVICES)
def services(request: StaffRequest) -> HttpResponse:
    """Services of one place, for the people there; the place is chosen in the address."""
    form = ServicesPlaceForm(request.GET or None)
    place: Place | None = form.cleaned_data["lieu"] if form.is_bound and form.is_valid() else None
    context = {
        "form": form,
        "place": place,
        "services": printed_services(place) if place is not None else [],
        "today": timezone.localdate(),
        "may_see_all": request.user.has_role(*READERS),
    }
    return render(request, "feedback/documents/services.html", _numbers() | context)


def _numbers() -> dict[str, Any]:
    """What the settings say; an empty list is shown as what is missing, never filled in."""
    return {"ways": ways(), "urgent": urgent_numbers()}


def _spoken(address: str) -> str:
    return address.partition("://")[2]
