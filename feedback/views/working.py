"""« Est-ce que ça marche ? », for everyone who works here."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory.requests import StaffRequest
from directory.roles import Role
from feedback.working import now_working


@require_safe
def working(request: StaffRequest) -> HttpResponse:
    parts = now_working()
    context = {
        "parts": parts,
        "is_well": all(part.is_well for part in parts),
        "keeps_lines": request.user.has_role(Role.ADMINISTRATOR),
    }
    return render(request, "feedback/staff/working.html", context)
