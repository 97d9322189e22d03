"""Sending a case to somebody: suggestions first; level 1 in one click, level 2 asks its question."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.access import confidential_read
from core.flash import flash
from core.formats import format_date
from core.transitions import Refused
from directory.enums import ServiceType
from directory.models import Organisation
from directory.requests import StaffRequest
from feedback.enums import Lane
from feedback.models import Case
from referrals import actions
from referrals.enums import ReferralState, Side
from referrals.forms.acts import RefuseForm
from referrals.forms.sending import PersonForm, SendForm, chosen_key, name_of, receiver_of
from referrals.forms.several import ticked
from referrals.models import Referral
from referrals.page import can_go_on, profile_of
from referrals.suggestions import suggest
from referrals.timeline import chain_of, hops_in
from referrals.views.referral import referral_to_show
from referrals.views.several import to_several

# What stays as it was typed when receivers are proposed anew.
KEPT = ("once", "other", "request", "priority", "service")


@require_http_methods(["GET", "POST"])
def new(request: StaffRequest, case_id: uuid.UUID) -> HttpResponse:
    """A referral of a case that the reader sees."""
    case = get_object_or_404(
        Case.objects.visible_to(request.user).select_related("place__parent", "category"), pk=case_id
    )
    return _sending(request, case, None)


@require_http_methods(["GET", "POST"])
def next_hop(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The next hop of a referral that came back."""
    refused = referral_to_show(request.user, pk)
    if Side.SENDER not in Referral.objects.sides_of(refused, request.user) or not can_go_on(refused):
        raise Http404
    return _sending(request, refused.case, refused)


@require_http_methods(["GET", "POST"])
def refuse(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """« Pas pour nous » opens on "who is competent?", with suggestions and their reasons."""
    row = referral_to_show(request.user, pk)
    if Side.RECEIVER not in Referral.objects.sides_of(row, request.user):
        raise Http404
    form = RefuseForm(request.POST or None, referral=row)
    if request.method == "POST" and form.is_valid() and _refused(request, row, form):
        flash(request, _("Rendu à %(sender)s, qui peut le transmettre plus loin.") % {"sender": row.sender_name})
        return redirect("referrals:referral", pk=pk)
    had_it = {party for hop in hops_in(chain_of(row)) for party in (hop.sender_id, hop.receiver_id)}
    suggestions = suggest(row.case, sender=row.receiver, service=row.service_wanted, without=had_it)
    context = {"referral": row, "form": form, "suggestions": suggestions}
    return render(request, "referrals/refuse.html", context, status=422 if form.errors else 200)


def _refused(request: StaffRequest, row: Referral, form: RefuseForm) -> bool:
    try:
        actions.refuse(row.pk, by=request.user, **form.details())
    except Refused as error:
        form.add_error(None, str(error.reason))
        return False
    return True


def _sending(request: StaffRequest, case: Case, previous: Referral | None) -> HttpResponse:
    if "to-several" in request.POST and ticked(request.POST):
        return to_several(request, case, previous)
    form = _form(request, case, previous)
    form.leave_out(case.implicated())
    if request.method == "POST" and form.is_valid():
        sent = _sent(request, case, form, previous)
        if sent is not None:
            flash(request, _sentence(sent))
            return redirect("referrals:paper" if sent.is_on_paper else "referrals:referral", pk=sent.pk)
    if case.lane == Lane.RESTRICTED:
        confidential_read(case, by=request.user)
    context = _context(request, case, form, previous)
    return render(request, "referrals/new.html", context, status=422 if form.errors else 200)


def _asked_for(request: StaffRequest, previous: Referral | None) -> str:
    """The service that the address names, else the one that was asked for when it came back."""
    said = request.GET.get("service", "")
    if said in ServiceType.values:
        return said
    return previous.service_wanted if previous is not None else ""


def _form(request: StaffRequest, case: Case, previous: Referral | None) -> SendForm:
    initial = {"priority": case.priority, "service": _asked_for(request, previous), "language": case.language}
    if request.method != "POST":
        return SendForm(initial=initial)
    if "suggest" in request.POST:
        return SendForm(initial={name: request.POST.get(name, "") for name in KEPT})
    if _asks_for_level_2(request):
        typed = {name: request.POST.get(name, "") for name in ("request", "priority", "service")}
        return PersonForm(initial={**initial, **typed, "receiver": chosen_key(request.POST)})
    kind = PersonForm if "level2" in request.POST else SendForm
    return kind(request.POST, initial=initial)


def _asks_for_level_2(request: StaffRequest) -> bool:
    """The button that leads to the question, with a receiver it can be asked for."""
    return "person" in request.POST and receiver_of(chosen_key(request.POST)) is not None


def _sent(request: StaffRequest, case: Case, form: SendForm, previous: Referral | None) -> Referral | None:
    try:
        with transaction.atomic():
            _note_consent(request, case, form)
            if previous is not None:
                return actions.forward(previous.pk, form.wish(), by=request.user, pk=form.record_id())
            return actions.create_and_send(case.pk, form.wish(), by=request.user, pk=form.record_id())
    except Refused as error:
        form.add_error(None, str(error.reason))
    except Organisation.DoesNotExist:
        form.add_error(None, _("Choisissez un destinataire."))
    return None


def _note_consent(request: StaffRequest, case: Case, form: SendForm) -> None:
    if not isinstance(form, PersonForm) or Referral.objects.filter(pk=form.record_id()).exists():
        return
    actions.note_said(case.pk, form.cleaned_data["receiver"], form.said(), by=request.user)


def _sentence(sent: Referral) -> str:
    day = format_date(sent.answer_by) if sent.answer_by else ""
    facts = {"receiver": sent.receiver_name, "day": day}
    if sent.is_on_paper:
        return (
            _("Fiche prête. Remettez-la à %(receiver)s, puis notez ici sa réponse, attendue avant le %(day)s.") % facts
        )
    return _("Transmis à %(receiver)s. Réponse attendue avant le %(day)s.") % facts


def _context(request: StaffRequest, case: Case, form: SendForm, previous: Referral | None) -> dict[str, Any]:
    sent = Referral.objects.filter(case=case).exclude(state=ReferralState.DRAFT).with_names()
    tried = sent.values_list("receiver_id", flat=True)
    wanted = str(form["service"].value() or "")
    return {
        "case": case,
        "form": form,
        "previous": previous,
        "ticked": request.POST.getlist("several"),
        "profile": profile_of(case),
        "is_person": isinstance(form, PersonForm),
        "receiver_name": name_of(str(form["receiver"].value() or "")) if isinstance(form, PersonForm) else "",
        "sent": sent,
        "suggestions": suggest(case, sender=request.user.organisation, service=wanted, without=tried, refused=previous),
    }
