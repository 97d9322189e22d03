"""The rota: who is on duty, week by week; the coordination sets it, officers swap turns. It names no case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.flash import flash
from core.transitions import Refused
from directory.models import DutySwap, DutyWeek, User
from directory.roles import Role
from psea import actions
from psea.forms import OfficerForm, SwapForm, WeekForm
from psea.rota import WEEK, Officer, Week, calendar, monday_of, officers, turn_at
from psea.views.access import menu_of, user_of, vault_role


@dataclass(frozen=True)
class Row:
    """One week, with what the reader of the page may do about it."""

    week: Week
    form: WeekForm | None
    swap: SwapForm | None


@vault_role
@require_GET
def rota(request: HttpRequest) -> HttpResponse:
    return _page(request)


@vault_role
@require_POST
def week(request: HttpRequest, monday: date) -> HttpResponse:
    """The coordination names the two of a week."""
    user = _coordinator(request)
    if monday.weekday() != 0 or monday < monday_of(timezone.now()):
        raise Http404
    turn = DutyWeek.objects.filter(monday=monday).first()
    form = WeekForm(request.POST, people=[one.user for one in officers()], turn=turn, prefix=monday.isoformat())
    if not form.is_valid():
        return _page(request, bound={monday: form}, status=422)
    first, second = form.pair
    try:
        actions.set_week(monday=monday, first=first, second=second, by=user)
    except Refused as error:
        form.add_error(None, str(error.reason))
        return _page(request, bound={monday: form}, status=422)
    flash(request, _("Semaine fixée. Les deux personnes sont prévenues."))
    return redirect("psea:rota")


@vault_role
@require_http_methods(["GET", "POST"])
def officer(request: HttpRequest, user_id: int) -> HttpResponse:
    """What makes somebody fit to stand on duty, kept by the coordination."""
    coordinator = _coordinator(request)
    person = get_object_or_404(User.objects.with_role(Role.PSEA_INTAKE_OFFICER), pk=user_id)
    form = OfficerForm(request.POST or None, profile=getattr(person, "duty_officer", None))
    if request.method == "POST" and form.is_valid():
        actions.describe_officer(user=person, by=coordinator, **form.cleaned_data)
        flash(request, _("C'est noté."))
        return redirect("psea:rota")
    status = 422 if request.method == "POST" else 200
    return render(request, "psea/officer.html", {"person": person, "form": form}, status=status)


@vault_role
@require_POST
def ask_swap(request: HttpRequest, monday: date) -> HttpResponse:
    """One of the two asks a colleague to take their turn."""
    user = user_of(request)
    turn = get_object_or_404(DutyWeek, monday=monday)
    if not turn.stands(user.pk):
        raise Http404
    form = _swap_form(user, turn, officers(), request.POST)
    if not form.is_valid():
        return _page(request, swaps={monday: form}, status=422)
    chosen = form.cleaned_data
    try:
        actions.ask_swap(
            week=turn,
            colleague=form.people[chosen["colleague"]],
            in_exchange=form.weeks.get(chosen["in_exchange"] or 0),
            by=user,
        )
    except Refused as error:
        form.add_error(None, str(error.reason))
        return _page(request, swaps={monday: form}, status=422)
    flash(request, _("Demande envoyée. Vous restez de garde tant qu’elle n’est pas acceptée."))
    return redirect("psea:rota")


@vault_role
@require_POST
def answer_swap(request: HttpRequest, swap_id: int) -> HttpResponse:
    is_accepted = request.POST.get("answer") == "yes"
    try:
        actions.answer_swap(swap_id=swap_id, is_accepted=is_accepted, by=user_of(request))
    except DutySwap.DoesNotExist as error:
        raise Http404 from error
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    else:
        flash(request, _("Vous prenez ce tour.") if is_accepted else _("Refus noté."))
    return redirect("psea:rota")


def _page(
    request: HttpRequest,
    *,
    bound: dict[date, WeekForm] | None = None,
    swaps: dict[date, SwapForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    known = officers()
    is_coordinator = user.has_role(Role.PSEA_COORDINATOR)
    waiting = DutySwap.objects.filter(answered_at=None, week__monday__gte=monday_of(now))
    rows = [
        Row(
            week=one,
            form=_week_form(one, known, bound or {}) if is_coordinator else None,
            swap=(swaps or {}).get(one.monday) or _offered(user, one.turn, known),
        )
        for one in calendar(known, now)
    ]
    context = {
        "rows": rows,
        "gaps": sum(bool(row.week.faults) for row in rows),
        "officers": known,
        "asked": list(waiting.filter(asked_of=user).select_related("week", "in_exchange", "asked_by")),
        "is_coordinator": is_coordinator,
        "incoming": _incoming(user, now),
    }
    return render(request, "psea/rota.html", context | menu_of(user), status=status)


def _incoming(user: User, now: datetime) -> list[User]:
    """Who took over from this person on Monday: what is still under way is to be opened to them."""
    before, turn = turn_at(now - WEEK), turn_at(now)
    if before is None or turn is None or not before.stands(user.pk):
        return []
    return [person for person in (turn.first, turn.second) if not before.stands(person.pk)]


def _week_form(one: Week, known: list[Officer], bound: dict[date, WeekForm]) -> WeekForm:
    people = [officer.user for officer in known]
    return bound.get(one.monday) or WeekForm(people=people, turn=one.turn, prefix=one.monday.isoformat())


def _offered(user: User, turn: DutyWeek | None, known: list[Officer]) -> SwapForm | None:
    return _swap_form(user, turn, known) if turn is not None and turn.stands(user.pk) else None


def _swap_form(user: User, turn: DutyWeek, known: list[Officer], data: Any = None) -> SwapForm:
    """Colleagues who do not stand that week already, and the later weeks that the person does not hold."""
    people = [officer.user for officer in known if not turn.stands(officer.user.pk)]
    later = DutyWeek.objects.filter(monday__gte=monday_of(timezone.now())).select_related("first", "second")
    weeks = [row for row in later if not row.stands(user.pk)]
    return SwapForm(data, people=people, weeks=weeks, prefix=f"tour-{turn.monday.isoformat()}")


def _coordinator(request: HttpRequest) -> User:
    user = user_of(request)
    if not user.has_role(Role.PSEA_COORDINATOR):
        raise Http404
    return user
