"""What people ask about what they said: who decides sees it, by when, and decides."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access import confidential_read
from core.flash import flash
from core.pages import page_of
from core.transitions import Refused
from directory.requests import StaffRequest
from directory.roles import RESTRICTED_ROLES, Role
from feedback import actions
from feedback.forms.data_request import DecisionForm
from feedback.models import Case, DataRequest
from feedback.reading import decidable_by
from feedback.views.roles import for_roles

LISTENING = (Role.OPERATOR, *RESTRICTED_ROLES.values())


@require_safe
@for_roles(*LISTENING)
def data_requests(request: StaffRequest) -> HttpResponse:
    """The earliest deadline first."""
    waiting = decidable_by(request.user).undecided().select_related("case")
    return render(request, "feedback/staff/data_requests.html", {"page": page_of(waiting, request, per_page=50)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*LISTENING)
def data_request(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """One request, with what is kept; sent, the decision."""
    asked = get_object_or_404(decidable_by(request.user).select_related("case", "decided_by"), pk=pk)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide_data_request(asked.pk, by=request.user, **form.cleaned_data)
        except Case.DoesNotExist:
            return redirect("feedback:data_requests")
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            flash(request, _("C’est décidé, et noté dans l’audit."))
            return redirect("feedback:data_requests")
    return _page(request, asked, form)


def _page(request: StaffRequest, asked: DataRequest, form: DecisionForm) -> HttpResponse:
    case = asked.case
    if case.is_restricted:
        confidential_read(case, by=request.user)
    context = {"asked": asked, "case": case, "form": form, "words": asked.unsealed("words")}
    return render(request, "feedback/staff/data_request.html", context)
