"""What anyone sees: say something, keep a number, ask where it is. No account, no script, nothing kept in addresses."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access import public
from core.actors import PERSON
from core.transitions import Refused
from directory.enums import NOT_SAID, Language
from feedback import following
from feedback.actions.receive import Spoken, receive
from feedback.deadlines import rule_for
from feedback.enums import Channel, Clock, SafeContact, Settled
from feedback.following import TooManyTries, View
from feedback.forms.public import AddForm, FollowForm, ReachForm, SettledForm, SpeakForm, WorkerForm
from feedback.sealed_door import NobodyCanRead
from feedback.slips import Slip, found_in, hand_over, take_back
from feedback.source_keys import receipt_number, thread_code
from feedback.usual_delay import in_a_sentence
from feedback.ways import urgent_numbers, ways

HERE = "feedback/public"


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, f"{HERE}/home.html", {"ways": ways()})


@public
@require_http_methods(["GET", "HEAD", "POST"])
def speak(request: HttpRequest) -> HttpResponse:
    form = SpeakForm(request.POST or None)
    return _taken_in(request, form, template="speak.html", is_delicate=False)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def workers(request: HttpRequest) -> HttpResponse:
    """Staff of any organisation: straight to the vault, whatever the words."""
    form = WorkerForm(request.POST or None)
    return _taken_in(request, form, template="workers.html", is_delicate=True)


@public
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """Shows the number once, to the browser that was handed it."""
    slip = found_in(request)
    if slip is None:
        return render(request, f"{HERE}/receipt_gone.html")
    qr = segno.make_qr(slip.number, error="m").svg_data_uri(scale=6, border=4)
    page = render(request, f"{HERE}/receipt.html", {"slip": slip, "qr": qr, "delays": _delays()})
    if request.method == "GET":
        take_back(page)
    return page


@public
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """The number comes in the form, never in the address."""
    if request.method != "POST":
        return render(request, f"{HERE}/follow.html", {"form": FollowForm()})
    form = FollowForm(request.POST)
    if not form.is_valid():
        return render(request, f"{HERE}/follow.html", {"form": form})
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    try:
        asked = _done(request, number)
        view = following.look(number, code)
    except TooManyTries:
        form.add_error(None, _("Trop d'essais. Attendez un quart d'heure, puis recommencez."))
        return render(request, f"{HERE}/follow.html", {"form": form})
    if view is None:
        return render(request, f"{HERE}/follow.html", {"form": FollowForm(), "is_unknown": True})
    return render(request, f"{HERE}/whereabouts.html", _whereabouts(view, asked))


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, f"{HERE}/privacy.html")


@public
@require_safe
def urgent(request: HttpRequest) -> HttpResponse:
    return render(request, f"{HERE}/urgent.html", {"numbers": urgent_numbers()})


def _taken_in(request: HttpRequest, form: ReachForm, *, template: str, is_delicate: bool) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        slip = _slip(form)
        try:
            receive(_spoken(form, slip, is_delicate=is_delicate), by=PERSON)
        except NobodyCanRead:
            form.add_error(
                None, _("Nous n'avons pas pu garder votre message. Gardez ce que vous avez écrit et réessayez.")
            )
        else:
            response = redirect("feedback:receipt")
            hand_over(response, slip, secure=request.is_secure())
            return response
    return render(request, f"{HERE}/{template}", {"form": form, "delays": _delays()})


def _slip(form: ReachForm) -> Slip:
    source = _source(form)
    return Slip(receipt_number(source), thread_code(source) if form.cleaned_data["wants_thread"] else "")


def _source(form: Any) -> str:
    return f"web:{form.cleaned_data['once']}"


def _spoken(form: ReachForm, slip: Slip, *, is_delicate: bool) -> Spoken:
    given = form.cleaned_data
    listener = form.wanted_listener
    return Spoken(
        source_key=_source(form),
        receipt_number=slip.number,
        code=slip.code,
        words=given["words"],
        channel=Channel.WEB,
        received_at=timezone.now(),
        phone=form.phone,
        contact=form.way_to_reach,
        language=Language.ENGLISH if get_language() == "en" else NOT_SAID,
        place=form.found_place,
        place_said=given["place_said"],
        concerned=given["concerned"],
        safe_contact=given["safe_contact"] or SafeContact.NONE,
        note=listener,
        is_delicate=is_delicate or bool(listener),
    )


def _delays() -> dict[str, str]:
    """How soon, as the deadlines table promises it, and how long it usually takes; what nobody knows is not shown."""
    rules = {"read": rule_for(Clock.TRIAGE), "answered": rule_for(Clock.ANSWER)}
    promised = {name: rule.in_full for name, rule in rules.items() if rule is not None}
    return promised | {"usual": in_a_sentence()}


def _done(request: HttpRequest, number: str) -> AddForm | SettledForm | None:
    """Does what the page of a number lets its holder do; out: the form that was wrong, to be shown again."""
    if "more" in request.POST:
        return _added(request, number)
    if "settled" in request.POST:
        return _settled(request, number)
    return None


def _added(request: HttpRequest, number: str) -> AddForm | None:
    form = AddForm(request.POST)
    if not form.is_valid():
        return form
    if following.add(number, form.cleaned_data["more"], source_key=_source(form)):
        messages.success(request, _("C'est ajouté à votre message."))
    return None


def _settled(request: HttpRequest, number: str) -> SettledForm | None:
    form = SettledForm(request.POST)
    if not form.is_valid():
        return form
    settled = Settled(form.cleaned_data["settled"])
    once = request.POST.get("once", "")
    try:
        following.settle(number, settled, source_key=f"web-settled:{once}")
    except Refused as refusal:
        messages.error(request, str(refusal.reason))
        return None
    thanks = (
        _("Merci de nous l'avoir dit. Nous reprenons.") if settled is Settled.NO else _("Merci de nous l'avoir dit.")
    )
    messages.success(request, thanks)
    return None


def _whereabouts(view: View, asked: AddForm | SettledForm | None) -> dict[str, Any]:
    return {
        "view": view,
        "step": list(type(view.stage)).index(view.stage) + 1,
        "add_form": asked if isinstance(asked, AddForm) else AddForm(),
        "settled_form": asked if isinstance(asked, SettledForm) else SettledForm(),
    }
