"""Out of the vault: the handler reads once more what will leave, and to whom, then lets it go."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.flash import flash
from core.transitions import Refused
from directory.enums import RestrictedKind
from feedback.actions.release import NAMED_RECIPIENTS, take_released
from feedback.forms.release import ReleaseForm
from psea.actions import OpenedCase, read_case
from psea.actions.leaving import may_leave
from psea.enums import ReclassifiedAs
from psea.session import OpenVault
from psea.views.access import user_of, vault_page
from psea.views.cases import case_view


@require_http_methods(["GET", "POST"])
@case_view
def release(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    opened = _leaving(request, vault, case_id)
    as_what = ReclassifiedAs(opened.facts.reclassified_as)
    form = ReleaseForm(request.POST or None, as_what=as_what)
    if request.method == "POST" and form.is_valid():
        confirmed = form.cleaned_data.get("no_disclosure", False)
        take_released(case_id, no_disclosure=confirmed, reader=vault.reader, by=user_of(request))
        flash(request, _("Remis. Le récit n’est plus dans le coffre ; la personne garde son numéro."))
        return redirect("psea:case", case_id=case_id)
    kind = NAMED_RECIPIENTS[as_what]
    context = {
        "case": opened.case,
        "narrative": opened.narrative,
        "as_what": as_what,
        "recipients": RestrictedKind(kind).label if kind else "",
        "form": form,
    }
    return vault_page(request, vault, "feedback/vault/release.html", context, status=422 if form.errors else 200)


def _leaving(request: HttpRequest, vault: OpenVault, case_id: UUID) -> OpenedCase:
    """The case as it stands. Raises Refused unless this person may let it go, and something is left of it."""
    opened = read_case(case_id=case_id, reader=vault.reader, by=user_of(request))
    if not may_leave(opened.case, user_of(request)):
        raise Refused(_("Seul un dossier reclassé par une personne de garde sort du coffre."))
    if opened.narrative is None:
        raise Refused(_("Le récit n'est plus dans le coffre."))
    return opened
