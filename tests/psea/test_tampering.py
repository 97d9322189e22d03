"""Everything sealed in the vault, altered byte by byte or put elsewhere, is refused; and the search could find one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import BinaryField, JSONField

from bench.tamper import run
from bench.tampered_places import Blob, House
from core import sealing
from core.sealing import Context
from psea.models import SealedCase
from tests.cast import Cast

# Public halves that nothing rests on by themselves: a signature counts if its own signer is pinned outside. And what is
# put aside under a new passphrase until it is typed back, locked as the two that are tried.
NOT_TRIED = {
    ("psea_handlerkey", "signing_key"),
    ("psea_handlerkey", "next_locked_private"),
    ("psea_handlerkey", "next_locked_by_code"),
}


@pytest.fixture
def blobs(cast: Cast) -> list[Blob]:
    house = House(cast)
    house.fill(1)
    return list(house.blobs())


def test_whatever_is_altered_cut_or_moved_is_refused(blobs: list[Blob]) -> None:
    wrong, tried = run(blobs, masks=[1])
    assert wrong == []
    assert tried["unaltered, opened"] == len(blobs)
    assert tried["byte altered"] == sum(len(blob.content) for blob in blobs)
    assert tried["moved"] > len(blobs)


def test_everything_of_the_vault_is_tried(blobs: list[Blob]) -> None:
    tried = {(blob.table, blob.field.partition(" ")[0]) for blob in blobs}
    assert tried - {("session", "sealed")} == set(_fields()) - NOT_TRIED


def test_what_is_not_bound_to_its_place_would_be_found(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Context, "bound", lambda self, purpose: purpose.encode())
    key, row = sealing.new_data_key(), SealedCase()
    row.seal_with(key, words="Le gardien", contact="Le rappeler")

    def opens(content: bytes) -> object:
        return sealing.unseal(key, content, row.sealing_context("words"))

    tried = [Blob("t", row.pk, field, bytes(getattr(row, field)), opens) for field in ("words", "contact")]
    assert [sentence.partition(", ")[2] for sentence in run(tried, masks=[1])[0]] == ["moved: it opened."] * 2


def _fields() -> Iterator[tuple[str, str]]:
    """Every field of the vault that holds bytes, or bytes in JSON."""
    for model in apps.get_app_config("psea").get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, BinaryField | JSONField):
                yield model._meta.db_table, field.attname
