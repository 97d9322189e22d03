"""Requests that lines refused: how many and since when, never what they say; and their second chance."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core import quarantine
from core.flash import flash
from directory.requests import StaffRequest
from directory.roles import Role
from feedback.actions.quarantine import Verified, verify_again
from feedback.views.lines import every_line, one_line
from feedback.views.roles import for_roles


@require_safe
@for_roles(Role.ADMINISTRATOR)
def quarantined(request: StaffRequest) -> HttpResponse:
    found = quarantine.by_line()
    lines = [(shown, found[shown.name]) for shown in every_line() if shown.name in found]
    return render(request, "feedback/staff/quarantine.html", {"lines": lines})


@require_POST
@for_roles(Role.ADMINISTRATOR)
def verify(request: StaffRequest, name: str) -> HttpResponse:
    """Asked for a line that was mended."""
    shown = one_line(name)
    found = verify_again(shown.name, by=request.user)
    flash(request, _in_words(found), tone="success" if found.taken else "error")
    return redirect("feedback:quarantine")


def _in_words(found: Verified) -> str:
    taken = ngettext(
        "%(count)s requête est reconnue et prise en compte.",
        "%(count)s requêtes sont reconnues et prises en compte.",
        found.taken,
    )
    refused = ngettext("%(count)s reste en quarantaine.", "%(count)s restent en quarantaine.", found.refused)
    sentences = [taken % {"count": found.taken}, refused % {"count": found.refused}]
    return " ".join([*sentences, *([_("Les autres sont en cours de vérification.")] if found.later else [])])
