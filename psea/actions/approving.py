"""Two coordinators approve whose key may read what; their own keys are pinned outside the database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.transitions import Refused
from directory.models import User
from directory.notices import Notice
from directory.roles import Role
from psea.databases import VAULT
from psea.duty import tell
from psea.enums import KeyKind
from psea.models import Approval, HandlerKey
from psea.readers import Reader
from psea.trust import INVESTIGATION, OF_ONESELF, capacities_of, pinned, statement


def approve_key(
    *, key_id: UUID, investigates: bool = False, reader: Reader, by: User, at: datetime | None = None
) -> Approval:
    """A pinned coordinator signs a living key for the roles that its owner has today, in place of their last signature.

    `investigates`: this person is the investigation function of their entity. Two such signatures make a reader; of
    one's own key one signs no more than that one is of the coordination. Raises Refused for whoever is no coordinator,
    is not pinned, or approves a person who has no role in the vault.
    """
    if not by.has_role(Role.PSEA_COORDINATOR):
        raise Refused(_("Seule la coordination approuve une clé."))
    reader.check_is(by)
    if reader.signing_key not in pinned():
        raise Refused(_("Votre clé n’est pas encore épinglée : donnez sa ligne à l’administration du serveur."))
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        key = HandlerKey.objects.using(VAULT).living().select_for_update().get(pk=key_id)
        owner = User.objects.filter(pk=key.user_id).first()
        may = OF_ONESELF if owner == by else _capacities(key, owner, investigates=investigates)
        row = _signed(key, may, reader, by, moment)
        audit.record(
            "psea.handlerkey.approve", by=by, target=key, using=VAULT, at=moment, may=row.may, until=str(row.until)
        )
    tell([owner] if owner is not None else [], Notice.INFO, "approved", row.pk, moment, at=moment)
    return row


def _capacities(key: HandlerKey, owner: User | None, *, investigates: bool) -> Iterable[str]:
    if key.kind == KeyKind.RECOVERY:
        return [KeyKind.RECOVERY.value]
    if owner is None or not capacities_of(owner) or owner.organisation_id != key.organisation_id:
        raise Refused(_("Cette personne n’a plus de rôle dans le coffre, ou a changé d’organisation."))
    if investigates and not owner.has_role(Role.PSEA_FOCAL_POINT):
        raise Refused(_("Seul un point focal PEAS peut être la fonction d’enquête de son entité."))
    return [*capacities_of(owner), *([INVESTIGATION] if investigates else [])]


def _signed(key: HandlerKey, may: Iterable[str], reader: Reader, by: User, at: datetime) -> Approval:
    until = timezone.localdate(at) + timedelta(days=settings.VAULT_APPROVAL_DAYS)
    row, _is_new = Approval.objects.using(VAULT).update_or_create(
        handler_key=key,
        signer=reader.signing_key,
        defaults={
            "signed_by": by.pk,
            "may": ",".join(sorted(may)),
            "until": until,
            "signature": reader.sign(statement(key, may, until)),
            "signed_at": at,
        },
    )
    return row
