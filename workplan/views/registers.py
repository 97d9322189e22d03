"""The registers of a plan: which there are, what each holds, and one entry."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.documents import handed
from core.flash import flash
from core.pages import page_of
from core.sheet_writing import CSV, as_csv, download
from core.transitions import Refused
from directory.requests import StaffRequest
from workplan.actions import registers as acts
from workplan.enums import Came
from workplan.forms.registers import EntryForm
from workplan.models import EntryFile, Indicator, Plan, RegisterEntry
from workplan.plans import asked_plan
from workplan.public_words import SaysTooMuch
from workplan.querysets import registers_read_by
from workplan.registers.exporting import exported
from workplan.registers.keepers import kept_by
from workplan.registers.kinds import REGISTERS, Register

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def registers(request: StaffRequest) -> HttpResponse:
    """Every register that the reader may open, how much it holds, and the indicators it can count."""
    plan = asked_plan(request)
    reads = registers_read_by(request.user)
    counts = RegisterEntry.objects.visible_to(request.user).living().filter(plan=plan).counts()
    served: dict[str, list[Indicator]] = {}
    for indicator in Indicator.objects.of_plan(plan.pk).order_by("number"):
        served.setdefault(indicator.register.get("kind", ""), []).append(indicator)
    kept = kept_by(plan, request.user)
    rows = [
        (register, counts.get(register.code, 0), served.get(register.code, []), register in kept)
        for register in REGISTERS.values()
        if register.code in reads
    ]
    context = {"plan": plan, "plans": Plan.objects.order_by("-code"), "rows": rows}
    return render(request, "workplan/registers.html", context)


@require_safe
def register(request: StaffRequest, kind: str) -> HttpResponse:
    """One register: its entries, newest first; of a calendar, what is to come."""
    shown, plan = _register(request, kind), asked_plan(request)
    entries = RegisterEntry.objects.visible_to(request.user).filter(plan=plan, kind=kind).for_a_list()
    to_come = entries.living().filter(day__gte=timezone.localdate()).order_by("day")[:30] if shown.is_ahead else []
    context = {
        "plan": plan,
        "plans": Plan.objects.order_by("-code"),
        "register": shown,
        "page": page_of(entries, request),
        "to_come": to_come,
        "may_add": shown in kept_by(plan, request.user),
        "served": Indicator.objects.of_plan(plan.pk).keeping(kind).order_by("number"),
    }
    return render(request, "workplan/register.html", context)


@require_safe
def register_csv(request: StaffRequest, kind: str) -> HttpResponse:
    """All of its living entries, in the columns that a table of it has."""
    shown, plan = _register(request, kind), asked_plan(request)
    entries = RegisterEntry.objects.visible_to(request.user).living().filter(plan=plan, kind=kind)
    headings, rows = exported(shown, entries.select_related("place", "organisation"))
    return download(as_csv(headings, rows), CSV, f"registre-{shown.code}.csv")


@require_http_methods(FORM_METHODS)
def entry_new(request: StaffRequest, kind: str) -> HttpResponse:
    """One entry more. `?follows=` names what it follows from, `?place=`, `?line=` what is known of it already."""
    shown, plan = _register(request, kind), asked_plan(request)
    if shown not in kept_by(plan, request.user):
        raise Http404
    form = EntryForm(
        request.POST or None,
        request.FILES or None,
        register=shown,
        plan=plan,
        user=request.user,
        initial=_known_of(request),
    )
    if form.is_bound and form.is_valid():
        pk: uuid.UUID = form.cleaned_data["once"]
        kept = _kept(request, plan, shown, form, pk)
        if kept is not None:
            said = {Came.NEW: _("C’est dans le registre."), Came.CHANGED: _("Cette entrée y était : elle est à jour.")}
            flash(request, said.get(kept.came, _("Cette entrée y était déjà.")))
            return redirect("workplan:entry", kept.entry.pk)
    context = {"plan": plan, "register": shown, "form": form}
    return render(request, "workplan/entry_form.html", context, status=422 if form.is_bound else 200)


@require_safe
def entry(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """One entry, what it follows from and what followed."""
    found = get_object_or_404(RegisterEntry.objects.visible_to(request.user).whole(), pk=pk)
    reads = registers_read_by(request.user)
    context = {
        "entry": found,
        "register": found.register,
        "file": EntryFile.objects.filter(entry=found).defer("content").first(),
        "follows": found.follows if found.follows and found.follows.kind in reads else None,
        "followed_by": RegisterEntry.objects.visible_to(request.user).living().filter(follows=found),
        "next_kinds": [one for one in kept_by(found.plan, request.user) if found.kind in one.follows],
        "may_change": found.struck_at is None
        and RegisterEntry.objects.kept_by(request.user).filter(pk=found.pk).exists()
        and found.register in kept_by(found.plan, request.user),
    }
    return render(request, "workplan/entry.html", context)


@require_http_methods(FORM_METHODS)
def entry_change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Correct one's own entry."""
    found = _own(request, pk)
    if found.struck_at is not None:
        raise Http404
    plan = found.plan
    form = EntryForm(
        request.POST or None,
        request.FILES or None,
        register=found.register,
        plan=plan,
        user=request.user,
        entry=found,
    )
    if form.is_bound and form.is_valid() and _changed(request, found, form):
        flash(request, _("C’est corrigé."))
        return redirect("workplan:entry", found.pk)
    context = {"plan": plan, "register": found.register, "form": form, "entry": found}
    return render(request, "workplan/entry_form.html", context, status=422 if form.is_bound else 200)


