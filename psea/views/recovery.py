"""Asking the custodians, and what they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core.flash import flash
from core.transitions import Refused
from directory.models import User
from directory.roles import HOLDS_KEY, IN_VAULT, Role
from psea import actions
from psea.actions.recovery import ready_at, reason_of
from psea.databases import VAULT
from psea.forms import RecoveryForm
from psea.models import Recovery
from psea.session import OpenVault
from psea.standing import recovery_until
from psea.trust import approved_keys, words_while_waiting
from psea.views.access import key_open, user_of, vault_page

SHOWN = 30


@dataclass(frozen=True)
class Asked:
    """One demand as its page shows it."""

    row: Recovery
    to_whom: User | None
    asked_by: User | None
    first_by: User | None
    reason: str
    ready_at: datetime


@require_http_methods(["GET", "POST"])
@key_open
def recoveries(request: HttpRequest, vault: OpenVault) -> HttpResponse:
    """What was asked of the custodians; the form to ask, for people of the vault."""
    user = user_of(request, HOLDS_KEY)
    may_ask = user.has_role(*IN_VAULT)
    if request.method == "POST" and not may_ask:
        raise Http404
    keys = approved_keys()
    people = User.objects.with_role(*IN_VAULT).filter(pk__in=[key.user_id for key in keys]).order_by("name")
    form = RecoveryForm(request.POST or None, people=people, initial={"case_id": request.GET.get("dossier")})
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_recovery(by=user, **form.cleaned_data)
        except Refused as error:
            form.add_error(None, str(error.reason))
        else:
            flash(request, _("Demandé. Les dépositaires sont avertis : il en faut deux, de deux organisations."))
            return redirect("psea:recoveries")
    context = {
        "asked": _asked(vault),
        "waiting_words": words_while_waiting(vault.reader.key_id),
        "form": form if may_ask else None,
        "is_custodian": user.has_role(Role.RECOVERY_CUSTODIAN),
        "may_refuse": user.has_role(Role.RECOVERY_CUSTODIAN, Role.PSEA_COORDINATOR),
        "has_recovery": bool(recovery_until(keys)),
    }
    return vault_page(request, vault, "psea/recoveries.html", context, status=422 if form.is_bound else 200)


@require_POST
@key_open
def half(request: HttpRequest, vault: OpenVault, recovery_id: UUID) -> HttpResponse:
    def give(user: User) -> str:
        actions.give_half(recovery_id=recovery_id, reader=vault.reader, by=user)
        return _("Votre moitié est donnée. Une personne d’une autre organisation donne la seconde.")

    return _decided(request, give, Role.RECOVERY_CUSTODIAN)


@require_POST
@key_open
def complete(request: HttpRequest, vault: OpenVault, recovery_id: UUID) -> HttpResponse:
    def give(user: User) -> str:
        count = actions.complete_recovery(recovery_id=recovery_id, reader=vault.reader, by=user)
        return ngettext("%(count)s dossier rouvert.", "%(count)s dossiers rouverts.", count) % {"count": count}

    return _decided(request, give, Role.RECOVERY_CUSTODIAN)


@require_POST
@key_open
def refuse(request: HttpRequest, vault: OpenVault, recovery_id: UUID) -> HttpResponse:
    def say_no(user: User) -> str:
        actions.refuse_recovery(recovery_id=recovery_id, by=user)
        return _("Refusé. Rien n’a été ouvert.")

    return _decided(request, say_no, Role.RECOVERY_CUSTODIAN, Role.PSEA_COORDINATOR)


@require_POST
@key_open
def make_key(request: HttpRequest, vault: OpenVault) -> HttpResponse:
    """A new recovery key, for the pairs of custodians there are today."""

    def make(user: User) -> str:
        actions.make_recovery_key(by=user)
        return _("Clé de recouvrement créée. Deux personnes de la coordination doivent l’approuver.")

    return _decided(request, make, Role.PSEA_COORDINATOR, back="psea:people")


def _decided(
    request: HttpRequest, decide: Callable[[User], str], *roles: Role, back: str = "psea:recoveries"
) -> HttpResponse:
    user = user_of(request, roles)
    try:
        flash(request, decide(user))
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    return redirect(back)


def _asked(vault: OpenVault) -> list[Asked]:
    rows = list(Recovery.objects.using(VAULT)[:SHOWN])
    ids = {pk for row in rows for pk in (row.user_id, row.asked_by, row.first_by)}
    people: dict[Any, User] = {user.pk: user for user in User.objects.filter(pk__in=ids)}
    return [
        Asked(
            row=row,
            to_whom=people.get(row.user_id),
            asked_by=people.get(row.asked_by),
            first_by=people.get(row.first_by),
            reason=reason_of(row, vault.reader),
            ready_at=ready_at(row),
        )
        for row in rows
    ]
