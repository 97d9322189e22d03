"""The vault's ring: what was destroyed does not open from an old copy once its ring key has left; all else does.

With a real backup, restored: tests/core/test_backups.py, and on PostgreSQL tests/stack/test_production.py.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connections
from django.test.utils import CaptureQueriesContext

from core.rings import Round
from core.sealing import Context, SealBroken
from psea import actions
from psea.actions.drafts import drafts_of, keep_draft
from psea.actions.listing import list_cases
from psea.actions.rekeying import rekey
from psea.checks import the_ring_opens_what_is_there
from psea.databases import VAULT
from psea.enums import Part
from psea.lookups import questions_for
from psea.models import HandlerKey, Question, SealedCase, VaultDraft, Wrap
from psea.ring import LAYER, names, out_of_ring, under_ring
from psea.ring_rotation import places_under, places_without, ringed_models, rotate, rotate_all
from psea.trust import approved_keys
from psea.wraps import SLOTS, add_wraps, drop_wraps
from tests.psea.conftest import NUMBER, WORDS, Vault, holders
from tests.stack.databases import on_services

Receive = Callable[..., UUID]
CODE = "424242"
HERE = Context("psea_wrap", "a case", "words")


def new_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


@pytest.fixture
def newer(settings: Any) -> Callable[[], None]:
    """A new key at the head of the ring."""

    def put() -> None:
        settings.VAULT_SEALING_KEYS = [new_key(), *settings.VAULT_SEALING_KEYS]

    return put


def rotate_sealing(batch: int = 500) -> str:
    call_command("rotate_sealing", batch=batch, stdout=(out := StringIO()))
    return out.getvalue()


def words_of(case_id: UUID, vault: Vault, name: str = "aminata") -> str:
    narrative = actions.open_case(case_id=case_id, **vault.as_(name)).narrative
    assert narrative is not None
    return narrative.words


def begun() -> set[bytes]:
    """How all that stands under the ring begins: its form and the name of its key."""
    return {
        bytes(blob)[:6]
        for model in ringed_models()
        for blob in model._base_manager.using(VAULT).values_list(model.RINGED, flat=True)
    }


def newest() -> set[bytes]:
    return {LAYER + b"\x01" + names()[0]}


def bare(*rows: Any) -> None:
    """As an installation that had no ring yet stored it."""
    for row in rows:
        setattr(row, row.RINGED, row.out_of_ring())
        row.save(using=VAULT, update_fields=[row.RINGED])


class Copy:
    """What a backup holds of a case, and of what its people were typing."""

    def __init__(self, case_id: UUID) -> None:
        wraps, questions = Wrap.objects.using(VAULT).filter(case=case_id), Question.objects.using(VAULT)
        self.rows = [
            SealedCase.objects.using(VAULT).get(pk=case_id),
            *wraps,
            *questions,
            *VaultDraft.objects.using(VAULT),
        ]

    def restore(self) -> None:
        for row in self.rows:
            row.save(using=VAULT, force_insert=True)


def test_what_was_destroyed_opens_from_an_old_copy_until_its_ring_key_has_left(
    vault: Vault, receive: Receive, settings: Any, newer: Callable[[], None]
) -> None:
    kept, gone = receive("SM1"), receive("SM2", receipt_number="123456789023", code=CODE)
    assert {words_of(case_id, vault) for case_id in (kept, gone)} == {WORDS}
    actions.ask_person(case_id=gone, words="Pouvons-nous vous appeler ?", **vault.as_("aminata"))
    keep_draft(path="/vault/", fields={"words": ["Le gardien"]}, by=vault.cast.aminata)
    copy = Copy(gone)

    SealedCase.objects.using(VAULT).get(pk=gone).delete(using=VAULT)
    VaultDraft.objects.using(VAULT).all().delete()
    newer()
    assert "12 déplacées sur 12" not in (told := rotate_sealing())
    assert f"psea_wrap: {3 * SLOTS} déplacées sur {3 * SLOTS}" in told
    copy.restore()

    assert words_of(gone, vault) == WORDS, "its key is in the ring still"
    assert questions_for("123456789023", CODE)[0][0] == "Pouvons-nous vous appeler ?"
    assert len(drafts_of(reader=vault.readers["aminata"], by=vault.cast.aminata)) == 1
    settings.VAULT_SEALING_KEYS = settings.VAULT_SEALING_KEYS[:1]
    for name in ("aminata", "rokia", "recovery"):
        with pytest.raises(SealBroken):
            vault.readers[name].open_parts(gone)
    with pytest.raises(SealBroken):
        questions_for("123456789023", CODE)
    assert drafts_of(reader=vault.readers["aminata"], by=vault.cast.aminata) == []
    assert words_of(kept, vault) == WORDS


def test_killed_half_way_it_goes_on_and_moves_nothing_twice(
    vault: Vault, receive: Receive, settings: Any, newer: Callable[[], None]
) -> None:
    ids = [receive(f"SM{number}", receipt_number=f"{number:012}") for number in (1, 2)]
    newer()
    rounds = rotate(Wrap, batch=20)
    assert [next(rounds), next(rounds)] == [Round(20, 20), Round(20, 20)]
    assert len(begun()) == 2
    assert [words_of(case_id, vault) for case_id in ids] == [WORDS, WORDS], "half under either key"
    assert sum((one for _place, one in rotate_all(batch=20)), Round()) == Round(32, 32)
    assert begun() == newest()
    before = list(Wrap.objects.using(VAULT).order_by("pk").values_list("blob", flat=True))
    assert list(rotate_all()) == []
    assert list(Wrap.objects.using(VAULT).order_by("pk").values_list("blob", flat=True)) == before
    settings.VAULT_SEALING_KEYS = settings.VAULT_SEALING_KEYS[:1]
    assert [words_of(case_id, vault) for case_id in ids] == [WORDS, WORDS]
    assert len(list_cases(reader=vault.readers["aminata"], by=vault.cast.aminata, at=datetime.now(UTC))) == 2


def test_readers_come_and_go_while_it_moves(
    vault: Vault, receive: Receive, settings: Any, newer: Callable[[], None]
) -> None:
    case_id = receive()
    newer()
    rounds, turn = rotate(Wrap, batch=5), 0
    rokia = HandlerKey.objects.using(VAULT).get(pk=vault.readers["rokia"].key_id)
    hawa = next(key for key in approved_keys() if key.key.pk == vault.readers["hawa"].key_id)
    for _round in rounds:
        turn += 1
        if turn == 2:
            drop_wraps(case_id, [rokia])
        elif turn == 3:
            add_wraps(case_id, vault.readers["aminata"].open_parts(case_id), [(hawa, tuple(Part))])
        elif turn == 5:
            rekey(SealedCase.objects.using(VAULT).get(pk=case_id), vault.readers["aminata"], at=datetime.now(UTC))
    assert turn == 5, "what was written meanwhile is under the newest key already"
    settings.VAULT_SEALING_KEYS = settings.VAULT_SEALING_KEYS[:1]
    assert begun() == newest()
    assert Wrap.objects.using(VAULT).count() == 3 * SLOTS
    assert holders(case_id, Part.WORDS) == {vault.readers[name].key_id for name in ("aminata", "hawa", "recovery")}
    for name in ("aminata", "hawa", "recovery"):
        assert set(vault.readers[name].open_parts(case_id)) == set(Part)


@pytest.mark.skipif(not on_services(), reason="SQLite has one writer at a time")
def test_it_waits_for_no_row_that_somebody_holds(vault: Vault, receive: Receive, newer: Callable[[], None]) -> None:
    receive()
    newer()
    with CaptureQueriesContext(connections[VAULT]) as seen:
        list(rotate(Wrap))
    assert any("FOR UPDATE SKIP LOCKED" in query["sql"] for query in seen)


def test_rows_tell_no_more_than_before(vault: Vault, receive: Receive, newer: Callable[[], None]) -> None:
    """A decoy is as long as a wrap, and begins alike, when it is made, when a reader goes, and when it was moved."""
    case_id = receive()
    newer()
    drop_wraps(case_id, HandlerKey.objects.using(VAULT).filter(pk=vault.readers["rokia"].key_id))
    blobs = [bytes(blob) for blob in Wrap.objects.using(VAULT).values_list("blob", flat=True)]
    assert {len(blob) for blob in blobs} == {115}
    rotate_sealing()
    blobs = [bytes(blob) for blob in Wrap.objects.using(VAULT).values_list("blob", flat=True)]
    assert ({len(blob) for blob in blobs}, len(blobs), begun()) == ({115}, 3 * SLOTS, newest())


def test_what_is_from_before_there_was_a_ring_opens_and_is_moved_under_it(vault: Vault, receive: Receive) -> None:
    case_id = receive(code=CODE)
    words_of(case_id, vault)
    actions.ask_person(case_id=case_id, words="Où ?", **vault.as_("aminata"))
    keep_draft(path="/vault/", fields={"words": ["Le gardien"]}, by=vault.cast.aminata)
    for model in ringed_models():
        bare(*model._base_manager.using(VAULT).all())
    assert {len(bytes(blob)) for blob in Wrap.objects.using(VAULT).values_list("blob", flat=True)} == {81}
    assert words_of(case_id, vault) == WORDS
    assert (questions_for(NUMBER, CODE)[0][0], places_under(names()[0].hex())) == ("Où ?", [])
    assert [one.id for one in the_ring_opens_what_is_there(None)] == ["psea.W001"]

    rotate_sealing()
    assert (begun(), places_without(), the_ring_opens_what_is_there(None)) == (newest(), [], [])
    assert (words_of(case_id, vault), questions_for(NUMBER, CODE)[0][0]) == (WORDS, "Où ?")
    assert len(drafts_of(reader=vault.readers["aminata"], by=vault.cast.aminata)) == 1


def test_an_unknown_key_form_or_place_fails_closed(vault: Vault, receive: Receive, settings: Any) -> None:
    case_id, blob = receive(), under_ring(b"a wrap", HERE)
    assert out_of_ring(blob, HERE) == b"a wrap"
    for place in (Context("psea_wrap", "another", "words"), Context("psea_wrap", "a case", "facts")):
        with pytest.raises(SealBroken):
            out_of_ring(blob, place)
    for form in (b"", b"\x00", b"\x03"):
        with pytest.raises(SealBroken):
            out_of_ring(form + blob[1:] if form else b"", HERE)
    settings.VAULT_SEALING_KEYS = [new_key()]
    with pytest.raises(SealBroken):
        words_of(case_id, vault)
    assert [one.id for one in the_ring_opens_what_is_there(None)] == ["psea.E005"]
    assert "0 enveloppes déplacées" in (told := rotate_sealing())
    assert f" {3 * SLOTS} qu'aucune clé" in told


def test_everything_that_its_owners_key_opens_by_itself_is_under_the_ring() -> None:
    assert [model._meta.db_table for model in ringed_models()] == ["psea_question", "psea_vaultdraft", "psea_wrap"]
