from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.models import Outbound
from core.receipt_number import new_number
from core.sealing import SealBroken
from directory.implicated import Implicated
from psea.actions import NobodyCanRead, add_to_sealed, open_case, read_case
from psea.databases import VAULT
from psea.enums import Part
from psea.lookups import Stage, sealed_phone, stage_of
from psea.models import PhoneTrace, Receipt, SealedCase, SealedMessage, Wrap
from psea.readers import NotAReader, Reader
from tests.psea.conftest import INTAKE, NUMBER, PHONE, WORDS, Vault, holders

Receive = Callable[..., UUID]


def test_a_fresh_case_is_wrapped_to_the_officers_and_recovery_and_its_facts_to_the_coordination(
    vault: Vault, receive: Receive
) -> None:
    case_id = receive()

    handlers = {vault.readers[name].key_id for name in ("aminata", "rokia", "recovery")}
    assert holders(case_id, Part.WORDS) == handlers
    assert holders(case_id, Part.GUARD) == handlers
    assert holders(case_id, Part.FACTS) == handlers | {vault.readers["coumba"].key_id}


@pytest.mark.parametrize("name", ["aminata", "rokia"])
def test_an_officer_on_duty_reads_the_words(vault: Vault, receive: Receive, name: str) -> None:
    case_id = receive(contact="par sa tante")

    opened = open_case(case_id=case_id, **vault.as_(name))

    assert opened.narrative is not None
    assert opened.narrative.words == WORDS
    assert opened.narrative.contact.way == "par sa tante"
    assert opened.narrative.contact.phone == PHONE


@pytest.mark.parametrize("name", ["hawa", "nana"])
def test_a_focal_point_sees_nothing_before_a_transmission(vault: Vault, receive: Receive, name: str) -> None:
    case_id = receive()

    with pytest.raises(SealedCase.DoesNotExist):
        open_case(case_id=case_id, **vault.as_(name))
    with pytest.raises(NotAReader):
        vault.readers[name].data_key(case_id, Part.WORDS)


def test_no_other_private_key_opens_a_wrap(vault: Vault, receive: Receive) -> None:
    case_id = receive()
    own = vault.readers["aminata"]
    wrap = Wrap.objects.using(VAULT).get(tag=own.tag(case_id, Part.WORDS))

    assert own.unwrapped(wrap)
    for name in ("rokia", "hawa", "nana", "coumba", "recovery"):
        with pytest.raises(SealBroken):
            vault.readers[name].unwrapped(wrap)


def test_a_wrap_moved_to_another_case_does_not_open(vault: Vault, receive: Receive) -> None:
    first, second = receive("SM1"), receive("SM2", receipt_number=new_number())
    own = vault.readers["aminata"]
    Wrap.objects.using(VAULT).filter(tag=own.tag(second, Part.WORDS)).delete()
    moved = Wrap.objects.using(VAULT).filter(tag=own.tag(first, Part.WORDS))
    moved.update(case_id=second, tag=own.tag(second, Part.WORDS))

    with pytest.raises(SealBroken):
        own.data_key(second, Part.WORDS)


@pytest.mark.parametrize("kind", ["organisations", "users"])
def test_an_implicated_officer_gets_no_wrap(vault: Vault, receive: Receive, kind: str) -> None:
    aminata = vault.cast.aminata
    named = {"organisations": aminata.organisation_id, "users": aminata.pk}[kind]
    case_id = receive(implicated=Implicated(**{kind: frozenset({named})}))

    everything = {vault.readers["rokia"].key_id, vault.readers["recovery"].key_id}
    assert holders(case_id, Part.WORDS) == everything
    assert not SealedCase.objects.visible_to(aminata).exists()
    with pytest.raises(SealedCase.DoesNotExist):
        read_case(case_id=case_id, **vault.as_("aminata"))


def test_an_officer_away_gets_no_wrap_unless_nobody_is_there(vault: Vault, receive: Receive) -> None:
    vault.cast.rokia.is_away = True
    vault.cast.rokia.save()
    assert vault.readers["rokia"].key_id not in holders(receive("SM1"), Part.WORDS)

    vault.cast.aminata.is_away = True
    vault.cast.aminata.save()
    both = {vault.readers["aminata"].key_id, vault.readers["rokia"].key_id}
    assert both < holders(receive("SM2", receipt_number=new_number()), Part.WORDS)


def test_without_any_enrolled_officer_recovery_alone_receives_and_people_are_called(
    vault: Vault, receive: Receive
) -> None:
    for name in ("aminata", "rokia"):
        vault.cast.people[name].is_active = False
        vault.cast.people[name].save()

    case_id = receive()

    assert holders(case_id, Part.WORDS) == {vault.readers["recovery"].key_id}
    called = {mail.unsealed("recipient") for mail in Outbound.objects.all() if mail.recipient}
    sent = Outbound.objects.count()
    assert sent == 1
    assert called <= {vault.cast.coumba.email}


