"""Say something, and keep a number: no account, no script needed, nothing kept in addresses."""

from __future__ import annotations

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from core.access import public
from core.actors import PERSON
from core.even_answers import at_even_moments
from core.pages import padded
from directory.enums import NOT_SAID
from feedback import kept_forms
from feedback.actions.attach import keep_beside
from feedback.actions.receive import Spoken, receive
from feedback.deadlines import rule_for
from feedback.enums import Channel, Clock, SafeContact
from feedback.forms.public import ReachForm, SpeakForm, WorkerForm
from feedback.public_languages import spoken_language
from feedback.sealed_door import NobodyCanRead
from feedback.slips import Slip, found_in, hand_over, take_back
from feedback.source_keys import receipt_number, thread_code
from feedback.usual_delay import in_a_sentence
from feedback.ways import urgent_numbers


@public
@require_http_methods(["GET", "HEAD", "POST"])
@at_even_moments
def speak(request: HttpRequest) -> HttpResponse:
    form = SpeakForm(request.POST or None, request.FILES or None)
    return _taken_in(request, form, template="speak.html", is_delicate=False)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@at_even_moments
def workers(request: HttpRequest) -> HttpResponse:
    """Staff of any organisation: straight to the vault, whatever the words."""
    form = WorkerForm(request.POST or None, request.FILES or None)
    return _taken_in(request, form, template="workers.html", is_delicate=True)


@public
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """Shows the number once, to the browser that was handed it."""
    slip = found_in(request)
    if slip is None:
        return render(request, "feedback/public/receipt_gone.html")
    qr = segno.make_qr(slip.number, error="m").svg_data_uri(scale=6, border=4)
    shown = {"slip": slip, "qr": qr, "delays": delays(), "urgent_numbers": urgent_numbers()}
    page = render(request, "feedback/public/receipt.html", shown)
    if request.method == "GET":
        take_back(page)
    return page


def delays() -> dict[str, str]:
    """How soon, as the deadlines table promises it, and how long it usually takes; what nobody knows is not shown."""
    rules = {"read": rule_for(Clock.TRIAGE), "answered": rule_for(Clock.ANSWER)}
    promised = {name: rule.in_full for name, rule in rules.items() if rule is not None}
    return promised | {"usual": in_a_sentence()}


def _taken_in(request: HttpRequest, form: ReachForm, *, template: str, is_delicate: bool) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        slip = _slip(form)
        _kept(form, _spoken(form, slip, is_delicate=is_delicate))
        response = redirect("feedback:receipt")
        hand_over(response, slip, secure=request.is_secure())
        return response
    return padded(render(request, f"feedback/public/{template}", {"form": form, "delays": delays()}))


def _kept(form: ReachForm, spoken: Spoken) -> None:
    files = {"recording": form.cleaned_data["voice"], "picture": form.cleaned_data["picture"]}
    try:
        case = receive(spoken, by=PERSON)
    except NobodyCanRead:
        kept_forms.keep(spoken, marks=form.marks, **files)
        return
    if form.has_file:
        keep_beside(spoken, case, marks=form.marks, by=PERSON, **files)


def _slip(form: ReachForm) -> Slip:
    source = _source(form)
    return Slip(receipt_number(source), thread_code(source) if form.cleaned_data["wants_thread"] else "")


def _source(form: ReachForm) -> str:
    return f"web:{form.cleaned_data['once']}"


def _spoken(form: ReachForm, slip: Slip, *, is_delicate: bool) -> Spoken:
    given = form.cleaned_data
    listener = form.wanted_listener
    return Spoken(
        source_key=_source(form),
        receipt_number=slip.number,
        code=slip.code,
        words=form.said,
        channel=Channel.WEB,
        received_at=timezone.now(),
        phone=form.phone,
        contact=form.way_to_reach,
        language=spoken_language(get_language()) or NOT_SAID,
        place=form.found_place,
        place_said=given["place_said"],
        concerned=given["concerned"],
        safe_contact=given["safe_contact"] or SafeContact.NONE,
        note=listener,
        is_delicate=is_delicate or bool(listener),
        fears_retaliation=given.get("retaliation", False),
    )
