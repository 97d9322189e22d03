"""Messages that could not be processed: when, by which gateway and why, never what they say."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.flash import flash
from core.pages import page_of
from directory.requests import StaffRequest
from directory.roles import Role
from feedback import envelopes
from feedback.views.roles import for_roles


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.OPERATOR)
def flagged(request: StaffRequest) -> HttpResponse:
    """The list; sent, it asks that all be tried again."""
    if request.method == "POST":
        count = envelopes.take_up_flagged(by=request.user)
        said = ngettext("%(count)s message est repris.", "%(count)s messages sont repris.", count) % {"count": count}
        flash(request, said)
        return redirect("directory:home")
    page = page_of(envelopes.flagged(), request, per_page=50)
    return render(request, "feedback/staff/flagged.html", {"page": page})
