"""Ringing round for a report that nobody opened: whom, in which order, and who was reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.flash import flash
from core.transitions import Refused
from directory.models import User
from psea.actions import note_call
from psea.actions.chasing import ring_order, waits
from psea.actions.opening import case_for
from psea.clocks import RING_ROUND_AFTER, SECOND_AFTER
from psea.databases import VAULT
from psea.models import DutyCall, SealedCase
from psea.session import OpenVault
from psea.views.access import user_of, vault_open, vault_page


@dataclass(frozen=True)
class Line:
    """One person to ring, and the calls that were made."""

    person: User
    calls: list[DutyCall]

    @property
    def was_reached(self) -> bool:
        return any(call.was_reached for call in self.calls)


@require_http_methods(["GET", "POST"])
@vault_open
def calls(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    """Open to whoever may see the case, the coordination too; nothing on it says what the report is."""
    user = user_of(request)
    try:
        case = case_for(case_id, user)
    except SealedCase.DoesNotExist as error:
        raise Http404 from error
    if request.method == "POST":
        return _noted(request, case, user)
    made = list(DutyCall.objects.using(VAULT).filter(case=case))
    lines = [Line(person, [call for call in made if call.user_id == person.pk]) for person in ring_order(case)]
    context = {
        "case": case,
        "waits": waits(case),
        "lines": lines,
        "second_at": case.state_since + timedelta(hours=SECOND_AFTER),
        "round_at": case.state_since + timedelta(hours=RING_ROUND_AFTER),
    }
    return vault_page(request, vault, "psea/calls.html", context)


def _noted(request: HttpRequest, case: SealedCase, user: User) -> HttpResponse:
    person = request.POST.get("person", "")
    was_reached = request.POST.get("reached") == "yes"
    try:
        note_call(case_id=case.pk, user_id=int(person) if person.isdecimal() else 0, was_reached=was_reached, by=user)
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    else:
        flash(
            request,
            _("Appel noté : jointe.") if was_reached else _("Appel noté : pas de réponse. Appelez la suivante."),
        )
    return redirect("psea:calls", case_id=case.pk)
