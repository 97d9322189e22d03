"""Nobody who can only write to the databases can add a reader: two pinned coordinators sign who may read what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from core.sealing import new_keypair
from core.transitions import Refused
from directory.models import User, UserRole
from directory.roles import Role
from psea import actions
from psea.databases import VAULT
from psea.enums import KeyKind, Part
from psea.models import Approval, HandlerKey, Receipt, SealedCase
from psea.trust import INVESTIGATION, approved_keys, fingerprint, pin_of, statement
from tests.psea.conftest import NUMBER, Vault, holders
from tests.psea.test_session import SignedIn, opened
from tests.vault_keys import approve, pin_signers

Receive = Callable[..., UUID]


@pytest.fixture
def coordination(vault: Vault, tmp_path: Path, settings: Any) -> Vault:
    """Two coordinators of two organisations, whose signing keys are pinned beside those of the tests."""
    second = User.objects.create_user(
        "sekou@jaabi.example", name="Sekou", organisation=vault.cast.organisations["line"]
    )
    UserRole.objects.create(user=second, role=Role.PSEA_COORDINATOR)
    vault.cast.people["sekou"] = second
    vault.enrol("sekou")
    pin_signers(tmp_path, *(vault.readers[name].signing_key for name in ("coumba", "sekou")))
    return vault


def may_read(vault: Vault, name: str) -> set[str]:
    found = [key.may for key in approved_keys() if key.key.pk == vault.readers[name].key_id]
    return set(found[0]) if found else set()


def fresh_key(vault: Vault, name: str) -> HandlerKey:
    """Somebody's new key, confirmed, and not approved by anybody."""
    user = vault.cast.people[name]
    made = actions.enrol_handler(user=user, by=user)
    vault.readers[name] = actions.confirm_enrolment(
        key_id=made.key.pk, passphrase=made.passphrase, code=made.code, by=user
    )
    return HandlerKey.objects.using(VAULT).get(pk=made.key.pk)


def test_a_key_reads_nothing_until_two_coordinators_approved_it(coordination: Vault, receive: Receive) -> None:
    key = fresh_key(coordination, "aminata")
    assert key.pk not in holders(receive("SM1"), Part.FACTS)

    actions.approve_key(key_id=key.pk, **coordination.as_("coumba"))
    assert key.pk not in holders(receive("SM2", receipt_number="123456789023"), Part.FACTS)
    actions.approve_key(key_id=key.pk, **coordination.as_("coumba"))
    assert may_read(coordination, "aminata") == set(), "one person twice is one"

    actions.approve_key(key_id=key.pk, **coordination.as_("sekou"))
    assert may_read(coordination, "aminata") == {Role.PSEA_INTAKE_OFFICER}
    assert key.pk in holders(receive("SM3", receipt_number="123456789031"), Part.WORDS)


def test_a_coordinator_who_is_not_pinned_approves_nothing(vault: Vault) -> None:
    with pytest.raises(Refused, match="épinglée"):
        actions.approve_key(key_id=vault.readers["aminata"].key_id, **vault.as_("coumba"))
    with pytest.raises(Refused, match="coordination"):
        actions.approve_key(key_id=vault.readers["aminata"].key_id, **vault.as_("rokia"))


def test_ones_own_signature_makes_one_no_reader(coordination: Vault) -> None:
    UserRole.objects.create(user=coordination.cast.coumba, role=Role.PSEA_INTAKE_OFFICER)
    person, reader = User.objects.get(pk=coordination.cast.coumba.pk), coordination.readers["coumba"]
    key = HandlerKey.objects.using(VAULT).get(pk=reader.key_id)
    key.approvals.using(VAULT).all().delete()
    actions.approve_key(key_id=key.pk, reader=reader, by=person)
    assert may_read(coordination, "coumba") == set()
    actions.approve_key(key_id=key.pk, **coordination.as_("sekou"))
    assert may_read(coordination, "coumba") == {Role.PSEA_COORDINATOR}, "two are enough to begin with"

    mine = key.approvals.using(VAULT).get(signed_by=person.pk)
    mine.may = ",".join(sorted({Role.PSEA_COORDINATOR, Role.PSEA_INTAKE_OFFICER}))
    mine.signature = reader.sign(statement(key, mine.may.split(","), mine.until))
    mine.save(using=VAULT)
    assert may_read(coordination, "coumba") == {Role.PSEA_COORDINATOR}
    approve(key, signers=1)
    assert may_read(coordination, "coumba") == {Role.PSEA_COORDINATOR, Role.PSEA_INTAKE_OFFICER}


def test_the_investigation_function_is_named_by_two(coordination: Vault) -> None:
    key_id = coordination.readers["hawa"].key_id
    actions.approve_key(key_id=key_id, investigates=True, **coordination.as_("coumba"))
    assert INVESTIGATION not in may_read(coordination, "hawa")
    actions.approve_key(key_id=key_id, investigates=True, **coordination.as_("sekou"))
    assert INVESTIGATION in may_read(coordination, "hawa")
    with pytest.raises(Refused, match="point focal"):
        actions.approve_key(
            key_id=coordination.readers["aminata"].key_id, investigates=True, **coordination.as_("coumba")
        )


def _own_key(vault: Vault) -> str:
    """A key that the writer can open, in the row of an officer."""
    HandlerKey.objects.using(VAULT).filter(pk=vault.readers["aminata"].key_id).update(public_key=new_keypair()[1])
    return "aminata"


