"""Approvals of keys end after a year: said before it happens, to whoever can renew them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import time_machine
from django.core.mail import EmailMessage
from django.utils import timezone

from psea import actions
from psea.databases import VAULT
from psea.enums import Part
from psea.lapsing import days_of_reading, warn_of_lapsing
from psea.models import Approval, HandlerKey
from psea.rota import calendar, officers
from psea.standing import thin_cases
from tests.psea.conftest import INTAKE, Vault, holders, on_duty
from tests.psea.test_rekeying import one_more_officer
from tests.vault_keys import approve

Receive = Callable[..., UUID]


def lapsed(vault: Vault, name: str) -> None:
    """As after a year: the approvals of this key have ended."""
    past = timezone.localdate() - timedelta(days=1)
    Approval.objects.using(VAULT).filter(handler_key=vault.readers[name].key_id).update(until=past)


def test_the_coordination_and_the_owner_are_told_each_week_from_45_days_before(
    vault: Vault, mailoutbox: list[EmailMessage]
) -> None:
    now = timezone.now()
    until = min(Approval.objects.using(VAULT).values_list("until", flat=True))
    left = (until - timezone.localdate(now)).days
    told: dict[int, list[tuple[int, set[str]]]] = {}
    for days in (left - 46, left - 45, left - 45, left - 38):
        with time_machine.travel(now + timedelta(days=days), tick=False):
            mailoutbox.clear()
            count = warn_of_lapsing(timezone.now())
            told.setdefault(days, []).append((count, {mail.to[0].split("@")[0] for mail in mailoutbox}))
    everybody = {"aminata", "rokia", "hawa", "nana", "coumba", "custodian-1", "custodian-2"}
    assert told == {
        left - 46: [(0, set())],
        left - 45: [(8, everybody), (8, set())],
        left - 38: [(8, everybody)],
    }


def test_one_that_has_ended_is_still_said_and_one_never_approved_is_not(
    vault: Vault, mailoutbox: list[EmailMessage]
) -> None:
    HandlerKey.objects.using(VAULT).get(pk=vault.readers["nana"].key_id).approvals.all().delete()
    lapsed(vault, "rokia")
    assert warn_of_lapsing(timezone.now()) == 1
    assert {mail.to[0] for mail in mailoutbox} == {vault.cast.rokia.email, vault.cast.coumba.email}


def test_the_rota_says_whose_key_is_not_approved_or_ends_before_their_week(vault: Vault) -> None:
    now = timezone.now()
    on_duty(vault, "rokia", "aminata", at=now)
    soon = timezone.localdate(now)
    lapsed(vault, "rokia")
    key = HandlerKey.objects.using(VAULT).get(pk=vault.readers["aminata"].key_id)
    approve(key, until=soon)
    found = {officer.user.pk: officer for officer in officers()}
    assert "clé non approuvée" in [str(lack) for lack in found[vault.cast.rokia.pk].lacks]
    assert found[vault.cast.aminata.pk].lapses_soon
    next_week = on_duty(vault, "rokia", "aminata", at=now + timedelta(weeks=1))
    week = next(one for one in calendar(list(found.values()), now) if one.monday == next_week.monday)
    faults = [str(fault) for fault in week.faults]
    assert [fault for fault in faults if "clé non approuvée" in fault]
    assert [fault for fault in faults if "seulement" in fault]


def test_a_case_whose_reader_is_approved_no_more_is_thin_and_goes_to_another(vault: Vault, receive: Receive) -> None:
    case_id = receive()
    one_more_officer(vault)
    lapsed(vault, "rokia")
    assert actions.watch_readers(by=INTAKE) == 1
    actions.mend(**vault.as_("aminata"))
    assert vault.readers["penda"].key_id in holders(case_id, Part.WORDS)
    assert thin_cases([case_id]) == []


def test_how_long_the_vault_can_still_take_in(vault: Vault) -> None:
    today = timezone.localdate()
    assert days_of_reading(today) == 300
    lapsed(vault, "rokia")
    assert days_of_reading(today) == -1
