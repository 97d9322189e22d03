"""For relays without network: a form to print, booklets of numbers, and the sheet on which a register is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from core.receipt_number import grouped
from core.transitions import Refused
from directory.requests import StaffRequest
from directory.roles import Role
from feedback import actions
from feedback.actions.entry import Entered
from feedback.forms.booklets import BookletForm
from feedback.forms.bulk import Register, RowForm, ShareForm
from feedback.forms.entry import EntryForm
from feedback.models import Booklet
from feedback.views.roles import for_roles

FORM_METHODS = ["GET", "HEAD", "POST"]
PREFIX = "ligne"
LINES_OF_WORDS = 7
# In the order in which one speaks with somebody. The channel is paper.
ON_PAPER = (
    "mode", "group_women", "group_men", "said_on", "place", "place_said", "words", "concerned",
    "sex", "age_group", "disability", "population_status", "language",
    "consent", "safe_contact", "sms_may_be_read", "name", "contact", "booklet_number",
)  # fmt: skip


@require_safe
@for_roles(Role.OPERATOR)
def paper_form(request: StaffRequest) -> HttpResponse:
    """What the entry asks, on one sheet of paper; in French, in whatever language one reads these pages."""
    with override("fr"):
        form = EntryForm()
        questions = [_asked(form[name]) for name in ON_PAPER]
        return render(request, "feedback/staff/paper.html", {"questions": questions})


@require_http_methods(FORM_METHODS)
@for_roles(Role.OPERATOR)
def booklets(request: StaffRequest) -> HttpResponse:
    """The list; sent, the numbers of a new one, this once. How many of a booklet are used is told to nobody."""
    form = BookletForm(request.POST or None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            numbers = actions.make_booklet(**data, by=request.user)
        except Refused as error:
            form.add_error(None, str(error.reason))
        else:
            slips = [grouped(number) for number in numbers]
            context = {**data, "slips": slips, "ways": settings.LISTENING_WAYS, "sms": settings.TWILIO_FROM}
            with override("fr"):
                return render(request, "feedback/staff/booklet.html", context)
    made = Booklet.objects.select_related("organisation", "made_by")[:100]
    status = 422 if form.is_bound else 200
    return render(request, "feedback/staff/booklets.html", {"form": form, "booklets": made}, status=status)


@require_http_methods(FORM_METHODS)
@for_roles(Role.OPERATOR)
def register(request: StaffRequest) -> HttpResponse:
    """Twenty rows at a time: each right one is kept and shows its number, each wrong one stays to be mended."""
    shared, rows = ShareForm(request.POST or None), Register(request.POST or None, prefix=PREFIX)
    kept: list[tuple[int, Entered]] = []
    if request.method == "POST" and shared.is_valid():
        kept = _kept(request, shared.cleaned_data, list(rows))
    left = [row for row in rows if row.place not in dict(kept)]
    wrong = [row for row in left if row.is_bound and row.errors]
    if kept and not wrong:
        rows = Register(prefix=PREFIX)
        left = list(rows)
    context = {"shared": shared, "rows": rows, "left": left, "kept": kept, "wrong": wrong}
    context["waits"] = any(entered.waits for _place, entered in kept)
    return render(request, "feedback/staff/bulk.html", context, status=422 if wrong or shared.errors else 200)


@dataclass(frozen=True)
class Question:
    """One field on paper: boxes to tick, boxes for the digits of a number, or ruled lines."""

    label: str
    choices: list[str]
    ruled: range
    boxes: list[range]

    @property
    def lines(self) -> int:
        return len(self.ruled)


def _asked(bound: BoundField) -> Question:
    """A list too long for paper (places, organisations) is written by hand."""
    field, label = bound.field, str(bound.label)
    widget: Any = field.widget
    if bound.name == "booklet_number":
        return Question(label, [], range(0), [range(4)] * 3)
    if isinstance(field, forms.BooleanField):
        return Question(label, [str(_("Oui")), str(_("Non"))], range(0), [])
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return Question(label, [str(name) for _value, name in widget.choices], range(0), [])
    lines = LINES_OF_WORDS if isinstance(widget, forms.Textarea) else 1
    return Question(label, [], range(lines), [])


def _kept(request: StaffRequest, shared: dict[str, Any], rows: list[RowForm]) -> list[tuple[int, Entered]]:
    """Row by row, in its own transaction: the place of each row that was taken in, and what became of it."""
    kept = []
    for row in rows:
        if not row.has_changed() or not row.is_valid():
            continue
        try:
            entered = actions.enter(row.spoken(shared), by=request.user)
        except Refused as error:
            row.add_error(None, str(error.reason))
        else:
            kept.append((row.place, entered))
    return kept