@require_POST
def entry_strike(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """It counts no more, and says why."""
    found = _own(request, pk)
    try:
        acts.strike_entry(found.pk, reason=request.POST.get("reason", ""), by=request.user)
        flash(request, _("Rayée : elle ne compte plus et reste lisible."))
    except Refused as refused:
        flash(request, str(refused.reason), tone="error")
    return redirect("workplan:entry", pk)


@require_safe
def entry_file(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The file of an entry, in a sandbox, for whoever may read the entry."""
    found = get_object_or_404(RegisterEntry.objects.visible_to(request.user), pk=pk)
    return handed(get_object_or_404(EntryFile, entry=found).unsealed("content"))


def _register(request: StaffRequest, kind: str) -> Register:
    if kind not in registers_read_by(request.user):
        raise Http404
    return REGISTERS[kind]


def _own(request: StaffRequest, pk: uuid.UUID) -> RegisterEntry:
    entries = RegisterEntry.objects.visible_to(request.user).kept_by(request.user)
    return get_object_or_404(entries.select_related("plan", "place", "organisation", "follows"), pk=pk)


def _known_of(request: StaffRequest) -> dict[str, Any]:
    """What the way here says already: of what every register asks, and of its own fields."""
    known = {name: said for name, said in request.GET.items() if name.startswith("fact_")}
    return known | {name: request.GET[name] for name in ("follows", "place", "line") if request.GET.get(name)}


def _kept(request: StaffRequest, plan: Plan, register: Register, form: EntryForm, pk: uuid.UUID) -> acts.Kept | None:
    try:
        kept = acts.keep_entry(
            plan,
            register,
            form.given(),
            keeper=request.user.organisation,
            by=request.user,
            follows=form.follows_pk,
            about_nobody=form.cleaned_data["about_nobody"],
            pk=pk,
        )
        _join(request, kept.entry, form)
    except Refused as refused:
        _say(form, refused)
        return None
    return kept


def _changed(request: StaffRequest, found: RegisterEntry, form: EntryForm) -> bool:
    try:
        acts.change_entry(
            found.pk,
            form.given(),
            by=request.user,
            follows=form.follows_pk,
            about_nobody=form.cleaned_data["about_nobody"],
        )
        _join(request, found, form)
    except Refused as refused:
        _say(form, refused)
        return False
    return True


def _join(request: StaffRequest, found: RegisterEntry, form: EntryForm) -> None:
    if form.file_name:
        acts.join_to_entry(found.pk, content=form.cleaned_data["file"], name=form.file_name, by=request.user)


def _say(form: EntryForm, refused: Refused) -> None:
    form.asks_about_nobody = isinstance(refused, SaysTooMuch)
    form.add_error(None, str(refused.reason))
