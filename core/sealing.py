"""Sealing: what leaves memory is ciphertext bound to its table, row and field.

A data key per record seals its fields (AES-256-GCM); each reader has that key wrapped to their public
key (HPKE, RFC 9180: X25519, HKDF-SHA256, AES-256-GCM). A handler's private key is locked under a
passphrase (Argon2id, RFC 9106). Every blob begins with its suite, and a sealed text with the name of its key; another
suite or key fails closed.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SUITE = b"\x01"
KEY_BYTES = 32
NONCE_BYTES = 12
NAME_BYTES = 4
TAG_BYTES = 16
SALT_BYTES = 16
# RFC 9106 §4, second recommended option: 64 MiB, three passes, four lanes.
ARGON_MEMORY_KIB, ARGON_PASSES, ARGON_LANES = 64 * 1024, 3, 4


class SealBroken(Exception):
    """The blob was altered, moved, or made for another reader or suite. Nothing of it is returned."""


class WrongPassphrase(Exception):
    """The passphrase does not open this private key."""


@dataclass(frozen=True)
class Context:
    """Where a blob lives. A blob moved to another table, row or field does not open."""

    table: str
    row: str
    field: str

    def bound(self, purpose: str) -> bytes:
        return "\x1f".join(("jaabi", "1", purpose, self.table, self.row, self.field)).encode()


def new_data_key() -> bytes:
    """A fresh 32-byte data key, for one record."""
    return os.urandom(KEY_BYTES)


def new_keypair() -> tuple[bytes, bytes]:
    """A fresh X25519 pair: (private, public), 32 raw bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def public_of(private_key: bytes) -> bytes:
    """The public half of a raw X25519 private key."""
    return X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def seal(key: bytes, plaintext: bytes, context: Context) -> bytes:
    """In: 32-byte key, plaintext, where it will live. Out: suite, name of the key, nonce and ciphertext."""
    nonce = os.urandom(NONCE_BYTES)
    return SUITE + key_name(key) + nonce + AESGCM(key).encrypt(nonce, plaintext, context.bound("seal"))


def unseal(key: bytes, blob: bytes, context: Context) -> bytes:
    """The plaintext. Raises SealBroken if anything differs from what was sealed."""
    body = _body(blob)
    name, nonce, ciphertext = body[:NAME_BYTES], body[NAME_BYTES:][:NONCE_BYTES], body[NAME_BYTES + NONCE_BYTES :]
    if name != key_name(key):
        raise SealBroken
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, context.bound("seal"))
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


def wrap(key: bytes, public_key: bytes, context: Context) -> bytes:
    """In: a data key, a reader's public key (32 bytes). Out: a blob that only that reader opens."""
    reader = X25519PublicKey.from_public_bytes(public_key)
    return SUITE + _hpke().encrypt(key, reader, info=context.bound("wrap"))


def unwrap(blob: bytes, private_key: bytes, context: Context) -> bytes:
    """The data key. Raises SealBroken if the wrap is not for this key, row or suite."""
    reader = X25519PrivateKey.from_private_bytes(private_key)
    try:
        return bytes(_hpke().decrypt(_body(blob), reader, info=context.bound("wrap")))
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


def decoy_wrap() -> bytes:
    """What looks like the wrap of a data key, and opens for nobody."""
    return SUITE + new_keypair()[1] + os.urandom(KEY_BYTES + TAG_BYTES)


def key_name(key: bytes) -> bytes:
    """What a sealed text calls the data key that opens it: four bytes, which tell nothing of the key."""
    return hashlib.sha256(b"jaabi\x1fname\x1f" + key).digest()[:NAME_BYTES]


def signing_key(private_key: bytes) -> Ed25519PrivateKey:
    """The key with which the owner of a raw X25519 private key signs, derived from it (HKDF-SHA256, RFC 5869)."""
    derive = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"jaabi\x1f1\x1fsigning")
    return Ed25519PrivateKey.from_private_bytes(derive.derive(private_key))


def lock_private(private_key: bytes, passphrase: str) -> bytes:
    """A private key that only the passphrase opens: suite, salt, nonce, ciphertext."""
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    return SUITE + salt + nonce + AESGCM(_stretched(passphrase, salt)).encrypt(nonce, private_key, b"jaabi/private")


def unlock_private(blob: bytes, passphrase: str) -> bytes:
    """The private key. Raises WrongPassphrase; SealBroken for an unknown suite."""
    body = _body(blob)
    salt, nonce, ciphertext = body[:SALT_BYTES], body[SALT_BYTES:][:NONCE_BYTES], body[SALT_BYTES + NONCE_BYTES :]
    try:
        return AESGCM(_stretched(passphrase, salt)).decrypt(nonce, ciphertext, b"jaabi/private")
    except (InvalidTag, ValueError) as error:
        raise WrongPassphrase from error


def _hpke() -> Suite:
    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _body(blob: bytes) -> bytes:
    if bytes(blob[:1]) != SUITE:
        raise SealBroken
    return bytes(blob[1:])


def _stretched(passphrase: str, salt: bytes) -> bytes:
    spoken = " ".join(unicodedata.normalize("NFC", passphrase).casefold().split())
    derive = Argon2id(
        salt=salt, length=KEY_BYTES, iterations=ARGON_PASSES, lanes=ARGON_LANES, memory_cost=ARGON_MEMORY_KIB
    )
    return derive.derive(spoken.encode())
