"""Typing in what was said, and sorting it in the same go. After one form comes the next of the pile."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core.flash import flash
from core.index import drawn_hash
from core.transitions import Refused
from directory.models import User
from directory.requests import StaffRequest
from directory.roles import Role
from feedback import actions
from feedback.actions.drafts import typed_in
from feedback.actions.entry import Entered
from feedback.duplicates import Likeness, alike
from feedback.forms.entry import DelicateForm, EntryForm, moment_of
from feedback.forms.triage import AtOnceForm
from feedback.models import Draft
from feedback.recipients import NobodyReads
from feedback.views.roles import for_roles

FORM_METHODS = ["GET", "HEAD", "POST"]
NOT_SAVED_YET = gettext_lazy("Rien n’est encore enregistré : gardez votre saisie en brouillon.")
SORT, DRAFT = "sort", "draft"
# What a draft holds: what the form asks, and nothing else that a browser may send.
KEPT_IN_A_DRAFT = (*EntryForm.base_fields, *AtOnceForm.base_fields)


@dataclass
class Typed:
    """What one page of entry holds: what is said, and the sorting if there is one."""

    form: Any
    sort: Any
    entered: Entered | None = None
    likely: list[Likeness] = field(default_factory=list)


@require_http_methods(FORM_METHODS)
@for_roles(Role.OPERATOR)
def enter(request: StaffRequest) -> HttpResponse:
    """One form, then the next. What has to be sealed gives the same page, and nothing else here."""
    if request.method != "POST":
        return _page(request, _blank_or_draft(request))
    if request.POST.get("then") == DRAFT:
        return _put_aside(request)
    wants_sorting = request.POST.get("then") == SORT or bool(request.POST.get("safety"))
    typed = Typed(EntryForm(request.POST), AtOnceForm(request.POST if wants_sorting else None))
    typed.entered = _enter(request, typed.form, typed.sort)
    if typed.entered is None:
        return _page(request, typed, status=422)
    actions.discard_draft(typed.form.cleaned_data["once"], by=request.user)
    typed.likely = _like_what_was_entered(typed, request.user)
    typed.form, typed.sort = EntryForm(initial=typed.form.kept()), AtOnceForm()
    return _page(request, typed)


@require_http_methods(FORM_METHODS)
@for_roles(Role.OPERATOR)
def enter_delicate(request: StaffRequest) -> HttpResponse:
    """The minimum, with the script on the screen; straight to the trained people."""
    form = DelicateForm(request.POST or None)
    entered = _enter(request, form)
    if entered is not None:
        return render(request, "feedback/staff/entry_sent.html", {"entered": entered})
    status = 422 if form.is_bound else 200
    return render(request, "feedback/staff/entry_delicate.html", {"form": form}, status=status)


@require_POST
@for_roles(Role.OPERATOR)
def like_this(request: StaffRequest) -> HttpResponse:
    """While typing: ordinary cases that this person sees anyway, and that may say the same."""
    form = EntryForm(request.POST)
    form.is_valid()
    data = form.cleaned_data
    likely = _alike(data, request.POST.get("summary", ""), request.user)
    return render(request, "feedback/staff/_alike.html", {"likely": likely})


@require_http_methods(FORM_METHODS)
@for_roles(Role.OPERATOR)
def drafts(request: StaffRequest) -> HttpResponse:
    """One's own; sent, it keeps what is being typed, and says whether it did in as many bytes."""
    if request.method == "POST":
        return JsonResponse({"kept": 1 if _keep(request) else 0})
    found = Draft.objects.visible_to(request.user)
    return render(request, "feedback/staff/drafts.html", {"drafts": found})


