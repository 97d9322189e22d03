"""The page of one case, and the acts on it. A refusal keeps what was typed and says why."""

from __future__ import annotations

import re
import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core.access import confidential_read
from core.flash import flash
from core.pages import safe_next
from core.transitions import Conflict, Refused
from directory.requests import StaffRequest
from feedback import actions
from feedback.acts import BY_NAME, Act, form_of
from feedback.models import Case
from feedback.models.case_permissions import LISTENERS
from feedback.queue import QueueName, next_in
from feedback.reading import may_read_words
from feedback.timeline import events
from feedback.views.roles import case_or_404, case_to_show
from referrals.case_life import whole_life
from referrals.panes import pane
from referrals.views.desk import desk_page

FROM_DESK = "desk"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@require_safe
def case(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    return case_page(request, case_to_show(request.user, pk))


@require_POST
def contact(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Shows how the person can be reached, this once; the look is in the audit."""
    row = case_to_show(request.user, pk)
    try:
        revealed = actions.reveal_contact(row.pk, by=request.user)
    except Case.DoesNotExist as error:
        raise Http404 from error
    return case_page(request, row, contact=revealed)


@require_POST
def read(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The person's new words were read."""
    row = case_or_404(request.user, pk)
    try:
        actions.mark_read(row.pk, messages=_ids(request), by=request.user)
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    return redirect(safe_next(request, reverse("referrals:case", args=[row.pk])))


@require_POST
def act(request: StaffRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """One act of the table `feedback.acts`."""
    row = case_or_404(request.user, pk)
    chosen = BY_NAME[name]
    form = form_of(chosen, row, request.POST)
    if not form.is_valid():
        return _again(request, case_to_show(request.user, pk), chosen, form, status=422)
    try:
        sentence = chosen.perform(row, form, request.user)
    except Refused as error:
        current = case_to_show(request.user, pk)
        form.add_error(None, str(error.reason))
        if isinstance(error, Conflict):
            form.data = _as_seen_now(request, current)
        return _again(request, current, chosen, form, status=409)
    flash(request, sentence)
    return redirect(_after(request, row))


def _ids(request: StaffRequest) -> list[uuid.UUID]:
    """The messages that the page showed as new."""
    return [uuid.UUID(value) for value in request.POST.getlist("message") if UUID.fullmatch(value)]


def case_page(
    request: StaffRequest,
    row: Case,
    *,
    contact: str = "",
    typed: tuple[Act, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = pane(row, request.user, typed=typed)
    joined = [(one, may_read_words(one, request.user)) for one in context["joined"]]
    for one, _reads_words in joined:
        if one.is_restricted:
            confidential_read(one, by=request.user)
    own = events(row, with_words=context["reads_words"], joined=joined)
    life = whole_life(context["hops"], own)
    context |= {"life": life, "contact": contact, "came_back": typed is not None}
    return render(request, "referrals/cases/case.html", context, status=status)


def _again(request: StaffRequest, row: Case, chosen: Act, form: Any, *, status: int) -> HttpResponse:
    if request.POST.get("back") == FROM_DESK and request.user.has_role(*LISTENERS):
        return desk_page(request, opened=row, typed=(chosen, form), status=status)
    return case_page(request, row, typed=(chosen, form), status=status)


def _as_seen_now(request: StaffRequest, current: Case) -> Any:
    """What was typed, with the state that is before them now: sending it again is then a choice."""
    data = request.POST.copy()
    data["seen"] = current.state
    return data


def _after(request: StaffRequest, row: Case) -> str:
    """Where one goes on: the next of the list, or this case if one still may read it."""
    list_name = request.POST.get("liste", "")
    queue_name = list_name if list_name in QueueName.values else QueueName.TRIAGE.value
    from_desk = request.POST.get("back") == FROM_DESK and request.user.has_role(*LISTENERS)
    is_readable = Case.objects.visible_to(request.user).filter(pk=row.pk).exists()
    if from_desk and request.POST.get("then") == "next":
        following = next_in(request.user, queue_name, but=row.pk)
        return _desk(queue_name, following)
    if is_readable and from_desk:
        return _desk(queue_name, row)
    if is_readable:
        return reverse("referrals:case", args=[row.pk])
    return _desk(queue_name) if request.user.has_role(*LISTENERS) else reverse("directory:home")


def _desk(list_name: str, opened: Case | None = None) -> str:
    query = {"liste": list_name, **({"dossier": str(opened.pk)} if opened is not None else {})}
    return f"{reverse('referrals:desk')}?{urlencode(query)}"
