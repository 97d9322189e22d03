"""What is referred to one's partners under contract: level 1, to read, with where it stands."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from core.pages import page_of
from directory.requests import StaffRequest
from directory.roles import Role
from referrals.forms.lists import MineFilter
from referrals.models import Referral
from referrals.page import profile_of


@require_GET
def partners(request: StaffRequest) -> HttpResponse:
    if not request.user.has_role(Role.FOCAL_POINT):
        raise Http404
    form = MineFilter(request.GET)
    rows = form.apply(Referral.objects.contracted_by(request.user)).with_names().order_by("-first_sent_at")
    return render(request, "referrals/partners.html", {"form": form, "page": page_of(rows, request)})


@require_GET
def partner(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The matter of one, and its dates: no words, no message, no contact, no act."""
    row = get_object_or_404(Referral.objects.contracted_by(request.user).with_names(), pk=pk)
    return render(request, "referrals/partner.html", {"referral": row, "profile": profile_of(row.case)})
