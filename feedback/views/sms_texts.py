"""The fixed texts of SMS: read, counted, written anew and approved, language by language; and what each line costs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.flash import flash
from core.sms_encoding import FOLDS, measure
from core.transitions import Refused
from directory.languages import Language, language_label
from directory.requests import StaffRequest
from feedback.actions.texts import approve_text, keep_line_writing, restore_text, write_text
from feedback.forms.sms_texts import ApprovalForm, LineWritingForm, TextForm
from feedback.models import TextVersion
from feedback.sms_cost import costs, lines
from feedback.sms_texts import (
    SAMPLE_NUMBER,
    UnknownText,
    Wording,
    fallback_language,
    is_approved,
    sample_values,
    wording,
    wordings,
)
from feedback.views.roles import for_roles
from feedback.views.texts import KEEPERS

FORM_METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class LanguageTexts:
    """The fixed texts of one language."""

    code: str
    name: str
    is_approved: bool
    texts: list[Wording]

    @property
    def waiting(self) -> int:
        """How many of them do not leave yet."""
        return sum(not one.is_approved for one in self.texts)


@require_safe
@for_roles(*KEEPERS)
def texts(request: StaffRequest) -> HttpResponse:
    """What is sent by SMS, language by language, as it would leave, with a made-up number."""
    found = [
        LanguageTexts(each.value, str(each.label), is_approved(each.value), wordings(each.value)) for each in Language
    ]
    shown = [one for one in found if one.texts]
    return render(request, "feedback/staff/texts.html", {"languages": shown, "sample": SAMPLE_NUMBER})


@require_http_methods(FORM_METHODS)
@for_roles(*KEEPERS)
def text(request: StaffRequest, language: str, name: str) -> HttpResponse:
    """One text: its words, their length and cost, who approved them. "count" only counts, for want of a script."""
    current = _wording(language, name)
    form = TextForm(request.POST or None, initial={"words": current.words})
    if form.is_bound and form.is_valid() and "count" not in request.POST:
        try:
            write_text(name, language, form.cleaned_data["words"], by=request.user)
        except Refused as refusal:
            form.add_error("words", str(refusal.reason))
        else:
            flash(request, _("Enregistré. Ce texte part dès qu’une personne qui parle la langue l’approuve."))
            return redirect("feedback:text", language, name)
    return render(request, "feedback/staff/text.html", _context(current, form), status=422 if form.errors else 200)


@require_POST
@for_roles(*KEEPERS)
def text_approve(request: StaffRequest, language: str, name: str) -> HttpResponse:
    current = _wording(language, name)
    form = ApprovalForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            approve_text(name, language, seen=said["seen"], speaker=said["speaker"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            flash(request, _("Approuvé : c’est ce texte qui part désormais."))
            return redirect("feedback:text", language, name)
    context = _context(current, TextForm(initial={"words": current.words})) | {"approval": form}
    return render(request, "feedback/staff/text.html", context, status=422)


@require_POST
@for_roles(*KEEPERS)
def text_restore(request: StaffRequest, language: str, name: str) -> HttpResponse:
    _wording(language, name)
    try:
        restore_text(name, language, by=request.user)
    except Refused as refusal:
        flash(request, str(refusal.reason), tone="error")
    else:
        flash(request, _("Le texte d’origine est revenu."))
    return redirect("feedback:text", language, name)


@require_http_methods(FORM_METHODS)
@for_roles(*KEEPERS)
def line_writing(request: StaffRequest) -> HttpResponse:
    """What a segment costs by each line, and which languages are folded there."""
    forms = [LineWritingForm(request.POST or None, line=line) for line in lines()]
    wrong = [form for form in forms if not form.is_valid()]
    if request.method == "POST" and not wrong:
        for form in forms:
            if form.has_changed():
                said = form.cleaned_data
                keep_line_writing(form.line.name, said["price"], said["folded"], by=request.user)
        flash(request, _("Enregistré."))
        return redirect("feedback:line_writing")
    status = 422 if request.method == "POST" else 200
    context = {"forms": forms, "currency": settings.SMS_CURRENCY}
    return render(request, "feedback/staff/line_writing.html", context, status=status)


def _wording(language: str, name: str) -> Wording:
    try:
        return wording(name, language)
    except UnknownText as error:
        raise Http404 from error


def _context(current: Wording, form: TextForm) -> dict[str, Any]:
    typed = str(form["words"].value() or "")
    known = TextVersion.objects.filter(name=current.name, language=current.language)
    return {
        "current": current,
        "spoken": language_label(current.language),
        "form": form,
        "approval": ApprovalForm(initial={"seen": current.words}),
        "size": measure(_filled(typed)),
        "filled": _filled(typed),
        "costs": costs(_filled(typed), current.language),
        "folds": json.dumps(FOLDS),
        "currency": settings.SMS_CURRENCY,
        "versions": known.select_related("written_by", "approved_by"),
        "is_fallback": current.language == fallback_language(),
        "fallback": language_label(fallback_language()),
        "french": wording(current.name, fallback_language()),
    }


def _filled(typed: str) -> str:
    """As it would leave; what cannot be filled is counted as typed."""
    try:
        return typed.format(**sample_values())
    except (KeyError, IndexError, ValueError, AttributeError):
        return typed
