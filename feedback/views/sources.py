"""What other organisations collected: their files, what was found in them, what their words mean, what came when."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from core.flash import flash
from core.pages import page_of
from core.sheet_acts import discard
from core.sheet_writing import CSV, Cell, as_csv, download
from core.transitions import Refused
from directory.models import Organisation
from directory.requests import StaffRequest
from directory.roles import Role
from feedback.actions.source_files import (
    check_source_file,
    confirm_source_file,
    decide_for_file,
    is_of_cases,
    table_of,
    undecided_of,
    upload_source_file,
)
from feedback.actions.source_words import decide_words
from feedback.enums import Came, DepositKind, DepositWay
from feedback.forms.sources import BY_HAND, COLUMNS_FORMS, DepositFilter, SourceFileForm, WordsForm
from feedback.ingest_columns import COLUMNS, example
from feedback.ingest_figures import FigureWrong
from feedback.ingest_glimpse import Glimpse
from feedback.models import Deposit, SourceFile, SourceWord
from feedback.sheet_rows import Wrong
from feedback.source_words import words_of
from feedback.views.roles import for_roles

FORM_METHODS = ["GET", "HEAD", "POST"]
TAKING_IN = (Role.OPERATOR, Role.WORKING_GROUP)
ROWS_SHOWN, LINES_SHOWN = 5, 50


@require_http_methods(FORM_METHODS)
@for_roles(*TAKING_IN)
def sources(request: StaffRequest) -> HttpResponse:
    """One's own files, the form for another, and all that sources deposited."""
    form = SourceFileForm(request.POST or None, request.FILES or None, user=request.user)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            row = upload_source_file(data["file"], **form.asked(), once=data["once"], by=request.user)
        except Refused as error:
            form.add_error("file", str(error.reason))
        else:
            return redirect("feedback:source_file", row.pk)
    chosen = DepositFilter(request.GET)
    page: Any = page_of(chosen.found(Deposit.objects.all()).by_day(), request)
    context = {
        "form": form,
        "may_enter": request.user.has_role(Role.OPERATOR),
        "files": SourceFile.objects.visible_to(request.user).select_related("source").defer("content", "unknown")[:20],
        "filter_form": chosen,
        "page": page,
        "deposits": _by_day(page),
        "outcomes": list(Came),
        "with_words": Organisation.objects.filter(pk__in=SourceWord.objects.values("source")),
        "kinds": form.fields["kind"].choices,  # type: ignore[attr-defined]  # of a choice field
    }
    return render(request, "feedback/staff/sources.html", context, status=422 if form.is_bound else 200)


