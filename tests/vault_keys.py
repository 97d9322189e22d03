"""Keys of the vault for tests: two pinned signers who are nobody of the cast, and a recovery key held in the hand.

What the coordination itself does to approve a key is told in `tests/psea/test_approvals.py`.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone

from core.sealing import new_keypair
from directory.models import Organisation, User, UserRole
from directory.roles import Role
from psea.actions import Enrolment, confirm_enrolment, enrol_handler
from psea.enums import KeyKind
from psea.models import Approval, HandlerKey, RecoveryShare
from psea.readers import Reader
from psea.trust import capacities_of, pin_of, statement

SIGNERS = [Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2)]

CUSTODIAN = "Custodian"


def pin_signers(folder: Path, *more: bytes) -> None:
    """Writes the file of pins, outside the database, and names it in the settings."""
    keys = [signer.public_key().public_bytes_raw() for signer in SIGNERS]
    path = folder / "vault_pins.txt"
    path.write_text("".join(f"{pin_of(key)} a test\n" for key in [*keys, *more]))
    settings.VAULT_PINS_FILE = str(path)


def approve(key: HandlerKey, *more: str, signers: int = 2, until: date | None = None) -> None:
    """The pinned signers approve a key for what its owner's roles ask, and for `more`."""
    if key.kind == KeyKind.RECOVERY:
        may = [KeyKind.RECOVERY.value]
    else:
        may = [*capacities_of(User.objects.get(pk=key.user_id)), *more]
    until = until or timezone.localdate() + timedelta(days=300)
    for signer in SIGNERS[:signers]:
        Approval.objects.using("vault").update_or_create(
            handler_key=key,
            signer=signer.public_key().public_bytes_raw(),
            defaults={
                "signed_by": 0,
                "may": ",".join(sorted(may)),
                "until": until,
                "signature": signer.sign(statement(key, may, until)),
                "signed_at": timezone.now(),
            },
        )


def enrolled(user: User, *more: str) -> tuple[Enrolment, Reader]:
    """A person with an approved key, open."""
    made = enrol_handler(user=user, by=user)
    reader = confirm_enrolment(key_id=made.key.pk, passphrase=made.passphrase, code=made.code, by=user)
    approve(made.key, *more)
    return made, reader


def recovery_key() -> Reader:
    """An approved recovery key that the test holds in its hand. Its two custodians are nobody of the cast, and open
    nothing: how custodians do is told in `tests/psea/test_recovery.py`.
    """
    recovery, private = _key(kind=KeyKind.RECOVERY)
    first, second = (_custodian(number) for number in (1, 2))
    RecoveryShare(recovery_key=recovery, first=first, second=second, blob=b"").save(using="vault", force_insert=True)
    return Reader(0, recovery.pk, private)


def without_custodians() -> None:
    """The two of `recovery_key` are not there: nor is recovery, until others are."""
    people = User.objects.filter(name=CUSTODIAN)
    HandlerKey.objects.using("vault").filter(user_id__in=[user.pk for user in people]).delete()
    people.delete()


def _custodian(number: int) -> HandlerKey:
    """Of the first organisations there are, or one made for it; the same as the last time, if there was one."""
    email = f"custodian-{number}@jaabi.example"
    if (known := User.objects.filter(email=email).first()) is not None:
        return HandlerKey.objects.using("vault").of(known).get()
    named = {"acronym": f"C{number}", "name": f"{CUSTODIAN} {number}"}
    of = Organisation.objects.order_by("pk")[number - 1 : number].first() or Organisation.objects.create(**named)
    user = User.objects.create_user(email, name=CUSTODIAN, organisation=of)
    UserRole.objects.create(user=user, role=Role.RECOVERY_CUSTODIAN)
    return _key(user_id=user.pk, organisation_id=of.pk)[0]


def _key(**fields: Any) -> tuple[HandlerKey, bytes]:
    private, public = new_keypair()
    now = timezone.now()
    key = HandlerKey(public_key=public, created_at=now, confirmed_at=now, proved_at=now, **fields)
    key.save(using="vault", force_insert=True)
    approve(key)
    return key, private
