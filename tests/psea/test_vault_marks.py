"""`VAULT_INDEX_KEY` is changed while cases come, are opened, transmitted, sealed anew: nothing is lost from sight."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from core import remarking
from core.index import DIGITS
from core.sealing import new_keypair
from psea import actions
from psea.actions.listing import list_cases
from psea.actions.rekeying import rekey
from psea.databases import INTAKE, VAULT
from psea.lookups import questions_for, sealed_phone, stage_of
from psea.models import PhoneTrace, Receipt, SealedCase, SealedMessage, Wrap
from psea.standing import thin_cases
from psea.tags import bound_mailbox
from psea.wraps import SLOTS
from tests.psea.conftest import INTAKE as BY_INTAKE
from tests.psea.conftest import NUMBER, PHONE, WORDS, Vault

Receive = Callable[..., UUID]
CODE = "424242"
HELD = "Pouvez-vous rappeler ?"


@pytest.fixture
def grow(settings: Any) -> Callable[[], None]:
    def grown() -> None:
        settings.VAULT_INDEX_KEY += "," + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()

    return grown


def rotate(batch: int = 1000) -> None:
    call_command("rotate_marks", batch=batch, stdout=StringIO())


def close(settings: Any) -> None:
    settings.VAULT_INDEX_KEY = settings.VAULT_INDEX_KEY.replace(",", "+")


def signs(model: Any, field: str) -> set[str]:
    marks = model.objects.using(VAULT).exclude(**{field: ""}).values_list(field, flat=True)
    return {"0" if mark[0] in DIGITS else mark[0] for mark in marks}


def added(words: str, *, number: str | None = None, phone: str | None = None) -> bool:
    return actions.add_to_sealed(
        source_id=words, receipt_number=number, phone=phone, words=words, channel="sms", said_at=datetime.now(UTC),
        by=BY_INTAKE,
    )  # fmt: skip


def is_in_sight(vault: Vault, case_id: UUID, said: list[str], step: str) -> None:
    """Its readers open all of it, its person finds it by number and telephone, and what they add arrives."""
    for at, way in enumerate(({"number": NUMBER}, {"phone": PHONE})):
        words = f"{step} {at}"
        assert added(words, **way)
        said.append(words)
    assert sealed_phone(PHONE)
    assert stage_of(NUMBER) is not None
    assert [words for words, _at in questions_for(NUMBER, CODE)] == [HELD]
    assert questions_for(NUMBER, "424243") == []
    for name in ("aminata", "rokia"):
        cards = list_cases(at=datetime.now(UTC), **vault.as_(name))
        assert [(card.case.pk, card.has_news) for card in cards] == [(case_id, name == "aminata")]
        opened = actions.open_case(case_id=case_id, **vault.as_(name))
        assert opened.narrative is not None
        assert opened.narrative.words == WORDS
        assert [one.words for one in opened.narrative.messages] == said
    assert thin_cases([case_id]) == []
    assert Wrap.objects.using(VAULT).filter(case_id=case_id).count() % SLOTS == 0


@pytest.fixture
def case_id(vault: Vault, receive: Receive) -> UUID:
    made = receive(code=CODE)
    actions.open_case(case_id=made, **vault.as_("aminata"))
    actions.ask_person(case_id=made, words=HELD, **vault.as_("aminata"))
    return made


def test_a_case_stays_in_sight_before_meanwhile_and_after(
    vault: Vault, case_id: UUID, grow: Callable[[], None], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    grow()
    is_in_sight(vault, case_id, said, "added")
    lift, rows = remarking._lift, iter(range(100))

    def breaking(row: Any) -> None:
        if next(rows) in (6, 30):
            raise KeyboardInterrupt
        lift(row)

    monkeypatch.setattr(remarking, "_lift", breaking)
    for step in ("first stop", "second stop"):
        with pytest.raises(CommandError, match="Arrêtée"):
            rotate(batch=4)
        is_in_sight(vault, case_id, said, step)
    monkeypatch.setattr(remarking, "_lift", lift)
    rotate()
    is_in_sight(vault, case_id, said, "changed")
    for model, field in (
        (Wrap, "tag"), (SealedCase, "thread_tag"), (SealedMessage, "thread_tag"), (Receipt, "receipt_hash"),
        (PhoneTrace, "phone_hash"),
    ):  # fmt: skip
        assert signs(model, field) == {"g"}, model
    close(settings)
    is_in_sight(vault, case_id, said, "closed")


def test_meanwhile_a_case_is_transmitted_shared_and_sealed_anew(
    vault: Vault, case_id: UUID, grow: Callable[[], None], settings: Any
) -> None:
    grow()
    assert added("before the new epoch", number=NUMBER)
    pam = vault.cast.organisations["pam"].pk
    actions.transmit(case_id=case_id, organisation_id=pam, **vault.as_("aminata"))
    case = SealedCase.objects.using(VAULT).get(pk=case_id)
    assert rekey(case, vault.readers["aminata"], at=datetime.now(UTC))
    rotate()
    close(settings)
    opened = actions.open_case(case_id=case_id, **vault.as_("hawa"))
    assert opened.narrative is not None
    assert [one.words for one in opened.narrative.messages] == ["before the new epoch"]
    assert added("after", number=NUMBER)
    assert added("and after", phone=PHONE)


def test_a_transmitted_case_stays_its_entitys(vault: Vault, case_id: UUID, grow: Callable[[], None]) -> None:
    actions.transmit(case_id=case_id, organisation_id=vault.cast.organisations["pam"].pk, **vault.as_("aminata"))
    for step in (grow, rotate):
        step()
        actions.open_case(case_id=case_id, **vault.as_("hawa"))
        case = SealedCase.objects.using(VAULT).get(pk=case_id)
        assert case.may("acknowledge", vault.cast.people["hawa"]) is None
    assert signs(SealedCase, "entity_tag") == {"g"}


def test_an_older_key_puts_no_mailbox_in_the_place_of_another(
    vault: Vault, case_id: UUID, grow: Callable[[], None], settings: Any
) -> None:
    """Whoever saw the key that was replaced, and writes to the database, catches nothing of what is added later."""
    grow()
    rotate()
    close(settings)
    row = Receipt.objects.using(VAULT).get()
    newest = settings.VAULT_INDEX_KEY
    settings.VAULT_INDEX_KEY = newest.split("+")[0]
    forged = bound_mailbox(row.receipt_hash, new_keypair()[1])
    settings.VAULT_INDEX_KEY = newest
    Receipt.objects.using(VAULT).update(mailbox=forged)
    assert not added("caught", number=NUMBER)
    assert not SealedMessage.objects.using(INTAKE).exists()
