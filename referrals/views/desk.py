"""The operator's desk: the queue on the left, the open case on the right."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.pages import page_of
from core.reading_once import reading_once
from directory.requests import StaffRequest
from directory.roles import Role
from feedback.acts import Act
from feedback.envelopes import flagged
from feedback.models import Case
from feedback.models.case_permissions import LISTENERS
from feedback.queue import COUNTED_TO, QueueName, counters, late_among, queue
from feedback.reading import decidable_by
from feedback.views.roles import case_to_show, for_roles
from referrals.enums import FilteredList
from referrals.panes import pane
from referrals.shelf import first_address, shelf_of_desk


@require_safe
@for_roles(*LISTENERS)
def desk(request: StaffRequest) -> HttpResponse:
    """The list asked for, and the case asked for or the first of the list."""
    if not request.GET and (first := first_address(request.user, FilteredList.DESK)):
        return redirect(first)
    return desk_page(request)


def desk_page(
    request: StaffRequest, *, opened: Case | None = None, typed: tuple[Act, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The whole page; `typed` is a form that came back with something to mend."""
    name = _list_name(request)
    search = request.GET.get("q", "").strip().replace("\x00", "")
    page = page_of(queue(request.user, name, search=search), request, per_page=20, counted_to=COUNTED_TO)
    case = opened or _asked_for(request) or next(iter(page), None)
    with reading_once():  # deadlines, for each line of the list and for the open case
        context = {
            "page": page,
            "late": late_among(page, name),
            "list": QueueName(name),
            "lists": QueueName,
            "search": search,
            "counters": counters(request.user),
            "saved": shelf_of_desk(request.user, name if "liste" in request.GET else "", search),
            "may_enter": request.user.has_role(Role.OPERATOR),
            "flagged_count": flagged().count() if request.user.has_role(Role.OPERATOR) else 0,
            "data_request_count": decidable_by(request.user).waiting().count(),
            "case": None,
            **(pane(case, request.user, typed=typed) if case is not None else {}),
        }
    return render(request, "referrals/cases/desk.html", context, status=status)


def _list_name(request: StaffRequest) -> str:
    """The list asked for; else what waits for this person. Restricted matters come to their recipients sorted."""
    usual = QueueName.TRIAGE.value if request.user.has_role(Role.OPERATOR) else QueueName.ANSWER.value
    name = request.POST.get("liste") or request.GET.get("liste") or usual
    return name if name in QueueName.values else usual


def _asked_for(request: StaffRequest) -> Case | None:
    asked = request.GET.get("dossier")
    if not asked:
        return None
    try:
        return case_to_show(request.user, uuid.UUID(asked))
    except ValueError as error:
        raise Http404 from error
