"""« Pour moi »: the first page of a focal point."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from core.flash import flash
from core.formats import format_number
from core.pages import Found
from core.transitions import Refused
from directory.models import User
from directory.permissions import stale_of
from directory.requests import StaffRequest
from directory.roles import ACTS_ON_REFERRALS, Role
from referrals.actions import accept, assign
from referrals.enums import FilteredList
from referrals.forms.lists import MineFilter, condition_of
from referrals.groups import COUNTED_TO, GROUPS, Group
from referrals.models import Referral
from referrals.people import colleagues_of
from referrals.querysets import ANSWERED
from referrals.shelf import first_address, shelf_of_mine
from referrals.views.statistics import MAY_READ

FIRST_ROWS = 10


@require_GET
def mine(request: StaffRequest) -> HttpResponse:
    """What waits for the reader, in groups; one group alone (`?groupe=`) is paged."""
    if not request.user.has_role(*ACTS_ON_REFERRALS):
        return _only_figures(request.user)
    if not request.GET and (first := first_address(request.user, FilteredList.MINE)):
        return redirect(first)
    form = MineFilter(request.GET)
    chosen = next((group for group in GROUPS if group.code == request.GET.get("groupe")), None)
    shown = _shown(request, form, chosen)
    total = sum(group["count"] for group in shown)
    context = {
        "groups": shown,
        "form": form,
        "saved": shelf_of_mine(request.user, form, group=chosen.code if chosen else ""),
        "chosen": chosen,
        "may_read_figures": request.user.has_role(*MAY_READ),
        "total": total,
        "counted": _more_than(total) if any(group["page"].paginator.is_longer for group in shown) else "",
        "colleagues": colleagues_of(request.user),
        "last_answer": None if total else _last_answer(request.user),
        "partner_count": Referral.objects.contracted_by(request.user).live().count(),
        "stale_services": stale_of(request.user).count(),
    }
    return render(request, "referrals/mine.html", context)


@require_POST
def accept_several(request: StaffRequest) -> HttpResponse:
    """Accepts what was ticked, under one responsible person; says what could not be accepted."""
    ticked = Referral.objects.received_side_of(request.user).filter(pk__in=_ids(request))
    responsible = _named(request)
    done, refused = _each(ticked, lambda pk: accept(pk, responsible=responsible, by=request.user))
    text = ngettext("%(n)s référencement accepté.", "%(n)s référencements acceptés.", done) % {"n": done}
    _say(request, text if done else "", refused, _("Cochez d’abord les référencements à accepter."))
    return redirect("referrals:mine")


@require_POST
def assign_several(request: StaffRequest) -> HttpResponse:
    """Gives what was ticked, and is under way, to one colleague; says what could not be given."""
    ticked = Referral.objects.received_side_of(request.user).filter(pk__in=_ids(request))
    to = _named(request)
    if to is None:
        flash(request, _("Choisissez à qui les confier."), tone="error")
        return redirect("referrals:mine")
    done, refused = _each(ticked, lambda pk: assign(pk, to, by=request.user))
    said = {"n": done, "name": to.name}
    text = ngettext("%(n)s référencement confié à %(name)s.", "%(n)s référencements confiés à %(name)s.", done) % said
    _say(request, text if done else "", refused, _("Cochez d’abord les référencements à confier."))
    return redirect("referrals:mine")


def _named(request: StaffRequest) -> User | None:
    """The colleague chosen beside the bulk buttons: the reader, unless they chose another."""
    said = request.POST.get("responsible") or str(request.user.pk)
    return colleagues_of(request.user).filter(pk=said).first() if said.isdecimal() else None


def _each(rows: Iterable[Referral], act: Callable[[UUID], Any]) -> tuple[int, list[str]]:
    """How many it was done to, and why not to the others."""
    done, refused = 0, []
    for referral in rows:
        try:
            act(referral.pk)
            done += 1
        except Refused as error:
            refused.append(f"{referral.reference} : {error.reason}")
    return done, refused


def _only_figures(user: User) -> HttpResponse:
    if user.has_role(Role.AGENCY_MANAGER):
        return redirect("referrals:statistics")
    raise Http404


def _shown(request: StaffRequest, form: MineFilter, chosen: Group | None) -> list[dict[str, Any]]:
    """Each group with its page; the lines of all of them are read at once."""
    now, condition = timezone.now(), condition_of(form.said())
    pages = []
    for group in [chosen] if chosen else GROUPS:
        found = Found(group.keys(request.user, now, condition), 25 if chosen else FIRST_ROWS, COUNTED_TO)
        pages.append((group, found.get_page(request.GET.get("page") if chosen else 1)))
    wanted = [pk for _group, page in pages for pk in page]
    rows = Referral.objects.visible_to(request.user).as_lines().in_bulk(wanted)
    return [
        {
            "group": group,
            "count": page.paginator.count,
            "page": page,
            "more": page.paginator.num_pages > 1,
            "rows": [rows[pk] for pk in page if pk in rows],
        }
        for group, page in pages
    ]


def _more_than(count: int) -> str:
    return _("plus de %(shown)s résultats") % {"shown": format_number(count)}


def _last_answer(user: User) -> Any:
    answered = Referral.objects.received_side_of(user).filter(ANSWERED)
    return answered.order_by("-answered_at").values_list("answered_at", flat=True).first()


def _ids(request: StaffRequest) -> list[str]:
    return [value for value in request.POST.getlist("referral") if len(value) in (32, 36)]


def _say(request: StaffRequest, done: str, refused: list[str], nothing: str) -> None:
    if done:
        flash(request, done)
    for sentence in refused:
        flash(request, sentence, tone="error")
    if not done and not refused:
        flash(request, nothing, tone="info")
