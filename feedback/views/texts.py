"""Settings that the working group keeps: categories and deadlines."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.flash import flash
from core.pages import page_of
from directory.requests import StaffRequest
from directory.roles import Role
from feedback.actions.settings import keep_setting
from feedback.enums import CLOCKS_SET_HERE
from feedback.forms.texts import CategoryForm, DeadlineForm
from feedback.models import Category, DeadlineRule
from feedback.views.roles import for_roles

KEEPERS = (Role.WORKING_GROUP, Role.ADMINISTRATOR)
FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@for_roles(*KEEPERS)
def categories(request: StaffRequest) -> HttpResponse:
    rows = Category.objects.select_related("parent").prefetch_related("deadline_rules")
    return render(request, "feedback/staff/categories.html", {"page": page_of(rows, request, per_page=100)})


@require_http_methods(FORM_METHODS)
@for_roles(*KEEPERS)
def category(request: StaffRequest, code: str) -> HttpResponse:
    row = get_object_or_404(Category, pk=code)
    title, done = f"{row.code} · {row.label}", _("Enregistré. Cela vaut pour ce qui sera trié à partir de maintenant.")
    return _edit(request, CategoryForm, row, title=title, back="feedback:categories", done=done)


@require_safe
@for_roles(*KEEPERS)
def deadlines(request: StaffRequest) -> HttpResponse:
    rows = _set_here().select_related("category").order_by("clock", "category__position", "priority", "pk")
    return render(request, "feedback/staff/deadlines.html", {"page": page_of(rows, request, per_page=100)})


@require_http_methods(FORM_METHODS)
@for_roles(*KEEPERS)
def deadline(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    row = get_object_or_404(_set_here(), pk=pk) if pk is not None else None
    title = str(row) if row is not None else _("Nouveau délai")
    done = _("Enregistré. Cela vaut dès maintenant ; une date de réponse déjà promise ne change pas.")
    return _edit(request, DeadlineForm, row, title=title, back="feedback:deadlines", done=done)


def _set_here() -> QuerySet[DeadlineRule]:
    return DeadlineRule.objects.filter(clock__in=CLOCKS_SET_HERE)


def _edit(
    request: StaffRequest, form_class: type[ModelForm[Any]], row: Model | None, *, title: str, back: str, done: str
) -> HttpResponse:
    form = form_class(request.POST or None, instance=row)
    if form.is_bound and form.is_valid():
        keep_setting(form.save(commit=False), by=request.user)
        flash(request, done)
        return redirect(back)
    context = {"form": form, "title": title, "back": back}
    return render(request, "feedback/staff/edit.html", context, status=422 if form.is_bound else 200)
