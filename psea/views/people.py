"""Who holds a key: naming the investigation function, retiring a key, bringing a colleague back in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from core.flash import flash
from core.transitions import Refused
from directory.models import User
from directory.roles import HANDLERS, IN_VAULT, Role
from psea.actions import name_investigation, retire_key, share_cases
from psea.databases import VAULT
from psea.enums import KeyKind
from psea.models import HandlerKey
from psea.session import OpenVault
from psea.views.access import user_of, vault_open, vault_page


@dataclass(frozen=True)
class Row:
    """One person of the vault, and what the reader of the page may do about their key."""

    user: User
    key: HandlerKey | None
    is_self: bool

    @property
    def roles(self) -> list[str]:
        return [str(role.label) for role in sorted(self.user.roles & IN_VAULT)]

    @property
    def is_investigation(self) -> bool:
        return self.key is not None and self.key.kind == KeyKind.INVESTIGATION

    @property
    def can_be_named(self) -> bool:
        return self.key is not None and self.user.has_role(Role.PSEA_FOCAL_POINT)


@require_GET
@vault_open
def people(request: HttpRequest, vault: OpenVault) -> HttpResponse:
    """Everyone of the vault, with or without a key."""
    reader = user_of(request)
    keys = {key.user_id: key for key in HandlerKey.objects.using(VAULT).of_people()}
    users = User.objects.with_role(*IN_VAULT).select_related("organisation").prefetch_related("role_rows")
    rows = [Row(user, keys.get(user.pk), user == reader) for user in users.order_by("organisation__acronym", "name")]
    context = {
        "rows": rows,
        "recovery": HandlerKey.objects.using(VAULT).recovery().count(),
        "is_coordinator": reader.has_role(Role.PSEA_COORDINATOR),
        "is_handler": reader.has_role(*HANDLERS),
    }
    return vault_page(request, vault, "psea/people.html", context)


@require_POST
@vault_open
def investigation(request: HttpRequest, vault: OpenVault, key_id: UUID) -> HttpResponse:
    _key_for_coordinator(request, key_id)
    named = request.POST.get("named") == "yes"
    name_investigation(key_id=key_id, is_investigation=named, by=user_of(request))
    flash(request, _("Fonction d'enquête désignée.") if named else _("Désignation retirée."))
    return redirect("psea:people")


@require_POST
@vault_open
def retire(request: HttpRequest, vault: OpenVault, key_id: UUID) -> HttpResponse:
    _key_for_coordinator(request, key_id)
    try:
        retire_key(key_id=key_id, by=user_of(request))
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    else:
        flash(request, _("Clé retirée. La personne peut en créer une autre ; un collègue lui rouvrira ses dossiers."))
    return redirect("psea:people")


@require_POST
@vault_open
def share(request: HttpRequest, vault: OpenVault, user_id: int) -> HttpResponse:
    colleague = get_object_or_404(User.objects.with_role(*IN_VAULT), pk=user_id)
    try:
        count = share_cases(colleague=colleague, reader=vault.reader, by=user_of(request))
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    else:
        said = ngettext("%(count)s dossier ouvert à %(name)s.", "%(count)s dossiers ouverts à %(name)s.", count)
        flash(request, said % {"count": count, "name": colleague})
    return redirect("psea:people")


def _key_for_coordinator(request: HttpRequest, key_id: UUID) -> None:
    is_living = HandlerKey.objects.using(VAULT).of_people().filter(pk=key_id).exists()
    if not is_living or not user_of(request).has_role(Role.PSEA_COORDINATOR):
        raise Http404
