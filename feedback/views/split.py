"""Sharing a message that holds two matters. The number of the second is shown once, on the page that follows."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from core.access import confidential_read
from core.transitions import Refused
from directory.requests import StaffRequest
from feedback import actions
from feedback.bringing import sms_is_welcome
from feedback.enums import LIVE, MessageDirection
from feedback.forms.split import SplitForm
from feedback.models import Case
from feedback.models.case_permissions import LISTENERS
from feedback.reading import may_read_words, recordings_of
from feedback.views.roles import case_or_404, for_roles


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*LISTENERS)
def split(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The words, and the form; then the number to tell, the same page whatever the second became."""
    case = case_or_404(request.user, pk)
    if not may_read_words(case, request.user):
        raise Http404
    form = SplitForm(request.POST or None, initial={"seen": case.state})
    if form.is_bound and form.is_valid():
        try:
            number = actions.split(
                case.pk,
                form.part(),
                once=form.cleaned_data["once"],
                by=request.user,
                seen=form.cleaned_data["seen"] or None,
            )
        except Refused as error:
            form.add_error(None, str(error.reason))
        else:
            told = form.cleaned_data["tells_by_sms"] and sms_is_welcome(case)
            context = {"case": case, "number": number, "told": told}
            return render(request, "feedback/staff/split_done.html", context)
    return _page(request, case, form)


def _page(request: StaffRequest, case: Case, form: SplitForm) -> HttpResponse:
    if case.is_restricted:
        confidential_read(case, by=request.user)
    said = [case.unsealed("words")]
    said += [one.unsealed("body") for one in case.messages.filter(direction=MessageDirection.IN)]
    context = {
        "case": case,
        "form": form,
        "said": [words for words in said if words],
        "has_recordings": bool(recordings_of(case)),
        "sms_welcome": sms_is_welcome(case),
        "is_live": case.state in LIVE,
    }
    return render(request, "feedback/staff/split.html", context, status=422 if form.is_bound else 200)
