"""Whoever may no longer open a case can do nothing with what they kept; two living handlers and recovery, always."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from core.actors import robot
from core.sealing import SealBroken, unwrap
from core.transitions import Refused
from directory.implicated import Implicated
from directory.models import User, UserRole
from directory.roles import Role
from psea import actions
from psea.actions import mending
from psea.actions.rekeying import rekey
from psea.databases import VAULT
from psea.enums import Part
from psea.mailboxes import mailbox_context
from psea.models import SealedCase, SealedMessage
from psea.standing import thin_cases
from tests.psea.conftest import INTAKE, NUMBER, WORDS, Vault, holders
from tests.psea.test_session import SignedIn, opened

Receive = Callable[..., UUID]


def case_of(case_id: UUID) -> SealedCase:
    return SealedCase.objects.using(VAULT).get(pk=case_id)


def one_more_officer(vault: Vault) -> None:
    line = vault.cast.organisations["line"]
    person = User.objects.create_user("penda@jaabi.example", name="Penda", organisation=line)
    UserRole.objects.create(user=person, role=Role.PSEA_INTAKE_OFFICER)
    vault.cast.people["penda"] = person
    vault.enrol("penda")


def said_more(words: str, source: str = "SM2") -> None:
    assert actions.add_to_sealed(
        source_id=source, receipt_number=NUMBER, phone=None, words=words, channel="sms",
        said_at=datetime.now(UTC), by=INTAKE,
    )  # fmt: skip


def test_a_new_epoch_leaves_nothing_to_the_keys_that_somebody_kept(vault: Vault, receive: Receive) -> None:
    one_more_officer(vault)
    case_id = receive()
    said_more("Il est revenu")
    actions.add_note(case_id=case_id, words="Note de garde", **vault.as_("aminata"))
    actions.ask_hold(case_id=case_id, reason="enquête", **vault.as_("aminata"))
    kept, before = vault.readers["rokia"].open_parts(case_id), case_of(case_id)
    mailbox = bytes.fromhex(before.unseal_with(kept[Part.WORDS], "mailbox_private"))

    actions.retire_key(key_id=vault.readers["rokia"].key_id, is_lost=True, by=vault.cast.coumba)
    assert case_of(case_id).rekey_since is not None
    actions.mend(**vault.as_("aminata"))

    after = case_of(case_id)
    assert (after.epoch, after.rekey_since) == (2, None)
    for part in Part:
        field = {Part.WORDS: "words", Part.GUARD: "guard", Part.FACTS: "facts"}[part]
        with pytest.raises(SealBroken):
            after.unseal_with(kept[part], field)
    said_more("Encore", "SM3")
    for message in SealedMessage.objects.using(VAULT).all():
        with pytest.raises(SealBroken):
            unwrap(bytes(message.wrapped_key), mailbox, mailbox_context(message.pk))

    narrative = actions.open_case(case_id=case_id, **vault.as_("aminata")).narrative
    assert narrative is not None
    assert narrative.words == WORDS
    assert [said.words for said in narrative.messages] == ["Il est revenu", "Encore"]
    assert [note.words for note in narrative.notes] == ["Note de garde"]
    hold = after.holds.using(VAULT).get()
    assert hold.unseal_with(vault.readers["aminata"].data_key(case_id, Part.FACTS), "reason") == "enquête"
    assert vault.readers["recovery"].open_parts(case_id).keys() == set(Part)
    assert vault.readers["coumba"].open_parts(case_id).keys() == {Part.FACTS}
    assert vault.readers["rokia"].open_parts(case_id) == {}


def test_whoever_is_left_out_is_shut_out_at_once(vault: Vault, receive: Receive) -> None:
    one_more_officer(vault)
    case_id = receive()
    kept = vault.readers["rokia"].open_parts(case_id)
    actions.name_implicated(
        case_id=case_id, implicated=Implicated(users=frozenset({vault.cast.rokia.pk})), **vault.as_("aminata")
    )
    assert case_of(case_id).epoch == 2
    with pytest.raises(SealBroken):
        case_of(case_id).unseal_with(kept[Part.WORDS], "words")


def test_a_key_is_not_retired_while_it_leaves_a_case_to_one_person(vault: Vault, receive: Receive) -> None:
    case_id = receive()
    with pytest.raises(Refused, match="1 dossier resterait à moins de deux personnes"):
        actions.retire_key(key_id=vault.readers["rokia"].key_id, by=vault.cast.coumba)
    one_more_officer(vault)
    actions.share_cases(colleague=vault.cast.people["penda"], **vault.as_("aminata"))
    actions.retire_key(key_id=vault.readers["rokia"].key_id, by=vault.cast.coumba)
    assert thin_cases([case_id]) == []

    recovery = vault.readers["recovery"].key_id
    with pytest.raises(Refused, match="moins de deux"):
        actions.retire_key(key_id=recovery, by=vault.cast.coumba)


def test_when_somebody_leaves_it_turns_red_and_is_mended_when_the_next_one_opens(
    vault: Vault, receive: Receive, mailoutbox: list[EmailMessage], signed_in: SignedIn
) -> None:
    case_id = receive()
    User.objects.filter(pk=vault.cast.rokia.pk).update(is_active=False)
    one_more_officer(vault)
    mailoutbox.clear()
    now = timezone.now()
    assert actions.watch_readers(by=robot("vault-clocks"), at=now) == 1
    assert [mail.to for mail in mailoutbox] == [[vault.cast.coumba.email]]
    page = opened(vault, signed_in, "coumba").get(reverse("psea:people")).content.decode()
    assert "n’est plus lisible par deux personnes" in page

    opened(vault, signed_in, "aminata")
    case = case_of(case_id)
    assert (case.thin_since, case.rekey_since, case.epoch) == (None, None, 2)
    penda = vault.readers["penda"].key_id
    assert {penda, vault.readers["aminata"].key_id} <= holders(case_id, Part.WORDS)
    assert actions.watch_readers(by=robot("vault-clocks"), at=now + timedelta(hours=1)) == 0


def test_mending_stops_at_its_limit_and_goes_on_the_next_time(vault: Vault, receive: Receive) -> None:
    one_more_officer(vault)
    numbers = ("123456789023", "123456789031", "123456789049")
    ids = [receive(f"SM{place}", receipt_number=number) for place, number in enumerate(numbers)]
    actions.retire_key(key_id=vault.readers["rokia"].key_id, is_lost=True, by=vault.cast.coumba)

    first = actions.mend(**vault.as_("aminata"), most=2)
    assert (first.rekeyed, first.left) == (2, 1)
    second = actions.mend(**vault.as_("aminata"), most=2)
    assert (second.rekeyed, second.left) == (1, 0)
    assert {case_of(case_id).epoch for case_id in ids} == {2}


def test_cases_that_cannot_be_mended_do_not_keep_the_others_waiting(
    vault: Vault, receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_more_officer(vault)
    stuck, other = (receive(f"SM{place}", receipt_number=f"00000000000{place}") for place in (1, 2))
    actions.retire_key(key_id=vault.readers["rokia"].key_id, is_lost=True, by=vault.cast.coumba)
    SealedCase.objects.using(VAULT).filter(pk=stuck).update(received_at=timezone.now() - timedelta(days=9))
    monkeypatch.setattr(mending, "rekey", lambda case, *known, **at: case.pk != stuck and rekey(case, *known, **at))

    done = [actions.mend(**vault.as_("aminata"), most=1) for _time in range(3)]
    assert [(one.rekeyed, one.left) for one in done] == [(0, 1), (1, 1), (0, 0)]
    assert (case_of(stuck).epoch, case_of(other).epoch) == (1, 2)


def test_a_case_given_back_by_an_entity_is_sealed_anew_for_the_officers(vault: Vault, receive: Receive) -> None:
    case_id = receive()
    pam = vault.cast.organisations["pam"]
    actions.transmit(case_id=case_id, organisation_id=pam.pk, **vault.as_("aminata"))
    kept = vault.readers["hawa"].open_parts(case_id)
    actions.not_ours(case_id=case_id, by=vault.cast.hawa)
    actions.mend(**vault.as_("aminata"))
    with pytest.raises(SealBroken):
        case_of(case_id).unseal_with(kept[Part.WORDS], "words")
