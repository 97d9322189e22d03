"""Where each role lands, and what everyone sets for themselves."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.flash import flash
from core.transitions import Refused
from directory.actions.turnover import come_back, go_away
from directory.forms.people import ProfileForm
from directory.requests import StaffRequest
from directory.roles import IN_VAULT, RESTRICTED_ROLES, Role

# The first that fits: what someone has to do now comes before what they may look at.
LANDING = (
    (tuple(IN_VAULT), "psea:locked"),
    ((Role.OPERATOR,), "referrals:desk"),
    ((Role.FOCAL_POINT,), "referrals:mine"),
    (tuple(RESTRICTED_ROLES.values()), "referrals:desk"),
    ((Role.WORKPLAN_LEAD,), "workplan:report"),
    ((Role.ADMINISTRATOR,), "directory:settings"),
    ((Role.AGENCY_MANAGER,), "referrals:mine"),
    ((Role.AUDITOR,), "workplan:journal"),
    ((Role.RECOVERY_CUSTODIAN,), "psea:locked"),
)


@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """Sends everyone to what they have to do."""
    for roles, view in LANDING:
        if request.user.has_role(*roles):
            return redirect(view)
    return redirect("workplan:dashboard")


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: StaffRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        flash(request, _("C'est enregistré."))
        return redirect("directory:profile")
    return render(request, "directory/profile.html", {"form": form})


@require_POST
def away(request: StaffRequest) -> HttpResponse:
    leaving = request.POST.get("away") == "1"
    try:
        (go_away if leaving else come_back)(request.user, by=request.user)
    except Refused as refusal:
        flash(request, str(refusal.reason), tone="error")
    else:
        said = _("Bonne absence : ce qui vous attendait attend %(name)s.") if leaving else _("Bon retour.")
        flash(request, said % {"name": request.user.deputy} if leaving else said)
    return redirect("directory:profile")
