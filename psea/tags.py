"""Keyed hashes of the vault: found again by whoever holds `VAULT_INDEX_KEY`, empty of sense for others."""

from __future__ import annotations

import hmac
import uuid

from core.index import keyed_hash

# Fixed for ever: the id of a sealed case follows from what it was made of, so that running again is harmless.
NAMESPACE = uuid.UUID("5b0f3f0e-8f0b-4d0e-9d53-6a0f1a5c7b21")

MAILBOX_BYTES = 32


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


def reader_tag(key_id: uuid.UUID, case_id: uuid.UUID, part: str) -> str:
    """What marks the wrap of one reader in one part of one case. Two cases of one reader have nothing in common."""
    return keyed_hash(f"{key_id}\x1f{case_id}\x1f{part}", "reader", vault=True)


def bound_mailbox(found_by: str, mailbox: bytes) -> bytes:
    """A public key (32 bytes) as it is kept beside the hash that leads to it, so that no other can be put there."""
    return mailbox + bytes.fromhex(keyed_hash(f"{found_by}\x1f{mailbox.hex()}", "mailbox", vault=True))


def mailbox_of(found_by: str, kept: bytes | memoryview | None) -> bytes | None:
    """The public key that `bound_mailbox` kept there; None if there is none, or not the one that was put there."""
    mailbox = bytes(kept or b"")[:MAILBOX_BYTES]
    is_whole = hmac.compare_digest(bytes(kept or b""), bound_mailbox(found_by, mailbox))
    return mailbox if mailbox and is_whole else None


def notice_key(*parts: object) -> str:
    """An opaque key for a notice: the ordinary database keeps it, and must learn nothing from it."""
    return keyed_hash("\x1f".join(map(str, parts)), "notice", vault=True)
