"""Gateways and numbers, for administrators: which lines there are, how each is doing, what each must be told."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.day_budget import OVERALL, budget_of
from core.flash import flash
from core.gateways import Config, Kind, config_of, default_name, from_environment, kinds
from core.line_health import Health, health_of
from core.loop_guard import silenced
from core.models import Line
from core.transitions import Refused
from directory.notices import templates
from directory.requests import StaffRequest
from directory.roles import Role
from feedback.actions import lines as actions
from feedback.forms.lines import LineForm, TrialForm
from feedback.views.roles import for_roles

FORM_METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Shown:
    """One line as the pages show it. `line` is None for one that the environment configures, `kind` for a lost one."""

    name: str
    label: str
    number: str
    kind: Kind | None
    health: Health
    line: Line | None = None
    is_default: bool = False
    stays_here: bool = False

    @property
    def is_active(self) -> bool:
        return self.line is None or self.line.is_active

    @property
    def address(self) -> str:
        return f"{settings.PUBLIC_URL}/sms/{self.name}/"


@require_safe
@for_roles(Role.ADMINISTRATOR)
def lines(request: StaffRequest) -> HttpResponse:
    offered = [kind for kind in kinds().values() if kind.fields]
    every = every_line()
    context = {"lines": every, "lacking": _lacking(every), "kinds": sorted(offered, key=lambda kind: str(kind.label))}
    return render(request, "feedback/staff/lines.html", context)


@require_http_methods(FORM_METHODS)
@for_roles(Role.ADMINISTRATOR)
def line_new(request: StaffRequest, kind: str) -> HttpResponse:
    chosen = kinds().get(kind)
    if chosen is None or not chosen.fields:
        raise Http404
    form = LineForm(request.POST or None, kind=chosen, line=None)
    if form.is_bound and form.is_valid():
        line = actions.add_line(form.cleaned_data["name"], chosen.name, form.about, by=request.user)
        flash(request, _("La ligne est enregistrée. Essayez-la, puis mettez-la en service."))
        return redirect("feedback:line", line.name)
    context = {"form": form, "kind": chosen, "address": f"{settings.PUBLIC_URL}/sms/…/"}
    return render(request, "feedback/staff/line_new.html", context, status=422 if form.is_bound else 200)


@require_http_methods(FORM_METHODS)
@for_roles(Role.ADMINISTRATOR)
def line(request: StaffRequest, name: str) -> HttpResponse:
    shown = one_line(name)
    form = None
    if shown.line is not None and shown.kind is not None:
        form = LineForm(request.POST or None, kind=shown.kind, line=shown.line)
    elif request.method == "POST":
        raise Http404
    if form is not None and form.is_bound and form.is_valid() and shown.line is not None:
        actions.change_line(shown.line.pk, form.about, by=request.user)
        flash(request, _("C’est enregistré. Essayez la ligne pour voir si la passerelle répond."))
        return redirect("feedback:line", name)
    return _page(request, shown, form)


@require_POST
@for_roles(Role.ADMINISTRATOR)
def line_test(request: StaffRequest, name: str) -> HttpResponse:
    """One neutral SMS, now, to the number typed."""
    shown = one_line(name)
    form = TrialForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, _form(shown), test=form, status=422)
    try:
        actions.try_line(name, form.cleaned_data["phone"], by=request.user)
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    else:
        flash(request, _("La passerelle a pris le message d’essai. Regardez s’il arrive sur ce téléphone."))
    return redirect("feedback:line", name)


@require_POST
@for_roles(Role.ADMINISTRATOR)
def line_act(request: StaffRequest, name: str, act: str) -> HttpResponse:
    row = get_object_or_404(Line, name=name)
    perform, sentence = {
        "start": (actions.start_line, _("La ligne est en service.")),
        "stop": (actions.stop_line, _("La ligne est arrêtée : son adresse refuse tout le monde.")),
        "default": (actions.make_default, _("Cette ligne écrit désormais par défaut.")),
    }[act]
    try:
        perform(row.pk, by=request.user)
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    else:
        flash(request, sentence)
    return redirect("feedback:line", name)


def _page(
    request: StaffRequest, shown: Shown, form: LineForm | None, *, test: TrialForm | None = None, status: int = 0
) -> HttpResponse:
    bound = form is not None and form.is_bound
    context = {
        "shown": shown,
        "form": form,
        "test": test or TrialForm(),
        "may_test": shown.kind is not None and shown.kind.sends and not shown.stays_here,
        "may_write": shown.kind is not None and shown.kind.sends,
        "budgets": [budget_of(shown.name), budget_of(OVERALL)],
        "silenced": silenced(timezone.now()),
        "templates": _templates_of(shown),
        "test_url": reverse("feedback:line_test", args=[shown.name]),
    }
    return render(request, "feedback/staff/line.html", context, status=status or (422 if bound else 200))


def _templates_of(shown: Shown) -> list[dict[str, str]]:
    """Of a line whose carrier approves texts: each of ours, with the carrier's id of it, "" while it is missing."""
    if shown.kind is None or "templates" not in {one.name for one in shown.kind.fields}:
        return []
    config = config_of(shown.line) if shown.line is not None else from_environment()[shown.name]
    known = shown.kind.templates(config)
    return [{"name": name, "text": text, "sid": known.get(name, "")} for name, text in templates().items()]


def _lacking(every: list[Shown]) -> list[tuple[Shown, int]]:
    """Lines by which staff cannot be told yet, and how many approved texts are missing there."""
    missing = [(shown, sum(not one["sid"] for one in _templates_of(shown))) for shown in every if shown.is_active]
    return [(shown, count) for shown, count in missing if count]


def _form(shown: Shown) -> LineForm | None:
    if shown.line is None or shown.kind is None:
        return None
    return LineForm(kind=shown.kind, line=shown.line)


def every_line() -> list[Shown]:
    """Those of the settings pages, then those of the environment."""
    rows, builtin, default = list(Line.objects.all()), from_environment(), default_name()
    health = health_of([*(row.name for row in rows), *builtin])
    own = [_of_row(row, health[row.name], default) for row in rows]
    given = [_of_environment(config, health[name], default) for name, config in builtin.items()]
    return [*own, *given]


def one_line(name: str) -> Shown:
    config = from_environment().get(name)
    health = health_of([name])[name]
    if config is not None:
        return _of_environment(config, health, default_name())
    return _of_row(get_object_or_404(Line, name=name), health, default_name())


def _of_row(row: Line, health: Health, default: str) -> Shown:
    return Shown(
        row.name, row.label, row.number, kinds().get(row.kind), health, line=row, is_default=row.name == default
    )


def _of_environment(config: Config, health: Health, default: str) -> Shown:
    kind = kinds()[config.name]
    stays_here = bool(config["stays_here"])
    return Shown(
        config.name,
        str(kind.label),
        config.number,
        kind,
        health,
        is_default=config.name == default,
        stays_here=stays_here,
    )
