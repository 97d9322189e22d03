"""What people ask about what they said: noted, decided before a date, and told to whoever cannot read it."""

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
from feedback.following import Holder, ask_about_data
from feedback.forms.data_request import DecisionForm, NoteWishForm, ToldForm
from feedback.models import Case, DataRequest
from feedback.models.case_permissions import REFERRERS
from feedback.reading import decidable_by
from feedback.views.roles import case_or_404, for_roles

LISTENING = (Role.OPERATOR, *RESTRICTED_ROLES.values())


@require_safe
@for_roles(*LISTENING)
def data_requests(request: StaffRequest) -> HttpResponse:
    """The earliest deadline first."""
    waiting = decidable_by(request.user).waiting().select_related("case")
    return render(request, "feedback/staff/data_requests.html", {"page": page_of(waiting, request, per_page=50)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*LISTENING)
def data_request(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """One request, with what is kept; sent, the decision, or how the person was told of it."""
    requests = decidable_by(request.user).select_related("case", "decided_by", "told_by")
    asked = get_object_or_404(requests, pk=pk)
    if "how" in request.POST:
        return _told(request, asked)
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


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*REFERRERS)
def note_request(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """What a person asks by voice, noted by whoever sees their case; it shows nothing of what they said."""
    case = case_or_404(request.user, pk)
    form, due = NoteWishForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        holder = Holder(case.unsealed("receipt_number"))
        key = f"staff-wish:{given['once']}"
        due = ask_about_data(holder, given["wish"], given["wish_words"], source_key=key, by=request.user)
        if due is None:
            form.add_error(None, _("Ses textes sont déjà détruits."))
    context = {"case": case, "form": form, "due": due}
    return render(request, "feedback/staff/data_request_note.html", context)


def _told(request: StaffRequest, asked: DataRequest) -> HttpResponse:
    told = ToldForm(request.POST)
    if not told.is_valid():
        return _page(request, asked, DecisionForm(), told)
    try:
        actions.tell_decision(asked.pk, by=request.user, **told.cleaned_data)
        flash(request, _("Noté : la personne sait ce qui est décidé."))
    except Case.DoesNotExist:
        pass
    except Refused as refusal:
        flash(request, str(refusal.reason), tone="error")
    return redirect("feedback:data_requests")


def _page(request: StaffRequest, asked: DataRequest, form: DecisionForm, told: ToldForm | None = None) -> HttpResponse:
    case = asked.case
    if case.is_restricted:
        confidential_read(case, by=request.user)
    context = {
        "asked": asked,
        "case": case,
        "form": form,
        "words": asked.unsealed("words"),
        "reason": asked.unsealed("reason"),
        "is_untold": DataRequest.objects.untold().filter(pk=asked.pk).exists(),
        "told_form": told or ToldForm(),
    }
    return render(request, "feedback/staff/data_request.html", context)
