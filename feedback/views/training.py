"""Practising: what it holds back, and how it ends."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.models import Outbound
from core.outbox import IN_TRAINING
from directory.requests import StaffRequest
from feedback.views.roles import for_roles
from feedback.views.texts import KEEPERS


@require_safe
@for_roles(*KEEPERS)
def training(request: StaffRequest) -> HttpResponse:
    held = Outbound.objects.filter(reason=IN_TRAINING)
    counts = {way.value: held.filter(way=way).count() for way in Outbound.Way}
    return render(request, "feedback/staff/training.html", {"is_on": settings.TRAINING, "held": counts})
