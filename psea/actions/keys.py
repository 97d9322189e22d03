"""A handler's own key: made with a passphrase and a printed code, opened by either, and given new ones."""

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
from core.sealing import WrongPassphrase, lock_private, new_keypair, signing_key, unlock_private
from core.transitions import Refused
from directory.models import User
from directory.notices import Notice
from directory.roles import HOLDS_KEY, Role
from psea.databases import VAULT
from psea.duty import tell
from psea.models import HandlerKey
from psea.passphrase import as_code, as_typed, new_code, new_passphrase
from psea.readers import Reader


@dataclass(frozen=True)
class Enrolment:
    """A key with its passphrase and its printed code, which are shown once and kept nowhere."""

    key: HandlerKey
    passphrase: str
    code: str


class WrongCode(WrongPassphrase):
    """The printed code does not open this private key."""


def enrol_handler(*, user: User, by: Actor, at: datetime | None = None) -> Enrolment:
    """Makes a key for a person of the vault. It opens nothing until passphrase and code are typed back."""
    if not user.has_role(*HOLDS_KEY):
        raise Refused(_("Cette personne n'a aucun rôle dans le coffre."))
    moment = at or timezone.now()
    private, public = new_keypair()
    passphrase, code = new_passphrase(), new_code()
    with transaction.atomic(using=VAULT):
        own = HandlerKey.objects.using(VAULT).filter(user_id=user.pk)
        own.filter(confirmed_at=None).delete()
        key = HandlerKey(
            user_id=user.pk,
            organisation_id=user.organisation_id,
            public_key=public,
            signing_key=signing_key(private).public_key().public_bytes_raw(),
            locked_private=lock_private(private, passphrase),
            locked_by_code=lock_private(private, as_code(code)),
            epoch=(own.aggregate(last=Max("epoch"))["last"] or 0) + 1,
            created_at=moment,
        )
        key.save(using=VAULT, force_insert=True)
        audit.record("psea.handlerkey.enrol", by=by, target=key, using=VAULT, at=moment)
    return Enrolment(key, passphrase, code)


def confirm_enrolment(*, key_id: UUID, passphrase: str, code: str, by: User, at: datetime | None = None) -> Reader:
    """Passphrase and code typed back: the key lives from now on, and the former one is retired.

    Nothing is wrapped to it before two coordinators have approved it; they are told. Raises WrongPassphrase, WrongCode;
    the key then stays unconfirmed.
    """
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        key = HandlerKey.objects.using(VAULT).select_for_update().get(pk=key_id, user_id=by.pk, confirmed_at=None)
        private = unlock_private(bytes(key.locked_private or b""), as_typed(passphrase))
        _check_code(bytes(key.locked_by_code or b""), code)
        HandlerKey.objects.using(VAULT).of(by).update(retired_at=moment)
        key.confirmed_at = key.proved_at = moment
        key.save(using=VAULT)
        audit.record("psea.handlerkey.confirm", by=by, target=key, using=VAULT, at=moment)
    coordination = User.objects.with_role(Role.PSEA_COORDINATOR).exclude(pk=by.pk)
    tell(coordination, Notice.ACT, "to_approve", key.pk, at=moment)
    return Reader(by.pk, key.pk, private)


def unlock(*, by: User, passphrase: str = "", code: str = "", at: datetime | None = None) -> Reader:
    """A handler's own key, opened by their passphrase, or by the printed code if that is given.

    Raises WrongPassphrase, WrongCode; Refused when they have no key.
    """
    key = HandlerKey.objects.using(VAULT).of(by).first()
    if key is None or not by.has_role(*HOLDS_KEY):
        raise Refused(_("Vous n'avez pas encore de clé."))
    try:
        if code:
            private = _check_code(bytes(key.locked_by_code or b""), code)
        else:
            private = unlock_private(bytes(key.locked_private or b""), as_typed(passphrase))
    except WrongPassphrase:
        audit.record("psea.handlerkey.wrong_passphrase", by=by, target=key, using=VAULT, code=bool(code))
        raise
    with transaction.atomic(using=VAULT):
        HandlerKey.objects.using(VAULT).filter(pk=key.pk).update(proved_at=at or timezone.now())
        audit.record("psea.handlerkey.unlock", by=by, target=key, using=VAULT, at=at, code=bool(code))
    return Reader(by.pk, key.pk, private)


def renew_secrets(*, reader: Reader, by: User) -> Enrolment:
    """A new passphrase and a new code for one's own key; the former ones open it until these are typed back."""
    reader.check_is(by)
    key = HandlerKey.objects.using(VAULT).of_people().get(pk=reader.key_id)
    passphrase, code = new_passphrase(), new_code()
    key.next_locked_private = lock_private(reader.private, passphrase)
    key.next_locked_by_code = lock_private(reader.private, as_code(code))
    key.save(using=VAULT, update_fields=["next_locked_private", "next_locked_by_code"])
    return Enrolment(key, passphrase, code)


def confirm_secrets(*, reader: Reader, passphrase: str, code: str, by: User, at: datetime | None = None) -> None:
    """The new ones typed back: from now on they alone open the key. Raises WrongPassphrase, WrongCode, Refused."""
    reader.check_is(by)
    with transaction.atomic(using=VAULT):
        key = HandlerKey.objects.using(VAULT).of_people().select_for_update().get(pk=reader.key_id)
        if key.next_locked_private is None:
            raise Refused(_("Il n’y a pas de nouvelle phrase à confirmer."))
        unlock_private(bytes(key.next_locked_private), as_typed(passphrase))
        _check_code(bytes(key.next_locked_by_code or b""), code)
        key.locked_private, key.locked_by_code = key.next_locked_private, key.next_locked_by_code
        key.next_locked_private = key.next_locked_by_code = None
        key.save(using=VAULT)
        audit.record("psea.handlerkey.renew_secrets", by=by, target=key, using=VAULT, at=at)


def _check_code(locked: bytes, code: str) -> bytes:
    try:
        return unlock_private(locked, as_code(code))
    except WrongPassphrase as error:
        raise WrongCode from error
