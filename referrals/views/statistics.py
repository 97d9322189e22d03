"""One's own agency beside the collective median, and all of them for the working group: no league table (DESIGN §5)."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core.flash import flash
from core.formats import DASH, alphabetical, format_percent
from core.periods import Quarter
from core.replica import from_replica
from core.transitions import Refused
from directory.models import Organisation
from directory.requests import StaffRequest
from directory.roles import ACTS_ON_REFERRALS, Role
from feedback.models import Category
from referrals import agency_statistics as figures
from referrals.actions import comment
from referrals.enums import Refusal
from referrals.forms.comment import CommentForm
from referrals.models import AgencyComment

MAY_READ = (Role.FOCAL_POINT, Role.AGENCY_MANAGER, Role.OPERATOR)
MAY_READ_ALL = (Role.WORKING_GROUP,)
QUARTERS_OFFERED = 8
TITLES = {
    "decided_on_time": gettext_lazy("acceptés ou refusés dans les délais"),
    "refused": gettext_lazy("refusés (« pas pour nous »)"),
    "answered": gettext_lazy("répondus (réponse, ajustement ou service)"),
    "answered_on_time": gettext_lazy("répondus dans les délais"),
    "confirmed": gettext_lazy("confirmés par les personnes (« c’est réglé »)"),
}


@require_http_methods(["GET", "POST"])
@from_replica
def statistics(request: StaffRequest) -> HttpResponse:
    """Ordinary referrals that the reader's organisation received, by the quarter of their first sending."""
    if not request.user.has_role(*MAY_READ):
        raise Http404
    quarter = _quarter(request.GET.get("trimestre", ""))
    said = AgencyComment.of(request.user.organisation, quarter)
    form = _comment_form(request, said)
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid() and _commented(request, quarter, form):
            return redirect(f"{reverse('referrals:statistics')}?trimestre={quarter.code}")
    return render(request, "referrals/statistics.html", _own(request, quarter) | {"form": form, "said": said})


@require_GET
@from_replica
def agencies(request: StaffRequest) -> HttpResponse:
    """Every organisation that received a referral in the quarter, by name; gaps and the agenda. Ordinary matters only.

    A restricted or a sealed matter is counted nowhere here.
    """
    if not request.user.has_role(*MAY_READ_ALL):
        raise Http404
    quarter = _quarter(request.GET.get("trimestre", ""))
    now = timezone.now()
    reasons = figures.refusals_by_reason(None, quarter.period)
    days, all_days = figures.days_to_answer(quarter.period)
    context = {
        "quarter": quarter,
        "quarters": _offered(),
        "rows": _rows(quarter, days),
        "titles": TITLES.values(),
        "all_days": all_days,
        "gaps": _named(figures.gaps_by_category(quarter.period)),
        "reasons": [(Refusal(code).label, count) for code, count in reasons.items()],
        "agenda": _of_organisations(figures.agenda(now)),
    }
    return render(request, "referrals/agencies.html", context)


def _own(request: StaffRequest, quarter: Quarter) -> dict[str, Any]:
    organisation, now = request.user.organisation, timezone.now()
    own = figures.agency_figures(organisation.pk, quarter.period, now)
    medians = figures.collective_medians(quarter.period)
    days, all_days = figures.days_to_answer(quarter.period)
    reasons = figures.refusals_by_reason(organisation.pk, quarter.period)
    shown = {name: DASH if median is None else format_percent(median) for name, median in medians.shares.items()}
    return {
        "organisation": organisation,
        "acts": request.user.has_role(*ACTS_ON_REFERRALS),
        "quarter": quarter,
        "quarters": _offered(),
        "own": own,
        "organisations": medians.organisations,
        "rows": [
            {"title": title, "count": getattr(own, name), "median": shown[name]} for name, title in TITLES.items()
        ],
        "days": days.get(organisation.pk),
        "all_days": all_days,
        "reasons": [(Refusal(code).label, count) for code, count in reasons.items()],
    }


def _rows(quarter: Quarter, days: dict[int, figures.Days]) -> list[dict[str, Any]]:
    comments = AgencyComment.objects.filter(year=quarter.year, quarter=quarter.number)
    said = {row.organisation_id: row.words for row in comments}
    rows = _of_organisations(figures.figures_by_organisation(quarter.period, timezone.now()))
    return [
        {
            "organisation": organisation,
            "figures": own,
            "counts": [(title, getattr(own, name)) for name, title in TITLES.items()],
            "days": days.get(organisation.pk),
            "said": said.get(organisation.pk, ""),
        }
        for organisation, own in rows
    ]


def _of_organisations(found: dict[int, Any]) -> list[tuple[Organisation, Any]]:
    """By name, which is no order of merit."""
    organisations = Organisation.objects.filter(pk__in=found)
    return sorted(((row, found[row.pk]) for row in organisations), key=lambda pair: alphabetical(str(pair[0])))


def _named(counts: dict[str, int]) -> list[tuple[str, int]]:
    labels = dict(Category.objects.values_list("code", "label"))
    return [(labels.get(code) or _("sans catégorie"), count) for code, count in counts.items()]


def _comment_form(request: StaffRequest, said: AgencyComment | None) -> CommentForm | None:
    if not request.user.has_role(Role.AGENCY_MANAGER):
        return None
    return CommentForm(request.POST or None, initial={"words": said.words if said else ""})


def _commented(request: StaffRequest, quarter: Quarter, form: CommentForm) -> bool:
    try:
        comment(quarter, form.cleaned_data["words"], by=request.user)
    except Refused as refused:
        form.add_error("words", str(refused.reason))
        return False
    flash(request, _("Commentaire enregistré."))
    return True


def _quarter(code: str) -> Quarter:
    """`2022-T3`; the current quarter when the address says nothing that is one."""
    found = re.fullmatch(r"(20\d\d)-T([1-4])", code)
    return Quarter(int(found[1]), int(found[2])) if found else Quarter.current()


def _offered() -> list[Quarter]:
    quarters = [Quarter.current()]
    while len(quarters) < QUARTERS_OFFERED:
        quarters.append(quarters[-1].previous)
    return quarters
