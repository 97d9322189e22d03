"""What was passed on without consent: rare, listed, and looked at again by somebody else."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import confidential_read
from core.flash import flash
from core.pages import page_of
from core.transitions import Refused
from directory.models import User
from directory.requests import StaffRequest
from directory.roles import RESTRICTED_ROLES, Role
from feedback.views.roles import for_roles
from referrals.actions.reviewing import review_override, why_not_review
from referrals.models import Consent, Referral

REVIEWERS = (Role.AGENCY_MANAGER, Role.WORKING_GROUP, *RESTRICTED_ROLES.values())


@require_safe
@for_roles(*REVIEWERS)
def overrides(request: StaffRequest) -> HttpResponse:
    """Those that wait first, the oldest before; then those that were reviewed, the latest before. No word of anyone."""
    sent = Referral.objects.order_by("created_at")
    rows = Consent.objects.overrides_read_by(request.user).order_by(
        F("reviewed_at").desc(nulls_first=True), "given_at", "pk"
    )
    rows = rows.select_related("receiver", "receiver_office__organisation", "recorded_by", "reviewed_by")
    page = page_of(rows.prefetch_related(Prefetch("referrals", sent, to_attr="sent")), request, per_page=25)
    for row in page:
        if row.kept_kind:
            confidential_read(row, by=request.user)
    shown = [
        {"row": row, "sent": _shown(row, request.user), "why_not": why_not_review(row, request.user)} for row in page
    ]
    return render(request, "referrals/overrides.html", {"page": page, "shown": shown})


def _shown(row: Any, user: User) -> list[Referral]:
    """Their own organisation's; else of whoever they answer for."""
    return [one for one in row.sent if one.sender_id == user.organisation_id] or row.sent


@require_POST
@for_roles(*REVIEWERS)
def review(request: StaffRequest, pk: int) -> HttpResponse:
    try:
        done: Any = review_override(pk, finding=request.POST.get("finding", ""), by=request.user)
    except Consent.DoesNotExist as error:
        raise Http404 from error
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    else:
        flash(request, _("Relu : %(finding)s.") % {"finding": done.get_review_display()})
    return redirect("referrals:overrides")
