"""What was being typed when the vault closed."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.flash import flash
from directory.roles import HOLDS_KEY
from psea.actions.drafts import drafts_of, drop_draft
from psea.session import OpenVault
from psea.views.access import first_page, key_open, user_of, vault_page


@require_GET
@key_open
def drafts(request: HttpRequest, vault: OpenVault) -> HttpResponse:
    """Each as it was, to be sent where it was going, or dropped."""
    user = user_of(request, HOLDS_KEY)
    found = drafts_of(reader=vault.reader, by=user)
    if not found:
        return redirect(first_page(user))
    return vault_page(request, vault, "psea/drafts.html", {"drafts": found})


@require_POST
@key_open
def drop(request: HttpRequest, vault: OpenVault, draft_id: UUID) -> HttpResponse:
    try:
        drop_draft(draft_id=draft_id, by=user_of(request, HOLDS_KEY))
    except ObjectDoesNotExist as error:
        raise Http404 from error
    flash(request, _("Effacé."), tone="info")
    return redirect("psea:drafts")
