""" "You said, we did": notes to a place, drafted, written, approved, printed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.flash import flash
from core.pages import page_of
from core.transitions import Refused
from directory.requests import StaffRequest
from directory.roles import Role
from feedback.views.roles import for_roles
from workplan.actions.notes import approve_note, draft_note, take_up_note, write_note
from workplan.forms.notes import NewNoteForm, NoteForm
from workplan.models import PlaceNote
from workplan.notes import poster_blocks, summaries, told
from workplan.querysets import NOTE_WRITERS

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def notes(request: StaffRequest) -> HttpResponse:
    rows = PlaceNote.objects.visible_to(request.user).select_related("place", "written_by", "approved_by")
    context = {"page": page_of(rows, request), "may_write": request.user.has_role(*NOTE_WRITERS)}
    return render(request, "workplan/notes.html", context)


@require_http_methods(FORM_METHODS)
@for_roles(*NOTE_WRITERS)
def note_new(request: StaffRequest) -> HttpResponse:
    form = NewNoteForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            made = draft_note(form.cleaned_data["place"], form.cleaned_data["period"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            flash(request, _("Brouillon fait des dossiers clos. Complétez ce qui est entre accolades."))
            return redirect("workplan:note", made.pk)
    return render(request, "workplan/note_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(FORM_METHODS)
def note(request: StaffRequest, pk: int) -> HttpResponse:
    """Its three texts: to be written while it is a draft, to be read once approved."""
    row = _visible(request, pk)
    may_write = request.user.has_role(*NOTE_WRITERS)
    if request.method == "POST" and not may_write:
        raise Http404
    form = NoteForm(request.POST or None, instance=row) if may_write and row.approved_at is None else None
    if form is not None and form.is_bound and form.is_valid() and "count" not in request.POST:
        try:
            write_note(pk, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            flash(request, _("Enregistré. Le groupe de travail l’approuve avant qu’elle soit dite."))
            return redirect("workplan:note", pk)
    wrong = request.method == "POST" and (form is None or bool(form.errors))
    return render(
        request, "workplan/note.html", _context(request, _visible(request, pk), form), status=422 if wrong else 200
    )


@require_POST
@for_roles(Role.WORKING_GROUP)
def note_approve(request: StaffRequest, pk: int) -> HttpResponse:
    _visible(request, pk)
    try:
        approve_note(pk, seen=request.POST.get("seen", ""), by=request.user)
    except Refused as refusal:
        flash(request, str(refusal.reason), tone="error")
    else:
        flash(request, _("Approuvée : elle peut être dite."))
    return redirect("workplan:note", pk)


@require_POST
@for_roles(*NOTE_WRITERS)
def note_take_up(request: StaffRequest, pk: int) -> HttpResponse:
    _visible(request, pk)
    try:
        made = take_up_note(pk, by=request.user)
    except Refused as refusal:
        flash(request, str(refusal.reason), tone="error")
        return redirect("workplan:note", pk)
    flash(request, _("Nouveau brouillon, avec les mots de la note approuvée, qui reste telle quelle."))
    return redirect("workplan:note", made.pk)


@require_safe
def note_poster(request: StaffRequest, pk: int) -> HttpResponse:
    row = _visible(request, pk)
    return render(request, "workplan/note_poster.html", {"note": row, "blocks": poster_blocks(row.poster)})


def _visible(request: StaffRequest, pk: int) -> PlaceNote:
    rows = PlaceNote.objects.visible_to(request.user).select_related("place", "written_by", "approved_by", "replaces")
    note: PlaceNote = get_object_or_404(rows, pk=pk)
    return note


def _context(request: StaffRequest, row: PlaceNote, form: NoteForm | None) -> dict[str, Any]:
    counts = told(row.place, row.period) if form is not None else None
    others = PlaceNote.objects.visible_to(request.user).filter(place=row.place).exclude(pk=row.pk)
    return {
        "note": row,
        "form": form,
        "counts": counts,
        "summaries": summaries(row.place, row.period, counts, request.user) if counts else [],
        "others": others.select_related("written_by", "approved_by", "place"),
        "may_approve": row.approved_at is None and request.user.has_role(Role.WORKING_GROUP),
        "may_take_up": row.approved_at is not None and request.user.has_role(*NOTE_WRITERS),
    }