@require_http_methods(FORM_METHODS)
@for_roles(*TAKING_IN)
def source_file(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Where a file stands: its columns, what the check found, its words, how far it is, what came of it."""
    row = _own(request, pk)
    acts = {"check": _check, "decide": _decide, "take": _take, "discard": _discard}
    then = request.POST.get("then", "")
    if request.method == "POST" and then in acts:
        return acts[then](request, row)
    return _shown(request, row)


@require_safe
@for_roles(*TAKING_IN)
def source_lines(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Each line that somebody must look at, and why; nothing of what it says."""
    rows: list[list[Cell]] = [[line, why] for line, why in _in_words(_own(request, pk))]
    return download(as_csv([_("Ligne"), _("Ce qui ne va pas")], rows), CSV, "lignes.csv")


@require_safe
@for_roles(*TAKING_IN)
def source_template(request: StaffRequest, kind: str) -> HttpResponse:
    """An empty file with the columns that are known by themselves, and one line that is right."""
    if kind not in COLUMNS:
        raise Http404
    with override("fr"):  # what is read back does not depend on who downloads it
        headings = [str(column.label) for column in COLUMNS[kind]]
    return download(as_csv(headings, [example(kind)]), CSV, f"modele-{kind}.csv")


@require_http_methods(FORM_METHODS)
@for_roles(*TAKING_IN)
def source_words(request: StaffRequest, organisation_pk: int) -> HttpResponse:
    """What one source calls things, and our category for each; those to be decided first."""
    source = get_object_or_404(Organisation, pk=organisation_pk)
    rows = words_of(source)
    page_number = int(request.GET.get("page", "1")) if request.GET.get("page", "1").isdigit() else 1
    first = (max(page_number, 1) - 1) * WordsForm.SHOWN
    words = {row.unsealed("word"): _chosen(row) for row in rows[first : first + WordsForm.SHOWN]}
    form = WordsForm(request.POST or None, source=source, words=words)
    if form.is_bound and form.is_valid():
        changed = {word: found for word, found in form.decisions().items() if _code(found) != words[word]}
        decide_words(source, changed, by=request.user)
        flash(request, _("Retenu pour les prochains retours de cette source ; ceux d’avant restent comme ils sont."))
        return redirect(request.get_full_path())
    context = {"source": source, "form": form, "next_page": page_number + 1 if len(rows) > first + len(words) else None}
    return render(request, "feedback/staff/source_words.html", context, status=422 if form.is_bound else 200)


def _by_day(page: Any) -> list[dict[str, Any]]:
    known = Organisation.objects.in_bulk({row["source"] for row in page})
    return [
        row
        | {
            "source": known[row["source"]],
            "kind": DepositKind(row["kind"]).label,
            "way": DepositWay(row["way"]).label,
            "by_outcome": [(came.label, row[came.value]) for came in Came],
        }
        for row in page
    ]


def _own(request: StaffRequest, pk: uuid.UUID) -> SourceFile:
    return get_object_or_404(SourceFile.objects.visible_to(request.user).select_related("source"), pk=pk)


def _chosen(row: SourceWord) -> str:
    return _code(row.category) if row.decided_at is not None else ""


def _code(category: Any) -> str:
    return category.code if category is not None else BY_HAND


def _check(request: StaffRequest, row: SourceFile) -> HttpResponse:
    if row.confirmed_at is not None:
        return redirect("feedback:source_file", row.pk)
    form = COLUMNS_FORMS[row.kind](request.POST, headers=table_of(row).headers, columns=row.columns)
    if form.is_valid():
        try:
            check_source_file(row.pk, form.columns(), by=request.user)
        except Refused as error:
            form.add_error(None, str(error.reason))
        else:
            return redirect("feedback:source_file", row.pk)
    return _shown(request, row, form=form, status=422)


def _decide(request: StaffRequest, row: SourceFile) -> HttpResponse:
    form = WordsForm(request.POST, source=row.source, words=dict.fromkeys(dict(undecided_of(row)), ""))
    if not form.is_valid():
        return _shown(request, row, words=form, status=422)
    return _done(request, row, lambda: decide_for_file(row.pk, form.decisions(), by=request.user))


def _take(request: StaffRequest, row: SourceFile) -> HttpResponse:
    return _done(request, row, lambda: confirm_source_file(row.pk, by=request.user))


def _discard(request: StaffRequest, row: SourceFile) -> HttpResponse:
    try:
        discard(SourceFile.objects.visible_to(request.user), row.pk, by=request.user)
    except Refused as error:
        flash(request, str(error.reason), tone="error")
        return redirect("feedback:source_file", row.pk)
    flash(request, _("Fichier effacé : il n’en reste rien."))
    return redirect("feedback:sources")


def _done(request: StaffRequest, row: SourceFile, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    return redirect("feedback:source_file", row.pk)


def _shown(
    request: StaffRequest, row: SourceFile, *, form: Any = None, words: Any = None, status: int = 200
) -> HttpResponse:
    if row.is_at_work:
        name = "_source_progress.html" if request.headers.get("HX-Request") else "source_file.html"
        return render(request, f"feedback/staff/{name}", {"file": row})
    context: dict[str, Any] = {"file": row} | _report(row)
    if row.confirmed_at is None:
        context |= _preview(row, form)
        undecided = undecided_of(row)
        if undecided:
            context["words"] = words or WordsForm(source=row.source, words=dict.fromkeys(dict(undecided), ""))
    response = render(request, "feedback/staff/source_file.html", context, status=status)
    if request.headers.get("HX-Request"):
        response["HX-Refresh"] = "true"
    return response


def _preview(row: SourceFile, form: Any) -> dict[str, Any]:
    table, kinds, glimpse = table_of(row), COLUMNS[row.kind], Glimpse()
    columns = [(kinds(name), place) for name, place in row.columns.items()]
    lines = table.rows[:ROWS_SHOWN]
    return {
        "form": form or COLUMNS_FORMS[row.kind](headers=table.headers, columns=row.columns),
        "heads": [column.label for column, _place in columns],
        "rows": [[glimpse.of(column.value, line[place]) for column, place in columns] for line in lines],
        "unread": [head for place, head in enumerate(table.headers) if head and place not in row.columns.values()],
    }


def _report(row: SourceFile) -> dict[str, Any]:
    if row.checked_at is None:
        return {}
    return {
        "counts": [(came.label, row.counts.get(came.value, 0)) for came in Came],
        "new_count": row.counts.get(Came.NEW.value, 0) + row.counts.get(Came.CHANGED.value, 0),
        "undecided_count": row.counts.get("undecided", 0),
        "lines": _in_words(row)[:LINES_SHOWN],
        "line_count": len(row.noted),
    }


def _in_words(row: SourceFile) -> list[tuple[int, str]]:
    labels = {one.value: str(one.label) for kind in (Wrong, FigureWrong) for one in kind}
    labels[Came.CHANGED.value] = (
        _("Déjà reçue, et changée depuis : ce qu’elle dit maintenant s’ajoute.")
        if is_of_cases(row)
        else _("Cette période est donnée de nouveau : la version d’avant est gardée.")
    )
    return [(line, labels[code]) for line, code in row.noted]
