"""The screening's word lists: how they do, what stands in them, who changed what; and a change, tried before kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.flash import flash
from core.pages import page_of
from core.transitions import Refused
from directory.languages import language_label
from directory.requests import StaffRequest
from feedback.actions.screening import MAY_LOWER, MAY_RAISE, keep_change, preview_change, standing_of
from feedback.enums import WordAct, WordEffect
from feedback.forms.screening import WordForm, languages
from feedback.models import ScreeningChange
from feedback.screening import in_force
from feedback.screening_entries import Standing
from feedback.screening_preview import Preview
from feedback.screening_set import Share, found_by, of_language, share
from feedback.views.roles import for_roles


@dataclass(frozen=True)
class LanguageList:
    """One language: how many entries are on, what was changed, and how the lists do on its invented messages."""

    code: str
    name: str
    on: int
    added: int
    off: int
    found: Share
    raised: Share


@require_safe
@for_roles(*MAY_RAISE)
def screening(request: StaffRequest) -> HttpResponse:
    rows = ScreeningChange.objects.select_related("made_by__organisation").order_by("-number")
    page = page_of(rows, request, per_page=20)
    context = {"languages": [_shown(code, name) for code, name in languages()], "page": page}
    return render(request, "feedback/staff/screening.html", context | {"changes": [_told(row) for row in page]})


@require_safe
@for_roles(*MAY_RAISE)
def screening_language(request: StaffRequest, language: str) -> HttpResponse:
    """Every entry of one language."""
    if language not in dict(languages()):
        raise Http404
    entries = list(standing_of(language).values())
    context = {
        "language": language_label(language),
        "changed": [one for one in entries if not (one.is_built_in and one.is_on)],
        "raising": _written(entries, WordEffect.RAISES),
        "sparing": _written(entries, WordEffect.SPARES),
        "acts": WordAct,
    }
    return render(request, "feedback/staff/screening_language.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*MAY_RAISE)
def screening_change(request: StaffRequest) -> HttpResponse:
    """First what it would do, then, with a reason, kept. Words travel in the form alone, never in an address."""
    form = WordForm(request.POST or None)
    seen: Preview | None = None
    if form.is_bound and form.is_valid():
        try:
            if "keep" in request.POST:
                said = form.cleaned_data
                keep_change(form.change, reason=said["reason"], seen=said["seen"] or 0, by=request.user)
                flash(request, _("Enregistré. Cela vaut pour le prochain message."))
                return redirect("feedback:screening")
            seen = preview_change(form.change, by=request.user)
        except Refused as refusal:
            form.add_error("reason" if "keep" in request.POST else "words", str(refusal.reason))
            seen = _again(form, request)
    context = {"form": form, "seen": seen, "may_lower": request.user.has_role(*MAY_LOWER)}
    if seen is not None:
        context |= _before_keeping(seen)
    return render(request, "feedback/staff/screening_change.html", context, status=422 if form.errors else 200)


def _again(form: WordForm, request: StaffRequest) -> Preview | None:
    """After a refusal to keep, what it would do is shown again, as it is now."""
    if "keep" not in request.POST:
        return None
    try:
        return preview_change(form.change, by=request.user)
    except Refused:
        return None


def _before_keeping(seen: Preview) -> dict[str, Any]:
    """What it would do in words; and the very change that was looked at, to be sent back with a reason."""
    entry = seen.change.entry
    kept = {"act": seen.change.act, "language": entry.language, "words": entry.words, "effect": entry.effect}
    readable = seen.among_ordinary.readable if seen.among_ordinary else ()
    return {
        "said": {
            "act": WordAct(seen.change.act).label,
            "language": language_label(entry.language),
            "effect": WordEffect(entry.effect).label,
        },
        "measured": [(language_label(one.language), one) for one in seen.languages],
        "readable": [{"row": case, "words": case.unsealed("words")} for case in readable],
        "least": settings.RELEASE_THRESHOLD,
        "kept": [*kept.items(), ("seen", seen.seen)],
    }


def _shown(code: str, name: str) -> LanguageList:
    entries = standing_of(code).values()
    found = found_by(in_force())
    return LanguageList(
        code=code,
        name=name,
        on=sum(one.is_on for one in entries),
        added=sum(one.is_on and not one.is_built_in for one in entries),
        off=sum(not one.is_on for one in entries),
        found=share(found, of_language(code, discloses=True)),
        raised=share(found, of_language(code, discloses=False)),
    )


def _written(entries: list[Standing], effect: WordEffect) -> list[str]:
    return sorted({one.entry.words for one in entries if one.is_on and one.entry.effect == effect})


def _told(row: ScreeningChange) -> dict[str, Any]:
    return {
        "row": row,
        "language": language_label(row.language),
        "act": WordAct(row.act).label,
        "words": row.unsealed("entry"),
        "reason": row.unsealed("reason"),
    }
