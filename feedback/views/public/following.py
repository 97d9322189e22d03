"""Where is it: the number comes in the form, never in the address; its holder adds, asks, and says if it is settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.access import public
from core.callers import client_address
from core.even_answers import at_even_moments
from core.transitions import Refused
from feedback import following
from feedback.enums import Settled
from feedback.following import Added, Holder, TooManyTries, View
from feedback.forms.public import AddForm, FollowForm, SettledForm, WishForm
from feedback.ways import urgent_numbers

FOLLOW = "feedback/public/follow.html"


@public
@require_http_methods(["GET", "HEAD", "POST"])
@at_even_moments
def follow(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, FOLLOW, {"form": FollowForm()})
    form = FollowForm(request.POST)
    if not form.is_valid():
        return render(request, FOLLOW, {"form": form})
    holder = Holder(form.cleaned_data["number"], form.cleaned_data["code"])
    try:
        asked = _done(request, holder)
        view = following.look(holder.number, holder.code, address=client_address(request))
    except TooManyTries:
        form.add_error(None, _("Trop d'essais. Attendez un quart d'heure, puis recommencez."))
        return render(request, FOLLOW, {"form": form})
    if view is None:
        return render(request, FOLLOW, {"form": FollowForm(), "is_unknown": True, "urgent_numbers": urgent_numbers()})
    return render(
        request,
        "feedback/public/whereabouts.html",
        _whereabouts(view, asked, is_added="more" in request.POST and asked is None),
    )


def _done(request: HttpRequest, holder: Holder) -> forms.Form | None:
    """Does what the page of a number lets its holder do; out: the form that was wrong, to be shown again."""
    for name, act in ACTS.items():
        if name in request.POST:
            return act(request, holder)
    return None


def _added(request: HttpRequest, holder: Holder) -> forms.Form | None:
    form = AddForm(request.POST, request.FILES)
    if not form.is_valid():
        return form
    given = form.cleaned_data
    added = Added(form.said, recording=given["voice"], picture=given["picture"])
    if following.add(holder.number, added, source_key=f"web:{given['once']}"):
        messages.success(request, _("C'est ajouté à votre message."))
    return None


def _settled(request: HttpRequest, holder: Holder) -> forms.Form | None:
    form = SettledForm(request.POST)
    if not form.is_valid():
        return form
    settled = Settled(form.cleaned_data["settled"])
    once = request.POST.get("once", "")
    try:
        following.settle(holder.number, settled, source_key=f"web-settled:{once}")
    except Refused as refusal:
        messages.error(request, str(refusal.reason))
        return None
    thanks = (
        _("Merci de nous l'avoir dit. Nous reprenons.") if settled is Settled.NO else _("Merci de nous l'avoir dit.")
    )
    messages.success(request, thanks)
    return None


def _wished(request: HttpRequest, holder: Holder) -> forms.Form | None:
    form = WishForm(request.POST)
    if not form.is_valid():
        return form
    given = form.cleaned_data
    due = following.ask_about_data(holder, given["wish"], given["wish_words"], source_key=f"web-wish:{given['once']}")
    if due is not None:
        day = formats.date_format(timezone.localtime(due), "j F Y")
        messages.success(request, _("Votre demande est notée. Une personne décide avant le %(day)s.") % {"day": day})
    return None


# What the page's buttons send, each by the field that only its form has.
ACTS: dict[str, Callable[[HttpRequest, Holder], forms.Form | None]] = {
    "more": _added,
    "settled": _settled,
    "wish_words": _wished,
}


def _whereabouts(view: View, asked: forms.Form | None, *, is_added: bool) -> dict[str, Any]:
    return {
        "view": view,
        "is_added": is_added,
        "urgent_numbers": urgent_numbers(),
        "step": list(type(view.stage)).index(view.stage) + 1,
        "add_form": asked if isinstance(asked, AddForm) else AddForm(),
        "settled_form": asked if isinstance(asked, SettledForm) else SettledForm(),
        "wish_form": asked if isinstance(asked, WishForm) else WishForm(),
    }
