"""Two custodians of two organisations together, neither alone; what was lost comes back, and everybody is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from core.actors import robot
from core.models import AuditEntry
from core.sealing import WrongPassphrase
from core.transitions import Refused
from directory.models import User, UserRole
from directory.roles import Role
from psea import actions
from psea.actions import keys
from psea.actions.mending import watch_readers
from psea.actions.recovery import ready_at, reason_of
from psea.databases import VAULT
from psea.enums import Part
from psea.lapsing import days_of_reading
from psea.models import HandlerKey, Recovery, RecoveryShare, SealedCase
from psea.standing import thin_cases
from tests.psea.conftest import WORDS, Vault
from tests.psea.test_session import SignedIn, opened
from tests.vault_keys import approve, without_custodians

Receive = Callable[..., UUID]
WHY = "Aminata a perdu sa feuille ; dossier urgent."
CUSTODIANS = {"fode": "line", "tene": "embassy", "kane": "line"}


@pytest.fixture
def house(vault: Vault) -> Vault:
    """Three custodians, two of them of one organisation, and the recovery key that they hold."""
    without_custodians()
    for name, organisation in CUSTODIANS.items():
        of = vault.cast.organisations[organisation]
        person = User.objects.create_user(f"{name}@jaabi.example", name=name.title(), organisation=of)
        UserRole.objects.create(user=person, role=Role.RECOVERY_CUSTODIAN)
        vault.cast.people[name] = person
        vault.enrol(name)
    HandlerKey.objects.using(VAULT).recovery().update(retired_at=timezone.now())
    approve(actions.make_recovery_key(by=vault.cast.coumba))
    return vault


def lost(vault: Vault, name: str) -> None:
    actions.retire_key(key_id=vault.readers[name].key_id, is_lost=True, by=vault.cast.coumba)
    vault.enrol(name)


def asked_for(vault: Vault, name: str, case_id: UUID | None = None) -> Recovery:
    return actions.ask_recovery(colleague=vault.cast.people[name], case_id=case_id, reason=WHY, by=vault.cast.coumba)


def test_two_custodians_give_back_what_a_lost_key_opened(
    house: Vault, receive: Receive, mailoutbox: list[EmailMessage]
) -> None:
    case_id = receive()
    lost(house, "aminata")
    asked = asked_for(house, "aminata")
    assert reason_of(asked, house.readers["fode"]) == WHY
    assert reason_of(asked, house.readers["rokia"]) == ""

    actions.give_half(recovery_id=asked.pk, **house.as_("fode"))
    assert actions.complete_recovery(recovery_id=asked.pk, **house.as_("tene")) == 1

    narrative = actions.open_case(case_id=case_id, **house.as_("aminata")).narrative
    assert narrative is not None
    assert narrative.words == WORDS
    asked.refresh_from_db(using=VAULT)
    assert (asked.halves, asked.opened, asked.is_open) == ({}, 1, False)
    told = {address for mail in mailoutbox for address in mail.to}
    assert {house.cast.people[name].email for name in ("rokia", "coumba", "fode", "tene")} <= told


def test_neither_alone_nor_two_of_one_organisation(house: Vault, receive: Receive) -> None:
    receive()
    asked = asked_for(house, "rokia")
    with pytest.raises(Refused, match="première"):
        actions.complete_recovery(recovery_id=asked.pk, **house.as_("tene"))
    actions.give_half(recovery_id=asked.pk, **house.as_("fode"))
    with pytest.raises(Refused, match="autre organisation"):
        actions.complete_recovery(recovery_id=asked.pk, **house.as_("fode"))
    with pytest.raises(Refused, match="autre organisation"):
        actions.complete_recovery(recovery_id=asked.pk, **house.as_("kane"))
    for name in ("coumba", "aminata"):
        with pytest.raises(Refused, match="dépositaires"):
            actions.complete_recovery(recovery_id=asked.pk, **house.as_(name))


def test_no_custodians_key_opens_a_case_or_the_recovery_key_by_itself(house: Vault, receive: Receive) -> None:
    case_id = receive()
    recovery = HandlerKey.objects.using(VAULT).recovery().get()
    assert recovery.locked_private is None
    for name in CUSTODIANS:
        assert house.readers[name].open_parts(case_id) == {}
        assert not SealedCase.objects.visible_to(house.cast.people[name]).exists()
    shares = RecoveryShare.objects.using(VAULT).select_related("first", "second")
    assert shares.count() == 4
    assert all(share.first.organisation_id != share.second.organisation_id for share in shares)


def test_a_case_that_is_over_waits_a_day_in_which_it_can_be_refused(house: Vault, receive: Receive) -> None:
    live, over = receive("SM1"), receive("SM2", receipt_number="123456789023")
    SealedCase.objects.using(VAULT).filter(pk=over).update(state="reclassified")
    lost(house, "aminata")
    asked = asked_for(house, "aminata")
    actions.give_half(recovery_id=asked.pk, **house.as_("tene"))
    assert actions.complete_recovery(recovery_id=asked.pk, **house.as_("fode")) == 1
    assert list(SealedCase.objects.visible_to(house.cast.aminata)) == [SealedCase.objects.using(VAULT).get(pk=live)]

    with time_machine.travel(ready_at(asked) + timedelta(minutes=1), tick=False):
        assert actions.complete_recovery(recovery_id=asked.pk, **house.as_("fode")) == 1
    assert SealedCase.objects.visible_to(house.cast.aminata).count() == 2

    second = asked_for(house, "rokia", over)
    actions.give_half(recovery_id=second.pk, **house.as_("tene"))
    refused = actions.refuse_recovery(recovery_id=second.pk, by=house.cast.coumba)
    assert refused.halves == {}
    with pytest.raises(Refused):
        actions.complete_recovery(recovery_id=second.pk, **house.as_("fode"))


def test_the_person_gets_no_more_than_their_role(house: Vault, receive: Receive) -> None:
    case_id = receive()
    asked = asked_for(house, "hawa", case_id)
    actions.give_half(recovery_id=asked.pk, **house.as_("tene"))
    assert actions.complete_recovery(recovery_id=asked.pk, **house.as_("fode")) == 0
    assert house.readers["hawa"].open_parts(case_id) == {}


def test_every_step_stands_in_the_audit(house: Vault, receive: Receive) -> None:
    receive()
    asked = asked_for(house, "rokia")
    actions.give_half(recovery_id=asked.pk, **house.as_("tene"))
    actions.complete_recovery(recovery_id=asked.pk, **house.as_("fode"))
    acts = AuditEntry.objects.using(VAULT).filter(target_id=str(asked.pk)).values_list("act", flat=True)
    assert sorted(acts) == ["psea.recovery.ask", "psea.recovery.complete", "psea.recovery.give_half"]


def test_a_lost_passphrase_is_survived_by_the_printed_code(vault: Vault, receive: Receive, signed_in: SignedIn) -> None:
    case_id = receive()
    browser = signed_in(vault.cast.aminata)
    code = vault.codes["aminata"]
    answered = browser.post(reverse("psea:by_code"), {"code": code.lower().replace("-", " ").replace("1", "l")})
    assert answered["Location"] == reverse("psea:renew")
    shown = browser.post(reverse("psea:renew")).context
    words = {f"word_{place}": word for place, word in enumerate(shown["words"], 1)}
    wrong = browser.post(reverse("psea:renew_confirm"), words | {"code": code})
    assert "pas le code affiché" in wrong.content.decode()
    assert browser.post(reverse("psea:renew_confirm"), words | {"code": shown["code"]}).status_code == 302

    with pytest.raises(WrongPassphrase):
        actions.unlock(by=vault.cast.aminata, passphrase=vault.passphrases["aminata"])
    with pytest.raises(keys.WrongCode):
        actions.unlock(by=vault.cast.aminata, code=code)
    reader = actions.unlock(by=vault.cast.aminata, passphrase=" ".join(shown["words"]))
    assert Part.WORDS in reader.open_parts(case_id)


def test_from_the_pages(house: Vault, receive: Receive, signed_in: SignedIn) -> None:
    case_id = receive()
    lost(house, "aminata")
    coordination = opened(house, signed_in, "coumba")
    form = {"colleague": house.cast.aminata.pk, "case_id": str(case_id), "reason": WHY}
    assert coordination.post(reverse("psea:recoveries"), form | {"reason": " "}).status_code == 422
    assert coordination.post(reverse("psea:recoveries"), form).status_code == 302
    asked = Recovery.objects.using(VAULT).get()

    first, second = (opened(house, signed_in, name) for name in ("tene", "fode"))
    assert WHY in first.get(reverse("psea:recoveries")).content.decode()
    for closed in ("psea:cases", "psea:people", "psea:figures", "psea:rota"):
        assert first.get(reverse(closed)).status_code == 404
    assert first.post(reverse("psea:recoveries"), form).status_code == 404
    assert coordination.post(reverse("psea:recovery_half", args=[asked.pk])).status_code == 404
    first.post(reverse("psea:recovery_half", args=[asked.pk]))
    page = second.post(reverse("psea:recovery_complete", args=[asked.pk]), follow=True).content.decode()
    assert "1 dossier rouvert." in page
    assert Part.WORDS in house.readers["aminata"].open_parts(case_id)


def test_whoever_reads_a_case_that_is_over_is_told_before_it_opens_again(
    vault: Vault, receive: Receive, mailoutbox: list[EmailMessage]
) -> None:
    case_id = receive()
    mailoutbox.clear()
    asked_for(vault, "nana", case_id)
    assert vault.cast.aminata.email not in {mail.to[0] for mail in mailoutbox}, (
        "it opens at once, and then all are told"
    )
    SealedCase.objects.using(VAULT).filter(pk=case_id).update(state="reclassified")
    mailoutbox.clear()
    asked_for(vault, "nana", case_id)
    assert {vault.cast.aminata.email, vault.cast.rokia.email} <= {mail.to[0] for mail in mailoutbox}


def test_without_two_custodians_everything_is_red_until_there_is_another_key(
    house: Vault, receive: Receive, mailoutbox: list[EmailMessage]
) -> None:
    case_id = receive()
    coumba, today = house.cast.coumba, timezone.localdate()
    actions.retire_key(key_id=house.readers["kane"].key_id, by=coumba)
    with pytest.raises(Refused, match="ouvrirait le recouvrement"):
        actions.retire_key(key_id=house.readers["tene"].key_id, by=coumba)
    assert (thin_cases([case_id]), days_of_reading(today) > 0) == ([], True)

    role = UserRole.objects.get(user=house.cast.people["tene"], role=Role.RECOVERY_CUSTODIAN)
    role.delete()
    assert (thin_cases([case_id]), days_of_reading(today)) == ([case_id], -1), (
        "a key that is approved, and no custodian"
    )
    UserRole.objects.create(user=role.user, role=role.role)
    assert thin_cases([case_id]) == []

    lost(house, "tene")
    mailoutbox.clear()
    assert watch_readers(by=robot("vault-clocks")) == 1
    assert {mail.to[0] for mail in mailoutbox} == {coumba.email}
    made = actions.make_recovery_key(by=coumba)
    assert thin_cases([case_id]) == [case_id], "two coordinators have not approved it"
    approve(made)
    assert actions.mend(**house.as_("aminata")).joined == 1
    assert watch_readers(by=robot("vault-clocks")) == 0
    actions.retire_key(key_id=HandlerKey.objects.using(VAULT).recovery().exclude(pk=made.pk).get().pk, by=coumba)
    lost(house, "rokia")
    asked = asked_for(house, "rokia", case_id)
    actions.give_half(recovery_id=asked.pk, **house.as_("tene"))
    assert actions.complete_recovery(recovery_id=asked.pk, **house.as_("fode")) == 1
