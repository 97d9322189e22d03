"""Who holds a key: approving it, retiring it, bringing a colleague back in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from core.flash import flash
from core.transitions import Refused
from directory.models import User
from directory.roles import HANDLERS, HOLDS_KEY, IN_VAULT, Role
from psea.actions import approve_key, retire_key, share_cases
from psea.databases import VAULT
from psea.drill import is_proved
from psea.models import Approval, HandlerKey, SealedCase
from psea.session import OpenVault
from psea.standing import recovery_until
from psea.trust import (
    INVESTIGATION,
    SIGNERS_NEEDED,
    Approved,
    approved_keys,
    capacities_of,
    fingerprint,
    is_signed,
    pin_of,
    pinned,
)
from psea.unusual import many_reads
from psea.views.access import user_of, vault_open, vault_page


@dataclass(frozen=True)
class KeyState:
    """A living key: what it is approved for, what is missing, and what the reader of the page signed."""

    key: HandlerKey
    signatures: int
    until: date | None
    lacks: frozenset[str]
    is_investigation: bool
    is_signed_by_reader: bool

    @property
    def is_approved(self) -> bool:
        return not self.lacks

    @property
    def words(self) -> str:
        """To be compared by voice with what its owner reads on their own page."""
        return fingerprint(bytes(self.key.public_key))

    @property
    def is_proved(self) -> bool:
        return self.key.user_id is None or is_proved(self.key)


@dataclass(frozen=True)
class Row:
    """One person of the vault, and the state of their key."""

    user: User
    state: KeyState | None
    is_self: bool

    @property
    def roles(self) -> list[str]:
        return [str(role.label) for role in sorted(self.user.roles & HOLDS_KEY)]

    @property
    def is_in_vault(self) -> bool:
        return self.user.has_role(*IN_VAULT)

    @property
    def can_investigate(self) -> bool:
        return self.user.has_role(Role.PSEA_FOCAL_POINT)


@require_GET
@vault_open
def people(request: HttpRequest, vault: OpenVault) -> HttpResponse:
    """Everyone of the vault, with or without a key; the recovery keys; what is amiss."""
    reader = user_of(request)
    users = User.objects.with_role(*HOLDS_KEY).select_related("organisation").prefetch_related("role_rows")
    users = users.order_by("organisation__acronym", "name")
    approved = approved_keys()
    states = _states({user.pk: user for user in users}, approved, vault.reader.signing_key)
    context = {
        "rows": [Row(user, states.get(user.pk), user == reader) for user in users],
        "recovery": [state for pk, state in states.items() if isinstance(pk, UUID)],
        "has_recovery": bool(recovery_until(approved)),
        "needed": SIGNERS_NEEDED,
        "is_coordinator": reader.has_role(Role.PSEA_COORDINATOR),
        "is_handler": reader.has_role(*HANDLERS),
        "pin": None if vault.reader.signing_key in pinned() else f"{pin_of(vault.reader.signing_key)} {reader}",
        "pins": len(pinned()),
        "thin": SealedCase.objects.using(VAULT).exclude(thin_since=None).count(),
        "many": many_reads(timezone.now()),
    }
    return vault_page(request, vault, "psea/people.html", context)


@require_POST
@vault_open
def approve(request: HttpRequest, vault: OpenVault, key_id: UUID) -> HttpResponse:
    _check_for_coordinator(request, key_id)
    investigates = request.POST.get("investigates") == "yes"
    try:
        approve_key(key_id=key_id, investigates=investigates, reader=vault.reader, by=user_of(request))
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    else:
        flash(request, _("Approuvée par vous. Il faut deux personnes de la coordination."))
    return redirect("psea:people")


@require_POST
@vault_open
def retire(request: HttpRequest, vault: OpenVault, key_id: UUID) -> HttpResponse:
    _check_for_coordinator(request, key_id)
    try:
        retire_key(key_id=key_id, is_lost=request.POST.get("is_lost") == "yes", by=user_of(request))
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


def _states(users: dict[int, User], approved: list[Approved], signer: bytes) -> dict[int | UUID, KeyState]:
    """By person, and by its own id for a recovery key."""
    may = {one.key.pk: one.may for one in approved}
    keys = list(HandlerKey.objects.using(VAULT).living().order_by("created_at").prefetch_related("approvals"))
    return {
        key.user_id if key.user_id is not None else key.pk: _state(key, may.get(key.pk, frozenset()), users, signer)
        for key in keys
        if key.user_id is None or key.user_id in users
    }


def _state(key: HandlerKey, may: frozenset[str], users: dict[int, User], signer: bytes) -> KeyState:
    wanted = frozenset({key.kind}) if key.user_id is None else capacities_of(users[key.user_id])
    valid = [row for row in key.approvals.all() if _counts(row, key)]
    return KeyState(
        key=key,
        signatures=len(valid),
        until=min((row.until for row in valid), default=None),
        lacks=wanted - may,
        is_investigation=INVESTIGATION in may,
        is_signed_by_reader=any(bytes(row.signer) == signer for row in valid),
    )


def _counts(row: Approval, key: HandlerKey) -> bool:
    return bytes(row.signer) in pinned() and row.until >= timezone.localdate() and is_signed(row, key)


def _check_for_coordinator(request: HttpRequest, key_id: UUID) -> None:
    is_living = HandlerKey.objects.using(VAULT).living().filter(pk=key_id).exists()
    if not is_living or not user_of(request).has_role(Role.PSEA_COORDINATOR):
        raise Http404
