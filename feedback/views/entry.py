"""Typing in what was said. After one form comes the next of the pile, with its channel, day and place kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.transitions import Refused
from directory.requests import StaffRequest
from directory.roles import Role
from feedback import actions
from feedback.actions.entry import Entered
from feedback.forms.entry import DelicateForm, EntryForm
from feedback.views.roles import for_roles
from psea.actions.receive import NobodyCanRead

FORM_METHODS = ["GET", "HEAD", "POST"]
NOBODY_CAN_READ = _(
    "Aucune personne de garde ne peut recevoir ce message maintenant. Gardez cette page ouverte, "
    "et appelez la coordination PEAS."
)


@require_http_methods(FORM_METHODS)
@for_roles(Role.OPERATOR)
def enter(request: StaffRequest) -> HttpResponse:
    """One form, then the next. What has to be sealed gives the same page, and nothing else here."""
    form = EntryForm(request.POST or None)
    entered = _enter(request, form)
    if entered is not None:
        following = EntryForm(initial=form.kept())
        return render(request, "feedback/staff/entry.html", {"form": following, "entered": entered})
    return render(request, "feedback/staff/entry.html", {"form": form, "entered": None}, status=_status(form))


@require_http_methods(FORM_METHODS)
@for_roles(Role.OPERATOR)
def enter_delicate(request: StaffRequest) -> HttpResponse:
    """The minimum, with the script on the screen; straight to the trained people."""
    form = DelicateForm(request.POST or None)
    entered = _enter(request, form)
    if entered is not None:
        return render(request, "feedback/staff/entry_sent.html", {"entered": entered})
    return render(request, "feedback/staff/entry_delicate.html", {"form": form}, status=_status(form))


def _enter(request: StaffRequest, form: Any) -> Entered | None:
    """None while there is something to mend, which the form says."""
    if not (form.is_bound and form.is_valid()):
        return None
    try:
        return actions.enter(form.spoken(), by=request.user)
    except Refused as error:
        form.add_error(None, str(error.reason))
    except NobodyCanRead:
        form.add_error(None, NOBODY_CAN_READ)
    return None


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200
