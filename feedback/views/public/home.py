"""The first page, and those that only say something: how we treat what is said, and where to turn when it is urgent."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.access import public
from feedback.ways import urgent_numbers, ways


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "feedback/public/home.html", {"ways": ways()})


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The delays are those of the settings: what is promised here is what the jobs do."""
    kept = {
        "ordinary": settings.RETENTION_ORDINARY_DAYS,
        "restricted": settings.RETENTION_RESTRICTED_DAYS,
        "contact": settings.RETENTION_CONTACT_DAYS,
        "sealed": settings.RETENTION_SEALED_WORDS_DAYS,
        "decided": settings.DATA_REQUEST_DAYS,
    }
    return render(request, "feedback/public/privacy.html", {"kept": kept})


@public
@require_safe
def urgent(request: HttpRequest) -> HttpResponse:
    return render(request, "feedback/public/urgent.html", {"numbers": urgent_numbers()})
