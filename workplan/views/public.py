"""A plan for anyone to read, where the working group opened it; and the page on which it does."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from core.access import public
from core.flash import flash
from core.transitions import Refused
from directory.requests import StaffRequest
from workplan.actions.public_page import open_to_public
from workplan.models import Plan
from workplan.plans import asked_plan
from workplan.public_plan import public_plan
from workplan.querysets import opens_plans

# How long a cache on the way may keep the page: as long as a closed one may still be seen.
KEPT_SECONDS = 300


@public
@require_safe
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """The same bytes for everyone, in French like the plan itself, so that caches may keep them."""
    shown = get_object_or_404(Plan.objects.public(), code=code)
    response = _page(request, shown)
    etag = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
    known: HttpResponse | None = get_conditional_response(request, etag=etag, response=response)
    return known or response


@require_safe
def preview(request: StaffRequest) -> HttpResponse:
    """What anyone would read, for those who decide."""
    if not opens_plans(request.user):
        raise Http404
    return _page(request, asked_plan(request), is_preview=True)


@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: StaffRequest) -> HttpResponse:
    """Whether anyone may read the plan, who decided so and when."""
    shown = asked_plan(request)
    if request.method == "POST":
        if not opens_plans(request.user):
            raise Http404
        _switched(request, shown)
        return redirect(f"{reverse('workplan:public_switch')}?{urlencode({'plan': shown.code})}")
    address = reverse("workplan:public_plan", args=[shown.code])
    context = {
        "plan": shown,
        "plans": Plan.objects.order_by("-code"),
        "is_open": Plan.objects.public().filter(pk=shown.pk).exists(),
        "switches": shown.public_switches.select_related("by__organisation"),
        "may_switch": opens_plans(request.user),
        "address": request.build_absolute_uri(address),
        "minutes": KEPT_SECONDS // 60,
    }
    return render(request, "workplan/public_switch.html", context)


def _switched(request: StaffRequest, shown: Plan) -> None:
    is_open = request.POST.get("then") == "open"
    try:
        done = open_to_public(shown.pk, is_open=is_open, by=request.user)
    except Refused as refused:
        flash(request, str(refused.reason), tone="error")
        return
    if done is not None:
        said = _("La page publique est ouverte : chacun peut lire ce plan.") if is_open else _("La page est fermée.")
        flash(request, said)


def _page(request: HttpRequest, shown: Plan, *, is_preview: bool = False) -> HttpResponse:
    context = {"plan": shown, "shown": public_plan(shown), "is_preview": is_preview}
    with override("fr"):
        return render(request, "workplan/public_plan.html", context)
