"""The library of ready answers, each in the languages it was written in, with how often it was used."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.flash import flash
from core.pages import page_of
from directory.requests import StaffRequest
from directory.roles import Role
from feedback.actions.library import archive_answer, keep_ready_answer, restore_answer
from feedback.forms.ready_answers import ReadyAnswerForm, VariantForm
from feedback.models import ReadyAnswer
from feedback.views.roles import for_roles
from feedback.views.texts import FORM_METHODS, KEEPERS


@require_safe
@for_roles(*KEEPERS, Role.OPERATOR)
def ready_answers(request: StaffRequest) -> HttpResponse:
    """Those offered; "?archived=1" shows those that no longer are."""
    archived = request.GET.get("archived") == "1"
    rows = ReadyAnswer.objects.filter(original=None, is_active=not archived).select_related("category", "place")
    rows = rows.prefetch_related("variants").order_by("-use_count", "title", "pk")
    context = {
        "page": page_of(rows, request, per_page=50),
        "may_edit": request.user.has_role(*KEEPERS),
        "archived": archived,
    }
    return render(request, "feedback/staff/ready_answers.html", context)


@require_http_methods(FORM_METHODS)
@for_roles(*KEEPERS)
def ready_answer(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    row = get_object_or_404(ReadyAnswer.objects.select_related("original"), pk=pk) if pk is not None else None
    form = ReadyAnswerForm(request.POST or None, instance=row)
    if form.is_bound and form.is_valid():
        keep_ready_answer(form.save(commit=False), by=request.user)
        flash(request, _("Enregistré. L’équipe d’écoute la trouve dès maintenant."))
        return redirect("feedback:ready_answers")
    title = str(row) if row is not None else _("Nouvelle réponse toute prête")
    context = {"form": form, "title": title, "row": row}
    return render(request, "feedback/staff/ready_answer.html", context, status=422 if form.is_bound else 200)


@require_http_methods(FORM_METHODS)
@for_roles(*KEEPERS)
def ready_answer_variant(request: StaffRequest, pk: int) -> HttpResponse:
    """The same answer in another language."""
    original = get_object_or_404(ReadyAnswer, pk=pk, original=None)
    form = VariantForm(request.POST or None, original=original)
    if form.is_bound and form.is_valid():
        keep_ready_answer(form.save(commit=False), by=request.user)
        flash(request, _("Enregistré. Elle est proposée d’abord à qui répond dans cette langue."))
        return redirect("feedback:ready_answer", original.pk)
    context = {"form": form, "title": original.title, "original": original}
    return render(request, "feedback/staff/ready_answer.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_roles(*KEEPERS)
def ready_answer_act(request: StaffRequest, pk: int, act: str) -> HttpResponse:
    row = get_object_or_404(ReadyAnswer, pk=pk)
    if act == "archive":
        archive_answer(row.pk, by=request.user)
        flash(request, _("Archivée : elle n’est plus proposée. Ce qui a été dit avec elle reste connu."))
    else:
        restore_answer(row.pk, by=request.user)
        flash(request, _("Elle est de nouveau proposée."))
    return redirect("feedback:ready_answer", row.original_id or row.pk)
