"""What was sealed once opens for ever: frozen vectors of each suite, and that of RFC 9180 in the library."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.bindings._rust import openssl as rust_openssl
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from core import sealing
from core.sealing import Context
from psea.ring import out_of_ring

FROZEN = json.loads((Path(__file__).parent / "sealing_vectors.json").read_text(encoding="utf-8"))
CASE = "5b0f3f0e-8f0b-4d0e-9d53-6a0f1a5c7b21"
WORDS = Context("psea_sealedcase", CASE, "words")
RINGED = Context("psea_wrap", CASE, "words")
WRAP = Context("psea_wrap", CASE, "words:00000000-0000-0000-0000-000000000001")
# RFC 9180, A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode, the first encryption.
RFC_INFO = "4f6465206f6e2061204772656369616e2055726e"
RFC_PRIVATE = "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"
RFC_ENC = "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"
RFC_AAD = "436f756e742d30"
RFC_CIPHERTEXT = "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"
RFC_PLAINTEXT = b"Beauty is truth, truth beauty"


@pytest.fixture(autouse=True)
def _quick_argon() -> None:
    """Here, at its real cost: the frozen lock was made with it."""


def frozen(name: str) -> bytes:
    return bytes.fromhex(FROZEN[name])


def test_frozen_blobs_open() -> None:
    key, private = frozen("data_key"), frozen("private_key")
    assert sealing.unseal(key, frozen("sealed"), WORDS).decode() == FROZEN["text"]
    assert sealing.unwrap(frozen("wrapped"), private, WRAP) == key
    assert sealing.unlock_private(frozen("locked"), FROZEN["passphrase"]) == private


def test_the_frozen_layer_of_the_vaults_ring_opens_and_so_does_what_is_from_before_there_was_one(settings: Any) -> None:
    settings.VAULT_SEALING_KEYS = [base64.urlsafe_b64encode(frozen("ring_key")).decode()]
    assert out_of_ring(frozen("ringed"), RINGED) == out_of_ring(frozen("wrapped"), RINGED) == frozen("wrapped")
    assert sealing.unwrap(out_of_ring(frozen("ringed"), RINGED), frozen("private_key"), WRAP) == frozen("data_key")


def test_names_and_derived_keys_do_not_move() -> None:
    private = frozen("private_key")
    assert sealing.key_name(frozen("data_key")) == frozen("key_name")
    assert sealing.public_of(private) == frozen("public_key")
    assert sealing.signing_key(private).public_key().public_bytes_raw() == frozen("signing_public_key")


def test_the_library_agrees_with_the_standard() -> None:
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)
    private = X25519PrivateKey.from_private_bytes(bytes.fromhex(RFC_PRIVATE))
    sealed = bytes.fromhex(RFC_ENC + RFC_CIPHERTEXT)
    opened = rust_openssl.hpke._decrypt_with_aad(
        suite, sealed, private, info=bytes.fromhex(RFC_INFO), aad=bytes.fromhex(RFC_AAD)
    )
    assert opened == RFC_PLAINTEXT


@pytest.mark.parametrize("name", ["another key", "another suite"])
def test_a_blob_that_names_another_key_or_suite_fails_closed(name: str) -> None:
    blob = bytearray(frozen("sealed"))
    blob[0 if name == "another suite" else 1] ^= 1
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(frozen("data_key"), bytes(blob), WORDS)
