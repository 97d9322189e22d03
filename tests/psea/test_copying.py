"""A copy for an investigator outside: only their key or passphrase opens it, each part is marked, and it is logged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pyrage
import pytest
from django.urls import reverse

from core.models import AuditEntry
from core.sealing import WrongPassphrase
from core.transitions import Refused
from psea import actions
from psea.actions.listing import copies_outside, list_cases
from psea.actions.reminding import remind
from psea.clocks import Waits, dues
from psea.databases import VAULT
from psea.facts import Facts
from psea.models import HandedCopy
from tests.psea.conftest import PHONE, WORDS, Vault
from tests.psea.test_session import SignedIn, opened

Receive = Callable[..., UUID]
PHRASE = "ardoise bambou cigogne dattier empan fagot gourde"


@pytest.fixture
def by_hand(vault: Vault, receive: Receive) -> UUID:
    """A case that an officer handed over by hand."""
    case_id = receive()
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    actions.reach_outside(case_id=case_id, **vault.as_("aminata"))
    return case_id


def asked(vault: Vault, name: str = "aminata", **changes: Any) -> dict[str, Any]:
    known = {"to_whom": "Enquêtrice principale", "own_passphrase": vault.passphrases[name], "passphrase": PHRASE}
    return known | vault.as_(name) | changes


def test_the_investigators_key_alone_opens_it_and_every_part_is_marked(vault: Vault, by_hand: UUID) -> None:
    identity = pyrage.x25519.Identity.generate()
    given = asked(vault, passphrase="", public_key=str(identity.to_public()))
    made = actions.hand_copy(case_id=by_hand, **given)
    assert WORDS.encode() not in made.content
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(made.content, [pyrage.x25519.Identity.generate()])
    text = pyrage.decrypt(made.content, [identity]).decode()
    assert WORDS in text
    assert PHONE not in text, "how to reach the person is not the investigator's"
    parts = text.split("\n\n")
    assert all(part.startswith(f"[copie {made.row.mark} · pour Enquêtrice principale") for part in parts)
    assert "Enfant concerné :" in parts[0]
    assert (len(parts), made.name) == (3, f"{made.row.mark}.age")


def test_a_passphrase_does_as_well_and_the_row_says_nothing_in_clear(vault: Vault, by_hand: UUID) -> None:
    made = actions.hand_copy(case_id=by_hand, **asked(vault))
    assert WORDS in pyrage.passphrase.decrypt(made.content, PHRASE).decode()
    row = HandedCopy.objects.using(VAULT).get()
    assert b"Enqu" not in bytes(row.to_whom or b"")
    entry = AuditEntry.objects.using(VAULT).get(act="psea.sealedcase.hand_copy")
    assert entry.facts == {"mark": row.mark}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"passphrase": ""}, "une seule"),
        ({"public_key": "age1nonsense"}, "une seule"),
        ({"passphrase": "", "public_key": "age1nonsense"}, "age1"),
        ({"passphrase": "trop court"}, "trop courte"),
        ({"to_whom": " "}, "à qui"),
    ],
)
def test_what_is_missing_is_said_and_nothing_leaves(
    vault: Vault, by_hand: UUID, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        actions.hand_copy(case_id=by_hand, **asked(vault, **changes))
    assert not HandedCopy.objects.using(VAULT).exists()


def test_ones_own_passphrase_is_asked_again(vault: Vault, by_hand: UUID) -> None:
    with pytest.raises(WrongPassphrase):
        actions.hand_copy(case_id=by_hand, **asked(vault, own_passphrase=vault.passphrases["rokia"]))


def test_before_it_is_handed_to_an_entity_no_copy_leaves(vault: Vault, receive: Receive) -> None:
    case_id = receive()
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    with pytest.raises(Refused, match="remis"):
        actions.hand_copy(case_id=case_id, **asked(vault))
    pam = vault.cast.organisations["pam"].pk
    actions.transmit(case_id=case_id, organisation_id=pam, **vault.as_("aminata"))
    with pytest.raises(Refused, match="remis"):
        actions.hand_copy(case_id=case_id, **asked(vault))
    assert actions.hand_copy(case_id=case_id, **asked(vault, "hawa")).content


def test_a_copy_past_its_date_is_claimed_until_it_is_said_to_be_destroyed(
    vault: Vault, by_hand: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: set[tuple[str, object]] = set()

    def tell(people: Any, _notice: object, topic: object, *_about: object, **_at: object) -> None:
        told.update((person.name, topic) for person in people)

    monkeypatch.setattr("psea.actions.reminding.tell", tell)
    made = actions.hand_copy(case_id=by_hand, **asked(vault))
    actions.acknowledge(case_id=by_hand, by=vault.cast.aminata)
    actions.advance(case_id=by_hand, act="assess", by=vault.cast.aminata)
    now = datetime.now(UTC)
    before, after = remind(at=now + timedelta(days=29)), remind(at=now + timedelta(days=32))
    assert (before, after) == (0, 2), "this, and news of the entity"
    assert {name for name, topic in told if topic == "copy"} == {"Aminata", "Coumba"}, (
        "who handed it over may have left"
    )
    (card,) = list_cases(**vault.as_("coumba"), at=now + timedelta(days=62))
    due = dues(card.case, Facts(), now, Waits(True, copies=copies_outside([card.case])[by_hand]))[-1]
    assert str(due.label).startswith("copie remise")
    assert due.deadline.date() == made.row.expires_on, "and its page tells the coordination what is late"
    actions.note_destroyed(case_id=by_hand, mark=made.row.mark, on=now.date(), by=vault.cast.aminata)
    assert remind(at=now + timedelta(days=32)) == 1
    assert not copies_outside([card.case])


def test_it_is_downloaded_from_the_page_under_a_name_that_says_nothing(
    vault: Vault, by_hand: UUID, signed_in: SignedIn
) -> None:
    browser, where = opened(vault, signed_in), reverse("psea:hand_copy", args=[by_hand])
    given = {"to_whom": "Enquêtrice", "passphrase": PHRASE, "own_passphrase": "faux"}
    wrong = browser.post(where, given)
    assert (wrong.status_code, "pas votre phrase" in wrong.content.decode()) == (422, True)
    assert PHRASE not in wrong.content.decode()
    response = browser.post(where, given | {"own_passphrase": vault.passphrases["aminata"].upper()})
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Cache-Control"].startswith("no-store")
    mark = HandedCopy.objects.using(VAULT).get().mark
    assert response["Content-Disposition"] == f'attachment; filename="{mark}.age"'
    page = browser.get(where).content.decode()
    assert "Enquêtrice" in page
    browser.post(reverse("psea:copy_destroyed", args=[by_hand, mark]))
    assert "Dite détruite le" in browser.get(where).content.decode()
