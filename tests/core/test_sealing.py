"""Sealing holds, or gives nothing: whatever is altered, moved or opened by another is refused."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given
from hypothesis import strategies as st

from core import sealing
from core.keyring import is_newest, unwrap_online, wrap_online
from core.models import Outbound
from core.sealing import Context, SealBroken, WrongPassphrase

HERE = Context("feedback_case", "1", "words")
# RFC 9106 §4, the second option it recommends: what guessing one passphrase costs.
MEMORY_KIB, PASSES, LANES = 64 * 1024, 3, 4
ELSEWHERE = [Context("other", "1", "words"), Context("feedback_case", "2", "words"), Context("feedback_case", "1", "x")]


@pytest.fixture(autouse=True)
def _quick_argon() -> None:
    """Here, at its real cost."""


@given(st.binary(max_size=2000))
def test_what_was_sealed_opens_where_it_was_sealed(plaintext: bytes) -> None:
    key = sealing.new_data_key()
    assert sealing.unseal(key, sealing.seal(key, plaintext, HERE), HERE) == plaintext


def test_every_altered_byte_of_a_seal_is_refused() -> None:
    key = sealing.new_data_key()
    blob = sealing.seal(key, b"le forage est en panne", HERE)
    for index in range(len(blob)):
        altered = blob[:index] + bytes([blob[index] ^ 1]) + blob[index + 1 :]
        with pytest.raises(SealBroken):
            sealing.unseal(key, altered, HERE)


def test_every_altered_byte_of_a_wrap_is_refused() -> None:
    private, public = sealing.new_keypair()
    blob = sealing.wrap(sealing.new_data_key(), public, HERE)
    for index in range(len(blob)):
        altered = blob[:index] + bytes([blob[index] ^ 1]) + blob[index + 1 :]
        with pytest.raises(SealBroken):
            sealing.unwrap(altered, private, HERE)


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_a_blob_moved_to_another_place_is_refused(elsewhere: Context) -> None:
    key = sealing.new_data_key()
    private, public = sealing.new_keypair()
    with pytest.raises(SealBroken):
        sealing.unseal(key, sealing.seal(key, b"texte", HERE), elsewhere)
    with pytest.raises(SealBroken):
        sealing.unwrap(sealing.wrap(key, public, HERE), private, elsewhere)


def test_a_wrap_opens_for_its_reader_only() -> None:
    key = sealing.new_data_key()
    (private, public), (other, _) = sealing.new_keypair(), sealing.new_keypair()
    blob = sealing.wrap(key, public, HERE)
    assert sealing.unwrap(blob, private, HERE) == key
    with pytest.raises(SealBroken):
        sealing.unwrap(blob, other, HERE)


@pytest.mark.parametrize("blob", [b"", b"\x01", b"\x02" + b"0" * 60, b"\x01" + b"0" * 5])
def test_an_unknown_or_cut_blob_fails_closed(blob: bytes) -> None:
    with pytest.raises(SealBroken):
        sealing.unseal(sealing.new_data_key(), blob, HERE)


def test_a_passphrase_is_stretched_at_the_real_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    stretch = Argon2id

    def noted(**figures: Any) -> Any:
        asked.append((figures["memory_cost"], figures["iterations"], figures["lanes"]))
        return stretch(**figures)

    monkeypatch.setattr(sealing, "Argon2id", noted)
    sealing.lock_private(sealing.new_keypair()[0], "rivière calebasse jardin")
    assert asked == [(MEMORY_KIB, PASSES, LANES)]


def test_a_private_key_opens_with_its_passphrase_as_people_type_it() -> None:
    private, _ = sealing.new_keypair()
    locked = sealing.lock_private(private, "rivière calebasse jardin")
    assert sealing.unlock_private(locked, " Rivière  calebasse JARDIN ") == private
    with pytest.raises(WrongPassphrase):
        sealing.unlock_private(locked, "riviere calebasse jardin")
    assert private not in locked


def test_a_record_forgets_what_it_is_told_to_forget() -> None:
    row = Outbound()
    row.seal(recipient="+22300000012", body="Bonjour")
    assert b"Bonjour" not in bytes(row.body or b"")
    assert (row.unsealed("recipient"), row.unsealed("body"), row.unsealed("subject")) == ("+22300000012", "Bonjour", "")
    row.forget_all()
    assert (row.recipient, row.body, row.data_key) == (None, None, None)


def test_a_record_whose_blobs_were_swapped_does_not_open() -> None:
    row = Outbound()
    row.seal(recipient="+22300000012", body="Bonjour")
    row.recipient, row.body = row.body, row.recipient
    with pytest.raises(SealBroken):
        row.unsealed("body")


def test_a_key_that_left_the_ring_destroys_what_it_wrapped(settings: Any) -> None:
    old = settings.SEALING_KEYS
    new = [base64.urlsafe_b64encode(sealing.new_keypair()[0]).decode()]
    key = sealing.new_data_key()
    blob = wrap_online(key, HERE)
    settings.SEALING_KEYS = new + old
    assert unwrap_online(blob, HERE) == key
    assert not is_newest(blob)
    assert is_newest(wrap_online(key, HERE))
    settings.SEALING_KEYS = new
    with pytest.raises(SealBroken):
        unwrap_online(blob, HERE)
