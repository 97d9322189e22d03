"""Keyed hashes of the vault: found again by whoever holds `VAULT_INDEX_KEY`, empty of sense for others."""

from __future__ import annotations

import uuid

from core.index import keyed_hash

# Fixed for ever: the id of a sealed case follows from what it was made of, so that running again is harmless.
NAMESPACE = uuid.UUID("5b0f3f0e-8f0b-4d0e-9d53-6a0f1a5c7b21")


def id_from(source_id: str) -> uuid.UUID:
    """The id of what is sealed from this message or record."""
    return uuid.uuid5(NAMESPACE, source_id)


def entity_tag(organisation_id: int) -> str:
    """What stands for an entity on a case, so that a stolen copy does not say which."""
    return keyed_hash(str(organisation_id), "entity", vault=True)


def receipt_hash(number: str) -> str:
    """What stands for a receipt number, 12 digits."""
    return keyed_hash(number, "receipt", vault=True)


def phone_hash(phone: str) -> str:
    """What stands for a telephone number in E.164."""
    return keyed_hash(phone, "phone", vault=True)


def thread_tag(mailbox: bytes) -> str:
    """What ties a case to what is added to it later."""
    return keyed_hash(mailbox.hex(), "thread", vault=True)


def holder_tag(number: str, code: str) -> str:
    """What stands for number and code together, so that what is written for their holder is found."""
    return keyed_hash(number + code, "holder", vault=True)


def holder_key(number: str, code: str) -> bytes:
    """The key (32 bytes) of what is written for whoever holds number and code; kept nowhere."""
    return bytes.fromhex(keyed_hash(number + code, "holder-key", vault=True))


def notice_key(*parts: object) -> str:
    """An opaque key for a notice: the ordinary database keeps it, and must learn nothing from it."""
    return keyed_hash("\x1f".join(map(str, parts)), "notice", vault=True)
