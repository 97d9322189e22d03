"""A copy for an investigator outside: asked with one's own passphrase, then downloaded, and kept nowhere."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from core.sealing import WrongPassphrase
from core.transitions import Refused
from directory.models import User
from psea import actions
from psea.actions.copying import Copy, may_copy
from psea.actions.opening import case_for
from psea.databases import VAULT
from psea.enums import Part
from psea.forms import HandCopyForm
from psea.models import HandedCopy, SealedCase
from psea.session import OpenVault, count_wrong_try, forget_tries, is_slowed
from psea.views.access import user_of, vault_page
from psea.views.cases import case_view, done


@sensitive_post_parameters()
@sensitive_variables("form")
@require_http_methods(["GET", "POST"])
@case_view
def copy(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    user = user_of(request)
    case = case_for(case_id, user)
    if not may_copy(case, user):
        raise Http404
    form = HandCopyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _made(form, vault, case_id, user)
        if made is not None:
            headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "Cache-Control": "no-store"}
            return HttpResponse(made.content, content_type="application/octet-stream", headers=headers)
    context = {"case_id": case_id, "form": form, "copies": _copies(case, vault), "today": timezone.localdate()}
    return vault_page(request, vault, "psea/copy.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@case_view
def destroyed(request: HttpRequest, vault: OpenVault, case_id: UUID, mark: str) -> HttpResponse:
    actions.note_destroyed(case_id=case_id, mark=mark, on=timezone.localdate(), by=user_of(request))
    return done(request, case_id, _("C'est noté."), "suite")


def _made(form: HandCopyForm, vault: OpenVault, case_id: UUID, user: User) -> Copy | None:
    if is_slowed(user):
        form.add_error("own_passphrase", _("Trop d'essais. Attendez cinq minutes avant d'essayer encore."))
        return None
    try:
        made = actions.hand_copy(case_id=case_id, reader=vault.reader, by=user, **form.cleaned_data)
    except WrongPassphrase:
        count_wrong_try(user)
        form.add_error("own_passphrase", _("Ce n’est pas votre phrase de passe."))
        return None
    except Refused as error:
        form.add_error(None, str(error.reason))
        return None
    forget_tries(user)
    return made


def _copies(case: SealedCase, vault: OpenVault) -> list[tuple[HandedCopy, str]]:
    """Copies that went out, each with whom it went to."""
    key = vault.reader.data_key(case.pk, Part.FACTS)
    return [(row, row.unseal_with(key, "to_whom")) for row in case.handed_copies.using(VAULT)]
