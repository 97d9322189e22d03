"""Keys of the vault for tests: two pinned signers who are nobody of the cast, and a recovery key held in the hand.

What the coordination itself does to approve a key is told in `tests/psea/test_approvals.py`.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone

from core.sealing import new_keypair
from directory.models import User
from psea.actions import Enrolment, confirm_enrolment, enrol_handler
from psea.enums import KeyKind
from psea.models import Approval, HandlerKey
from psea.readers import Reader
from psea.trust import capacities_of, pin_of, statement

SIGNERS = [Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2)]


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
    """An approved recovery key whose private half no custodian holds, but the test."""
    private, public = new_keypair()
    now = timezone.now()
    key = HandlerKey(kind=KeyKind.RECOVERY, public_key=public, created_at=now, confirmed_at=now)
    key.save(using="vault", force_insert=True)
    approve(key)
    return Reader(0, key.pk, private)