def _anothers_key(vault: Vault) -> str:
    """An officer's row with the key of somebody who was approved for something else."""
    theirs = HandlerKey.objects.using(VAULT).get(pk=vault.readers["nana"].key_id)
    own = HandlerKey.objects.using(VAULT).filter(pk=vault.readers["rokia"].key_id)
    own.update(public_key=bytes(theirs.public_key))
    return "rokia"


def _more_than_signed(vault: Vault) -> str:
    Approval.objects.using(VAULT).filter(handler_key=vault.readers["nana"].key_id).update(may=Role.PSEA_INTAKE_OFFICER)
    UserRole.objects.create(user=vault.cast.nana, role=Role.PSEA_INTAKE_OFFICER)
    return "nana"


def _another_role(vault: Vault) -> str:
    UserRole.objects.create(user=vault.cast.nana, role=Role.PSEA_INTAKE_OFFICER)
    return "nana"


def _as_recovery(vault: Vault) -> str:
    keys = HandlerKey.objects.using(VAULT).filter(pk=vault.readers["nana"].key_id)
    keys.update(kind=KeyKind.RECOVERY, user_id=None)
    return "nana"


@pytest.mark.parametrize("write", [_own_key, _anothers_key, _more_than_signed, _another_role, _as_recovery])
def test_what_is_written_to_the_databases_alone_adds_no_reader(
    vault: Vault, receive: Receive, write: Callable[[Vault], str]
) -> None:
    written = write(vault)
    before = {vault.readers[name].key_id for name in ("aminata", "rokia", "recovery")}
    assert holders(receive(), Part.WORDS) == before - {vault.readers[written].key_id}


def test_a_focal_point_moved_to_another_entity_by_a_writer_receives_nothing_there(
    vault: Vault, receive: Receive
) -> None:
    pam = vault.cast.organisations["pam"]
    User.objects.filter(pk=vault.cast.nana.pk).update(organisation=pam)
    case_id = receive()
    actions.transmit(case_id=case_id, organisation_id=pam.pk, **vault.as_("aminata"))
    assert vault.readers["nana"].open_parts(case_id) == {}


def test_an_approval_ends_with_its_date_and_with_a_key_that_lives_again(vault: Vault, receive: Receive) -> None:
    later = timezone.now() + timedelta(days=301)
    with time_machine.travel(later, tick=False):
        assert approved_keys() == []
        with pytest.raises(actions.NobodyCanRead):
            receive(received_at=later)


def test_a_mailbox_put_in_the_place_of_the_persons_own_is_passed_over(vault: Vault, receive: Receive) -> None:
    receive(phone="")
    Receipt.objects.using(VAULT).update(mailbox=new_keypair()[1] + bytes(32))
    assert not actions.add_to_sealed(
        source_id="SM9", receipt_number=NUMBER, phone=None, words="encore", channel="sms",
        said_at=timezone.now(), by=vault.cast.adama,
    )  # fmt: skip


def test_from_the_pages(coordination: Vault, signed_in: SignedIn) -> None:
    key = fresh_key(coordination, "rokia")
    words = fingerprint(bytes(key.public_key))
    coumba, sekou = (opened(coordination, signed_in, name) for name in ("coumba", "sekou"))
    assert words in coumba.get(reverse("psea:people")).content.decode()
    address = reverse("psea:approve", args=[key.pk])
    assert opened(coordination, signed_in, "aminata").post(address).status_code == 404
    assert coumba.post(address).status_code == 302
    pages = [browser.get(reverse("psea:people")).content.decode() for browser in (coumba, sekou)]
    assert [page.count("Approuver de nouveau") for page in pages] == [1, 0], "each is told what they signed themselves"
    assert sekou.post(address).status_code == 302
    assert may_read(coordination, "rokia") == {Role.PSEA_INTAKE_OFFICER}


def test_who_is_not_pinned_is_shown_the_line_to_hand_over(vault: Vault, signed_in: SignedIn) -> None:
    page = opened(vault, signed_in, "coumba").get(reverse("psea:people")).content.decode()
    assert pin_of(vault.readers["coumba"].signing_key) in page


def test_whoever_waits_for_approval_reads_their_words_to_the_coordination(vault: Vault, signed_in: SignedIn) -> None:
    key = HandlerKey.objects.using(VAULT).get(pk=vault.readers["aminata"].key_id)
    browser = opened(vault, signed_in, "aminata")
    assert fingerprint(bytes(key.public_key)) not in browser.get(reverse("psea:cases")).content.decode()
    key.approvals.using(VAULT).all().delete()
    assert fingerprint(bytes(key.public_key)) in browser.get(reverse("psea:cases")).content.decode()
    approve(key, signers=1)
    assert fingerprint(bytes(key.public_key)) in browser.get(reverse("psea:cases")).content.decode()


def test_rows_do_not_say_who_reads_nor_how_many(vault: Vault, receive: Receive) -> None:
    first, second = receive("SM1"), receive("SM2", receipt_number="123456789023")
    actions.transmit(case_id=second, organisation_id=vault.cast.organisations["pam"].pk, **vault.as_("aminata"))
    one, other = (SealedCase.objects.using(VAULT).get(pk=pk) for pk in (first, second))
    mine, theirs = (list(case.wraps.using(VAULT).values_list("part", "tag", "blob")) for case in (one, other))
    assert sorted(part for part, _tag, _blob in mine) == sorted(part for part, _tag, _blob in theirs)
    assert len({len(bytes(blob)) for _part, _tag, blob in [*mine, *theirs]}) == 1
    assert not {tag for _part, tag, _blob in mine} & {tag for _part, tag, _blob in theirs}
