"""A referral as a sheet of paper, for a receiver that has no system or no network (fields: IASC, facts.md §3.1)."""

from __future__ import annotations

import uuid

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from core.access import confidential_read
from directory.requests import StaffRequest
from referrals.disclosure import disclosed_to_receiver, person_of
from referrals.enums import Refusal
from referrals.page import is_printed, profile_of
from referrals.views.referral import referral_to_show


@require_GET
def paper(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """What the receiver may hold of it, and nothing more; with room for what they answer.

    The square leads whoever types the sheet's answer to this referral: it holds an address, and says nothing itself.
    """
    row = referral_to_show(request.user, pk)
    if not is_printed(row):
        raise Http404
    seen = disclosed_to_receiver(row)
    if seen.person:
        confidential_read(row, by=request.user)
    address = settings.PUBLIC_URL + reverse("referrals:referral", args=[row.pk])
    context = {
        "referral": row,
        "seen": seen,
        "asked": row.unsealed("request"),
        "profile": profile_of(row.case),
        **person_of(row, seen),
        "refusals": Refusal.labels,
        "qr": segno.make_qr(address, error="m").svg_data_uri(scale=4, border=4),
    }
    return render(request, "referrals/paper.html", context)
