"""Keyed hashes of the vault: found again by whoever holds `VAULT_INDEX_KEY`, empty of sense for others."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Mapping
from typing import TypeVar

from core.index import Mark, drawn_hash, forms_of, is_same, keyed_hash, keys_of, lifted, ring

# Fixed for ever: the id of a sealed case follows from what it was made of, so that running again is harmless.
NAMESPACE = uuid.UUID("5b0f3f0e-8f0b-4d0e-9d53-6a0f1a5c7b21")

MAILBOX_BYTES = 32

Thing = TypeVar("Thing")


def id_from(source_id: str) -> uuid.UUID:
    """The id of what is sealed from this message or record."""
    return uuid.uuid5(NAMESPACE, source_id)


def entity_tag(organisation_id: int) -> Mark:
    """What stands for an entity on a case, so that a stolen copy does not say which."""
    return keyed_hash(str(organisation_id), "entity", vault=True)


def is_entity(tag: str, organisation_id: int) -> bool:
    """Whether a tag that was read stands for this entity."""
    return is_same(tag, entity_tag(organisation_id), vault=True)


def receipt_hash(number: str) -> Mark:
    """What stands for a receipt number, 12 digits."""
    return keyed_hash(number, "receipt", vault=True)


def phone_hash(phone: str) -> Mark:
    """What stands for a telephone number in E.164."""
    return keyed_hash(phone, "phone", vault=True)


def thread_tag(mailbox: bytes) -> Mark:
    """What ties a case to what is added to it later."""
    return keyed_hash(mailbox.hex(), "thread", vault=True)


def is_thread(tag: str, mailbox: bytes) -> bool:
    """Whether a tag that was read ties to this mailbox."""
    return is_same(tag, thread_tag(mailbox), vault=True)


def holder_tag(number: str, code: str) -> Mark:
    """What stands for number and code together, so that what is written for their holder is found."""
    return keyed_hash(number + code, "holder", vault=True)


def holder_keys(number: str, code: str) -> list[bytes]:
    """The key (32 bytes) of what is written for whoever holds number and code; kept nowhere. Behind it, those of what
    was written before the ring of keys grew."""
    count = len(ring(vault=True).keys)
    return [
        bytes.fromhex(drawn_hash(number + code, "holder-key", vault=True, keys=keys)) for keys in range(count, 0, -1)
    ]


def reader_tag(key_id: uuid.UUID, case_id: uuid.UUID, part: str) -> Mark:
    """What marks the wrap of one reader in one part of one case. Two cases of one reader have nothing in common."""
    return keyed_hash(f"{key_id}\x1f{case_id}\x1f{part}", "reader", vault=True)


def by_form(tags: Mapping[Mark, Thing]) -> dict[str, Thing]:
    """The same by every form in which a tag may be read."""
    return {form: thing for tag, thing in tags.items() for form in forms_of(tag, vault=True)}


def bound_mailbox(found_by: str, mailbox: bytes) -> bytes:
    """A public key (32 bytes) as it is kept beside the hash that leads to it, so that no other can be put there.

    It is bound under as many keys as the hash is: whoever knows an older key only can bind none beside a newer one.
    """
    said = f"{found_by}\x1f{mailbox.hex()}"
    return mailbox + bytes.fromhex(drawn_hash(said, "mailbox", vault=True, keys=keys_of(found_by)))


def mailbox_of(found_by: str, kept: bytes | memoryview | None) -> bytes | None:
    """The public key that `bound_mailbox` kept there; None if there is none, or not the one that was put there.

    `found_by`: as it stands in the row.
    """
    mailbox = bytes(kept or b"")[:MAILBOX_BYTES]
    is_whole = hmac.compare_digest(bytes(kept or b""), bound_mailbox(found_by, mailbox))
    return mailbox if mailbox and is_whole else None


def bound_anew(found_by: str, kept: bytes | memoryview | None) -> dict[str, bytes]:
    """The column of a mailbox whose hash goes over to another key; nothing where it is not the one put there."""
    mailbox = mailbox_of(found_by, kept)
    return {} if mailbox is None else {"mailbox": bound_mailbox(lifted(found_by, vault=True), mailbox)}


def notice_key(*parts: object) -> str:
    """An opaque key for a notice: the ordinary database keeps it, and must learn nothing from it."""
    return keyed_hash("\x1f".join(map(str, parts)), "notice", vault=True)
