"""One's own agency beside the collective median: no league table (DESIGN §5)."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from core.formats import DASH, format_percent
from core.periods import Quarter
from directory.requests import StaffRequest
from directory.roles import Role
from referrals.agency_statistics import agency_figures, collective_medians, refusals_by_reason
from referrals.enums import Refusal

MAY_READ = (Role.FOCAL_POINT, Role.AGENCY_MANAGER, Role.OPERATOR)
QUARTERS_OFFERED = 8
TITLES = {
    "decided_on_time": _("acceptés ou refusés dans les délais"),
    "refused": _("refusés (« pas pour nous »)"),
    "answered": _("répondus (réponse, ajustement ou service)"),
    "answered_on_time": _("répondus dans les délais"),
    "confirmed": _("confirmés par les personnes (« c’est réglé »)"),
}


@require_GET
def statistics(request: StaffRequest) -> HttpResponse:
    """Ordinary referrals that the reader's organisation received, by the quarter of their first sending."""
    if not request.user.has_role(*MAY_READ):
        raise Http404
    quarter = _quarter(request.GET.get("trimestre", ""))
    now = timezone.now()
    own = agency_figures(request.user.organisation_id, quarter.period, now)
    medians = collective_medians(quarter.period, now)
    reasons = refusals_by_reason(request.user.organisation_id, quarter.period)
    shown = {name: DASH if median is None else format_percent(median) for name, median in medians.shares.items()}
    context = {
        "organisation": request.user.organisation,
        "quarter": quarter,
        "quarters": _offered(),
        "own": own,
        "organisations": medians.organisations,
        "rows": [
            {"title": title, "count": getattr(own, name), "median": shown[name]} for name, title in TITLES.items()
        ],
        "reasons": [(Refusal(code).label, count) for code, count in reasons.items()],
    }
    return render(request, "referrals/statistics.html", context)


def _quarter(code: str) -> Quarter:
    """`2022-T3`; the current quarter when the address says nothing that is one."""
    found = re.fullmatch(r"(20\d\d)-T([1-4])", code)
    return Quarter(int(found[1]), int(found[2])) if found else Quarter.current()


def _offered() -> list[Quarter]:
    quarters = [Quarter.current()]
    while len(quarters) < QUARTERS_OFFERED:
        quarters.append(quarters[-1].previous)
    return quarters
