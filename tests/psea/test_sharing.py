"""A lost passphrase is survived: the key is retired, another made, and a colleague or recovery opens the cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.urls import reverse

from core.receipt_number import new_number
from core.transitions import Refused
from directory.implicated import Implicated
from psea import actions
from psea.enums import Part
from psea.models import SealedCase
from psea.readers import NotAReader
from psea.trust import INVESTIGATION
from tests.psea.conftest import WORDS, Vault
from tests.psea.test_session import SignedIn, opened
from tests.psea.test_tracks import STATED

Receive = Callable[..., UUID]


def lose(vault: Vault, name: str) -> None:
    """The key is retired by the coordination, and the person makes another."""
    actions.retire_key(key_id=vault.readers[name].key_id, is_lost=True, by=vault.cast.coumba)
    vault.enrol(name)


def test_a_retired_key_shows_and_opens_nothing(vault: Vault, receive: Receive) -> None:
    receive()
    actions.retire_key(key_id=vault.readers["aminata"].key_id, is_lost=True, by=vault.cast.coumba)

    assert not SealedCase.objects.visible_to(vault.cast.aminata).exists()
    with pytest.raises(Refused, match="pas encore de clé"):
        actions.unlock(by=vault.cast.aminata, passphrase=vault.passphrases["aminata"])


@pytest.mark.parametrize("name", ["hawa", "coumba"])
def test_only_the_coordination_retires_a_key_and_never_its_own(vault: Vault, name: str) -> None:
    with pytest.raises(Refused):
        actions.retire_key(key_id=vault.readers["coumba"].key_id, by=vault.cast.people[name])


def test_a_colleague_opens_the_cases_again_but_none_that_implicates_the_person(vault: Vault, receive: Receive) -> None:
    accused = Implicated(users=frozenset({vault.cast.aminata.pk}))
    plain, hidden = receive("SM1"), receive("SM2", receipt_number=new_number(), implicated=accused)
    lose(vault, "aminata")

    assert actions.share_cases(colleague=vault.cast.aminata, **vault.as_("rokia")) == 1
    assert actions.share_cases(colleague=vault.cast.aminata, **vault.as_("rokia")) == 0
    narrative = actions.open_case(case_id=plain, **vault.as_("aminata")).narrative
    assert narrative is not None
    assert narrative.words == WORDS
    with pytest.raises(SealedCase.DoesNotExist):
        actions.open_case(case_id=hidden, **vault.as_("aminata"))


def test_sharing_gives_nobody_more_than_their_role(vault: Vault, receive: Receive) -> None:
    case_id = receive()

    assert actions.share_cases(colleague=vault.cast.hawa, **vault.as_("aminata")) == 0
    assert not SealedCase.objects.visible_to(vault.cast.hawa).exists()
    assert actions.share_cases(colleague=vault.cast.coumba, **vault.as_("aminata")) == 0
    with pytest.raises(NotAReader):
        vault.readers["coumba"].data_key(case_id, Part.WORDS)


def test_the_coordination_shares_nothing(vault: Vault, receive: Receive) -> None:
    receive()
    with pytest.raises(Refused):
        actions.share_cases(colleague=vault.cast.hawa, **vault.as_("coumba"))


def test_an_officer_gets_no_words_back_once_the_entity_holds_its_copy(vault: Vault, receive: Receive) -> None:
    vault.approve("hawa", INVESTIGATION)
    case_id = receive()
    pam = vault.cast.organisations["pam"].pk
    actions.transmit(case_id=case_id, organisation_id=pam, **vault.as_("aminata"))
    actions.acknowledge(case_id=case_id, by=vault.cast.hawa)
    actions.confirm_copy_held(case_id=case_id, at=datetime.now(UTC), **STATED, **vault.as_("hawa"))
    lose(vault, "rokia")

    assert actions.share_cases(colleague=vault.cast.rokia, **vault.as_("hawa")) == 1
    assert vault.readers["rokia"].data_key(case_id, Part.GUARD)
    with pytest.raises(NotAReader):
        vault.readers["rokia"].data_key(case_id, Part.WORDS)


def test_from_the_page(vault: Vault, receive: Receive, signed_in: SignedIn) -> None:
    receive()
    key = vault.readers["rokia"].key_id
    opened(vault, signed_in, "coumba").post(reverse("psea:retire", args=[key]), {"is_lost": "yes"})
    vault.enrol("rokia")
    browser = opened(vault, signed_in, "aminata")

    assert browser.post(reverse("psea:retire", args=[vault.readers["hawa"].key_id])).status_code == 404
    page = browser.post(reverse("psea:share", args=[vault.cast.rokia.pk]), follow=True)
    assert "1 dossier ouvert à Rokia." in page.content.decode()
    assert SealedCase.objects.visible_to(vault.cast.rokia).count() == 1
    assert browser.post(reverse("psea:share", args=[vault.cast.adama.pk])).status_code == 404