def test_without_any_key_at_all_nothing_is_stored_and_the_caller_is_told(cast: object, receive: Receive) -> None:
    with pytest.raises(NobodyCanRead):
        receive()

    assert not SealedCase.objects.using(VAULT).exists()


def test_receiving_twice_is_harmless(vault: Vault, receive: Receive) -> None:
    first = receive(words="la première fois")
    mails = Outbound.objects.count()
    second = receive(words="la seconde fois")

    assert first == second
    assert SealedCase.objects.using(VAULT).count() == 1
    assert Receipt.objects.using(VAULT).count() == 1
    assert PhoneTrace.objects.using(VAULT).count() == 1
    assert Outbound.objects.count() == mails
    narrative = open_case(case_id=first, **vault.as_("aminata")).narrative
    assert narrative is not None
    assert narrative.words == "la première fois"


def test_nothing_of_what_was_said_stands_in_clear_in_any_row(vault: Vault, receive: Receive) -> None:
    hcr = vault.cast.organisations["hcr"]
    receive(place_pcode="ML0703", concerned_organisation_id=hcr.pk)

    stored = json.dumps(
        [
            {
                name: bytes(value).decode("latin-1") if isinstance(value, bytes) else str(value)
                for name, value in row.items()
            }
            for model in (SealedCase, Wrap, Receipt, PhoneTrace)
            for row in model._default_manager.using(VAULT).values()
        ]
    )
    assert len(stored) > 1000
    for secret in ("Kumasigi-canari", "ML0703", PHONE, NUMBER, "00000042"):
        assert secret not in stored
    assert SealedCase.objects.using(VAULT).get().entity_tag == ""


def test_the_receipt_says_received_and_the_phone_is_sealed_for_two_weeks(vault: Vault, receive: Receive) -> None:
    receive()

    found = stage_of(NUMBER)
    assert isinstance(found, Stage)
    assert found.stage == "received"
    assert sealed_phone(PHONE)
    assert not sealed_phone("+22300000043")


def test_an_old_trace_no_longer_seals_the_phone(vault: Vault, receive: Receive) -> None:
    receive(received_at=datetime.now(UTC) - timedelta(days=15))

    assert not sealed_phone(PHONE)


def test_unknown_and_expired_numbers_answer_alike_with_the_same_queries(
    vault: Vault, receive: Receive, django_assert_num_queries: Callable[..., object]
) -> None:
    receive(received_at=datetime.now(UTC) - timedelta(days=800))
    known = new_number()
    receive("SM2", receipt_number=known)

    for number, found in ((NUMBER, False), (new_number(), False), (known, True)):
        with django_assert_num_queries(1, using=VAULT):  # type: ignore[attr-defined]
            assert (stage_of(number) is not None) == found


@pytest.mark.parametrize("by", [{"receipt_number": NUMBER, "phone": None}, {"receipt_number": None, "phone": PHONE}])
def test_what_is_added_later_is_read_by_those_who_read_the_case(
    vault: Vault, receive: Receive, by: dict[str, Any]
) -> None:
    case_id = receive(implicated=Implicated(organisations=frozenset({vault.cast.rokia.organisation_id})))
    when = datetime.now(UTC)
    for _twice in range(2):
        added = add_to_sealed(
            source_id="SM9", words="Il est revenu hier.", channel="sms", said_at=when, by=INTAKE, **by
        )
        assert added

    opened = open_case(case_id=case_id, **vault.as_("aminata"))
    assert opened.narrative is not None
    assert [said.words for said in opened.narrative.messages] == ["Il est revenu hier."]
    assert SealedMessage.objects.using(VAULT).count() == 1
    assert b"revenu" not in bytes(SealedMessage.objects.using(VAULT).get().words or b"")


def test_nothing_is_added_where_there_is_no_sealed_case(vault: Vault) -> None:
    added = add_to_sealed(
        source_id="SM9",
        receipt_number=new_number(),
        phone="+22300000099",
        words="…",
        channel="sms",
        said_at=datetime.now(UTC),
        by=INTAKE,
    )
    assert not added


def test_a_reader_does_not_show_its_key(vault: Vault) -> None:
    reader: Reader = vault.readers["aminata"]

    assert reader.private.hex() not in repr(reader)
    assert str(reader.private) not in repr(reader)


def test_what_was_elsewhere_first_starts_its_clocks_when_it_comes_in(vault: Vault, receive: Receive) -> None:
    long_ago, now = datetime.now(UTC) - timedelta(days=20), datetime.now(UTC)
    case_id = receive(received_at=long_ago, at=now)

    case = SealedCase.objects.using(VAULT).get(pk=case_id)
    assert (case.received_at, case.state_since) == (long_ago, now)
    assert sealed_phone(PHONE)
    assert Outbound.objects.count() == 2