@require_POST
@for_roles(Role.OPERATOR)
def draft_delete(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    get_object_or_404(Draft.objects.visible_to(request.user), pk=pk)
    actions.discard_draft(pk, by=request.user)
    flash(request, _("Brouillon supprimé."))
    return redirect("feedback:drafts")


def _page(request: StaffRequest, typed: Typed, *, status: int = 200) -> HttpResponse:
    context = {
        "form": typed.form,
        "sort": typed.sort,
        "both": [typed.form, typed.sort],
        "sort_is_open": typed.sort.is_bound or bool(typed.sort.initial.get("safety")),
        "entered": typed.entered,
        "likely": typed.likely,
        "draft_count": Draft.objects.visible_to(request.user).count(),
        "draft_key": _key_of_offline_drafts(request.user),
    }
    return render(request, "feedback/staff/entry.html", context, status=status)


def _blank_or_draft(request: StaffRequest) -> Typed:
    asked = request.GET.get("brouillon")
    if not asked:
        return Typed(EntryForm(), AtOnceForm())
    try:
        draft = get_object_or_404(Draft.objects.visible_to(request.user), pk=uuid.UUID(asked))
    except ValueError as error:
        raise Http404 from error
    several = [name for name in AtOnceForm.base_fields if name.startswith("implicated_")]
    typed = {name: values if name in several else values[0] for name, values in typed_in(draft).items() if values}
    return Typed(EntryForm(initial=typed | {"once": draft.pk}), AtOnceForm(initial=typed))


def _put_aside(request: StaffRequest) -> HttpResponse:
    if _keep(request):
        flash(request, _("Brouillon gardé : vous seul le voyez."))
        return redirect("feedback:drafts")
    typed = Typed(EntryForm(request.POST), AtOnceForm(request.POST))
    typed.form.errors.clear()
    typed.sort.errors.clear()
    why = _("Ceci ne se garde pas en brouillon : enregistrez-le, ou passez par « Sujet délicat ».")
    typed.form.add_error(None, why)
    return _page(request, typed, status=422)


def _keep(request: StaffRequest) -> bool:
    try:
        pk = uuid.UUID(request.POST.get("once", ""))
    except ValueError:
        return False
    typed = {name: values for name in KEPT_IN_A_DRAFT if any(values := request.POST.getlist(name)) and name != "once"}
    return actions.keep_draft(pk, typed, by=request.user)


def _enter(request: StaffRequest, form: Any, sort: Any = None) -> Entered | None:
    """None while there is something to mend, which the form says."""
    is_sorting = sort is not None and sort.is_bound
    # Both are asked, so that all there is to mend is said at once.
    valid = [one.is_valid() for one in (form, *([sort] if is_sorting else []))]
    if not all(valid):
        return None
    try:
        if is_sorting:
            return actions.enter_sorted(form.spoken(), sort.decision(), by=request.user)
        return actions.enter(form.spoken(), by=request.user)
    except NobodyReads as error:
        form.add_error(None, f"{error.reason} {NOT_SAVED_YET}")
    except Refused as error:
        form.add_error(None, str(error.reason))
    return None


def _like_what_was_entered(typed: Typed, user: User) -> list[Likeness]:
    """From what was typed alone, so that it is the same whatever lane it went to."""
    summary = typed.sort.cleaned_data.get("summary", "") if typed.sort.is_bound else ""
    own = typed.entered.case.pk if typed.entered is not None and typed.entered.case is not None else None
    return [one for one in _alike(typed.form.cleaned_data, summary, user) if one.case.pk != own]


def _alike(data: dict[str, Any], summary: str, user: User) -> list[Likeness]:
    words = f"{data.get('words', '')} {summary}"
    return alike(words, data.get("place"), user, around=moment_of(data.get("said_on")))


def _key_of_offline_drafts(user: User) -> str:
    """Seals what a browser without network must keep: only this person's own pages hold it, and no disk does.

    Under the first key of the ring, whatever was added since: what waits on a telephone must still open.
    """
    return base64.b64encode(bytes.fromhex(drawn_hash(f"{user.pk}:{user.password}", "offline-drafts", keys=1))).decode()
