"""Handlers' keys: enrolment with a generated passphrase, naming the investigation function, leaving."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import Actor
from core.sealing import WrongPassphrase, lock_private, new_keypair, unlock_private
from core.transitions import Refused
from directory.models import User
from directory.roles import IN_VAULT, Role
from psea.databases import VAULT
from psea.enums import KeyKind
from psea.models import HandlerKey
from psea.passphrase import as_typed, new_passphrase
from psea.readers import Reader


@dataclass(frozen=True)
class Enrolment:
    """A fresh key and its passphrase, which is shown once and kept nowhere."""

    key: HandlerKey
    passphrase: str


def enrol_handler(*, user: User, by: Actor, at: datetime | None = None) -> Enrolment:
    """Makes a key for a person of the vault. It opens nothing until the passphrase is typed back."""
    if not user.has_role(*IN_VAULT):
        raise Refused(_("Cette personne n'a aucun rôle dans le coffre."))
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        own = HandlerKey.objects.using(VAULT).filter(user_id=user.pk)
        own.filter(confirmed_at=None).delete()
        epoch = (own.aggregate(last=Max("epoch"))["last"] or 0) + 1
        key, passphrase = _new_key(moment, user_id=user.pk, organisation_id=user.organisation_id, epoch=epoch)
        audit.record("psea.handlerkey.enrol", by=by, target=key, using=VAULT, at=moment)
    return Enrolment(key, passphrase)


def confirm_enrolment(*, key_id: UUID, passphrase: str, by: User, at: datetime | None = None) -> Reader:
    """The passphrase typed back: the key lives from now on, and the former one is retired.

    Raises WrongPassphrase; the key then stays unconfirmed and is never wrapped to.
    """
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        key = HandlerKey.objects.using(VAULT).select_for_update().get(pk=key_id, user_id=by.pk, confirmed_at=None)
        private = unlock_private(bytes(key.locked_private), as_typed(passphrase))
        HandlerKey.objects.using(VAULT).of_people().filter(user_id=by.pk).update(retired_at=moment)
        key.confirmed_at = moment
        key.save(using=VAULT)
        audit.record("psea.handlerkey.confirm", by=by, target=key, using=VAULT, at=moment)
    return Reader(by.pk, key.pk, private)


def unlock(*, by: User, passphrase: str) -> Reader:
    """A handler's own key, opened. Raises WrongPassphrase; Refused when they have no key."""
    key = HandlerKey.objects.using(VAULT).of_people().filter(user_id=by.pk).first()
    if key is None or not by.has_role(*IN_VAULT):
        raise Refused(_("Vous n'avez pas encore de clé."))
    try:
        private = unlock_private(bytes(key.locked_private), as_typed(passphrase))
    except WrongPassphrase:
        audit.record("psea.handlerkey.wrong_passphrase", by=by, target=key, using=VAULT)
        raise
    audit.record("psea.handlerkey.unlock", by=by, target=key, using=VAULT)
    return Reader(by.pk, key.pk, private)


def name_investigation(*, key_id: UUID, is_investigation: bool, by: User, at: datetime | None = None) -> HandlerKey:
    """The coordination says whose key is the investigation function of their entity, or no longer."""
    if not by.has_role(Role.PSEA_COORDINATOR):
        raise Refused(_("Seule la coordination désigne la fonction d'enquête."))
    with transaction.atomic(using=VAULT):
        key = HandlerKey.objects.using(VAULT).of_people().select_for_update().get(pk=key_id)
        key.kind = KeyKind.INVESTIGATION if is_investigation else KeyKind.PERSON
        key.save(using=VAULT)
        act = "psea.handlerkey.name_investigation"
        audit.record(act, by=by, target=key, using=VAULT, at=at, named=is_investigation)
    return key


def enrol_recovery(*, by: Actor, at: datetime | None = None) -> Enrolment:
    """A recovery key, confirmed at once; its passphrase is for the custodians' sealed envelope."""
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        key, passphrase = _new_key(moment, kind=KeyKind.RECOVERY, confirmed_at=moment)
        audit.record("psea.handlerkey.enrol_recovery", by=by, target=key, using=VAULT, at=moment)
    return Enrolment(key, passphrase)


def _new_key(moment: datetime, **fields: object) -> tuple[HandlerKey, str]:
    private, public = new_keypair()
    passphrase = new_passphrase()
    locked = lock_private(private, passphrase)
    key = HandlerKey(public_key=public, locked_private=locked, created_at=moment, **fields)
    key.save(using=VAULT, force_insert=True)
    return key, passphrase
