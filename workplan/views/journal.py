"""An organisation's auditors: the audit of what concerns it, to read, to keep, and to verify without us."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import audit, audit_export
from core.flash import flash
from core.pages import page_of
from core.sheet_writing import CSV, as_csv, download
from directory.requests import StaffRequest
from directory.roles import Role
from feedback.views.roles import for_roles
from workplan.forms.journal import JournalFilter
from workplan.journal import journal_of, told


@require_safe
@for_roles(Role.AUDITOR)
def journal(request: StaffRequest) -> HttpResponse:
    mine, form = request.user.organisation, JournalFilter(request.GET, by=request.user)
    page = page_of(form.found(journal_of(mine)), request, per_page=50)
    context = {
        "filter_form": form,
        "page": page,
        "entries": told(list(page), mine),
        "organisation": mine,
        "asked": request.GET.urlencode(),
    }
    return render(request, "workplan/journal.html", context)


@require_safe
@for_roles(Role.AUDITOR)
def journal_csv(request: StaffRequest) -> HttpResponse:
    """What the filters leave, without places: they would say how much others do. That it was taken is an act too."""
    mine, form = request.user.organisation, JournalFilter(request.GET, by=request.user)
    entries = told(list(form.found(journal_of(mine))), mine)
    headings = [_("Quand"), _("Qui"), _("Acte"), _("Sur")]
    rows = [[_moment(entry.recorded_at), who, act, on] for entry, who, act, on in entries]
    audit.record("workplan.journal.export", by=request.user, kind="table")
    return download(as_csv(headings, rows), CSV, "journal.csv")


@require_safe
@for_roles(Role.AUDITOR)
def journal_proof(request: StaffRequest) -> HttpResponse:
    """The same days as `verifier/verify_audit.py --partial` reads them: rows of others are a hash alone."""
    first, last = JournalFilter(request.GET, by=request.user).days(timezone.localdate())
    span = audit_export.days(first, last)
    if span is None:
        flash(
            request, _("Aucune journée entière de cette période n’est encore signée : revenez demain."), tone="warning"
        )
        return redirect("workplan:journal")
    lines = audit_export.partial(span, journal_of(request.user.organisation))
    content = "".join(f"{line}\n" for line in lines).encode()
    audit.record("workplan.journal.export", by=request.user, kind="proof")
    return download(content, "application/jsonl; charset=utf-8", "journal.jsonl")


def _moment(value: datetime) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
