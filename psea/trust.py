"""Whose keys a case may be wrapped to: those that two coordinators signed, whose own are pinned outside the database.

Whoever can only write to the databases can add no reader: not by a key of their own, nor by another role, organisation
or kind given to somebody's key, for all of these are in what is signed. A pin is one line of `VAULT_PINS_FILE`, the
coordinator's public signing key in base64url, and whatever words follow. An approval ends with its date, so that a key
which was retired, and is made to live again by such a writer, is not given cases for ever.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.utils import timezone

from directory.models import User
from directory.roles import HOLDS_KEY, Role
from psea.databases import VAULT
from psea.enums import KeyKind
from psea.models import Approval, HandlerKey
from psea.passphrase import word_list

SIGNERS_NEEDED = 2
# A capacity beside roles: to be the investigation function of one's entity.
INVESTIGATION = "investigation"
# What a coordinator's signature may say of their own key.
OF_ONESELF = frozenset({Role.PSEA_COORDINATOR.value})
FINGERPRINT_WORDS = 6
KEY_COLUMNS = ("id", "user_id", "organisation_id", "kind", "public_key")


@dataclass(frozen=True)
class Approved:
    """A living key that enough pinned coordinators signed, and what for. Only such a key is ever wrapped to.

    `until`: the last day on which all of it holds.
    """

    key: HandlerKey
    may: frozenset[str]
    until: date

    @property
    def user_id(self) -> int | None:
        return self.key.user_id


def approved_keys(using: str = VAULT) -> list[Approved]:
    """Every living key with what enough signatures, each still in date, let it be given."""
    keys = {key.pk: key for key in HandlerKey.objects.using(using).living().only(*KEY_COLUMNS)}
    rows = Approval.objects.using(using).filter(handler_key__in=list(keys), until__gte=timezone.localdate())
    signed: dict[UUID, dict[str, dict[bytes, date]]] = defaultdict(lambda: defaultdict(dict))
    pins = pinned()
    for row in rows:
        if bytes(row.signer) in pins and is_signed(row, keys[row.handler_key_id]):
            for capacity in counted_of(row, keys[row.handler_key_id]):
                signed[row.handler_key_id][capacity][bytes(row.signer)] = row.until
    return [
        Approved(keys[pk], frozenset(may), min(may.values())) for pk, found in signed.items() if (may := _enough(found))
    ]


def approved_for(capacity: str, keys: Iterable[Approved]) -> dict[int, Approved]:
    """Of these keys of people those that were approved for a role, or as `INVESTIGATION`, by the person's id."""
    return {key.user_id: key for key in keys if key.user_id is not None and str(capacity) in key.may}


def recovery_keys(keys: Iterable[Approved]) -> list[Approved]:
    """Of these keys those that two custodians hold together, approved as such."""
    return [key for key in keys if key.key.kind == KeyKind.RECOVERY and KeyKind.RECOVERY.value in key.may]


def is_approved_for(key_id: UUID, capacity: str) -> bool:
    """Whether this key was approved for a role, or as `INVESTIGATION`."""
    return any(key.key.pk == key_id and str(capacity) in key.may for key in approved_keys())


def capacities_of(user: User) -> frozenset[str]:
    """What a person's key should be approved for as things stand: their roles in the vault."""
    return frozenset(role.value for role in user.roles & HOLDS_KEY)


def statement(key: HandlerKey, may: Iterable[str], until: date) -> bytes:
    """What a coordinator signs."""
    parts = (key.pk, key.user_id or "", key.organisation_id or "", bytes(key.public_key).hex(), until.isoformat())
    return "\x1f".join(["jaabi", "1", "approval", *map(str, parts), ",".join(sorted(may))]).encode()


def counted_of(row: Approval, key: HandlerKey) -> frozenset[str]:
    """The capacities for which a signature counts: for one's own key, to be of the coordination, which one's pin says
    already, and nothing that reads more (docs/keys.md)."""
    may = frozenset(row.may.split(","))
    return may & OF_ONESELF if row.signed_by == key.user_id else may


def is_signed(row: Approval, key: HandlerKey) -> bool:
    """Whether this approval's signature holds for the key as it stands."""
    return _verified(bytes(row.signer), bytes(row.signature), statement(key, row.may.split(","), row.until))


def pinned() -> Mapping[bytes, str]:
    """The coordinators' public signing keys (32 bytes) that the file outside the database names, with its words."""
    path = Path(settings.VAULT_PINS_FILE)
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return {}
    return _pins(str(path), changed)


def words_while_waiting(key_id: UUID) -> str:
    """What its owner reads to the coordination until the key is approved for anything; '' from then on."""
    if any(key.key.pk == key_id for key in approved_keys()):
        return ""
    return fingerprint(bytes(HandlerKey.objects.using(VAULT).get(pk=key_id).public_key))


def pin_of(signing_key: bytes) -> str:
    """As it is written in the file of pins."""
    return base64.urlsafe_b64encode(signing_key).decode()


def fingerprint(public_key: bytes) -> str:
    """Six words to compare by voice, about 66 bits: whether the key on two screens is the same."""
    words, number = word_list(), int.from_bytes(hashlib.sha256(b"jaabi fingerprint" + public_key).digest())
    found = []
    for _word in range(FINGERPRINT_WORDS):
        number, place = divmod(number, len(words))
        found.append(words[place])
    return " ".join(found)


def _enough(found: Mapping[str, Mapping[bytes, date]]) -> dict[str, date]:
    """In: by capacity, who signed and until when. Out: each that enough signed, until one too few of them stands."""
    return {
        capacity: sorted(by.values(), reverse=True)[SIGNERS_NEEDED - 1]
        for capacity, by in found.items()
        if len(by) >= SIGNERS_NEEDED
    }


@lru_cache(maxsize=2)
def _pins(path: str, changed: int) -> dict[bytes, str]:
    return dict(_read(Path(path).read_text(encoding="utf-8").splitlines()))


def _read(lines: Iterable[str]) -> Iterator[tuple[bytes, str]]:
    for line in lines:
        first, _space, words = line.strip().partition(" ")
        try:
            raw = base64.urlsafe_b64decode(first)
        except (binascii.Error, ValueError):
            continue  # a remark
        if len(raw) == 32:
            yield raw, words.strip()


@lru_cache(maxsize=2048)
def _verified(signer: bytes, signature: bytes, said: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(signer).verify(signature, said)
    except (InvalidSignature, ValueError):
        return False
    return True
