"""Public: the signed checkpoints of the audit, and how to verify it without us. Nothing here says what was done."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.access import public
from core.audit_keys import public_keys
from core.checkpoints import as_lines, latest, months, of_month
from core.models import Checkpoint

SHOWN = 12
VERIFIER = Path(settings.BASE_DIR) / "verifier" / "verify_audit.py"
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@public
@require_safe
def proofs(request: HttpRequest) -> HttpResponse:
    rows = Checkpoint.objects.order_by("-number")[:SHOWN]
    context = {
        "newest": latest(),
        "rows": rows,
        "keys": public_keys(),
        "months": months(),
    }
    return render(request, "directory/proofs.html", context)


@public
@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """Those of a month (`?mois=2026-11`, this one by default), one JSON object a line."""
    found, now = MONTH.fullmatch(request.GET.get("mois", "")), timezone.localtime()
    year, month = (int(found[1]), int(found[2])) if found else (now.year, now.month)
    return HttpResponse(as_lines(of_month(year, month)), content_type="application/jsonl; charset=utf-8")


@public
@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """The program that verifies an export, to be read before it is run."""
    return HttpResponse(VERIFIER.read_bytes(), content_type="text/plain; charset=utf-8")
