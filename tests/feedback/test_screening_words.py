"""The screening's words, changed by those who may: tried first, kept with a reason, and told afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from core.models import AuditEntry
from core.reading_once import reading_once
from core.transitions import Refused
from directory.models import UserRole
from directory.roles import Role
from feedback.actions import Sorting, protect, triage
from feedback.actions.receive import Spoken, receive
from feedback.actions.screening import keep_change, preview_change
from feedback.enums import WordAct, WordEffect
from feedback.models import Case, Category, ScreeningChange
from feedback.screening import suggests_sea, version
from feedback.screening_entries import Change, Entry
from feedback.screening_set import messages
from tests.cast import Cast
from tests.feedback.conftest import Telephone
from tests.vault_keys import recovery_key

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("db")]

SignIn = Callable[[Any], Client]
# Nobody's word: neither list nor message holds anything like it.
WORD = "zoumbalaka"
SAID = f"Le monsieur nous emmène au {WORD} avant de donner"


def change(words: str = WORD, act: str = WordAct.ADD, effect: str = WordEffect.RAISES, language: str = "fra") -> Change:
    return Change(Entry(language, effect, words), act)


def kept(wanted: Change, by: Any, reason: str = "Entendu au tri") -> ScreeningChange:
    known = version()
    return keep_change(wanted, reason=reason, seen=known[0] if known else 0, by=by)


def ordinary(words: str, by: Any, number: int) -> Case:
    """A message that a trained person sorted as ordinary."""
    spoken = Spoken(f"words:{number}", f"{number:012d}", words, channel="paper", received_at=datetime.now(UTC))
    case = receive(spoken, by=by)
    assert case is not None
    return triage(case.pk, _as("INSAT_MAJ"), by=by)


def _as(code: str) -> Sorting:
    return Sorting(category=Category.objects.get(pk=code), summary="Accueil à la distribution")


# -- what a change does -----------------------------------------------------------------------------------------------


def test_a_word_that_was_added_seals_the_next_message_and_put_out_it_does_not(cast: Cast, telephone: Telephone) -> None:
    assert not suggests_sea(SAID)
    kept(change(), cast.coumba)
    assert suggests_sea(SAID.upper())
    telephone.says(SAID)
    assert not Case.objects.exists()
    kept(change(act=WordAct.SWITCH_OFF), cast.coumba)
    assert not suggests_sea(SAID)
    kept(change(act=WordAct.PUT_BACK), cast.aminata)
    assert suggests_sea(SAID)


def test_a_word_of_the_files_can_be_switched_off_wherever_it_stands_and_put_back(cast: Cast) -> None:
    said = "Il y va toutes les nuits"
    assert suggests_sea(said)
    kept(change("toutes les nuits", WordAct.SWITCH_OFF), cast.coumba)
    assert not suggests_sea(said)
    assert suggests_sea("il demande mon corps"), "and nothing else"
    kept(change("Toutes les nuits", WordAct.PUT_BACK), cast.coumba)
    assert suggests_sea(said)


def test_a_word_that_is_spared_hides_nothing_else(cast: Cast) -> None:
    kept(change("violoncelle", effect=WordEffect.SPARES), cast.coumba)
    kept(change("la troupe harcele*", effect=WordEffect.SPARES), cast.coumba)
    assert not suggests_sea("La troupe harcelée par les mouches")
    assert suggests_sea("La troupe harcelée par les mouches, et un viol")


def test_what_is_kept_holds_from_the_next_batch_on_and_is_read_once_for_each(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    kept(change(), cast.coumba)
    suggests_sea(SAID)
    with reading_once(), django_assert_num_queries(1):
        assert all(suggests_sea(SAID) for _message in range(3))


# -- who may ----------------------------------------------------------------------------------------------------------


def test_officers_may_find_more_and_the_coordination_alone_less(cast: Cast) -> None:
    for lowering in (change("fille", WordAct.SWITCH_OFF), change("tente*", effect=WordEffect.SPARES)):
        with pytest.raises(Refused, match="coordination"):
            kept(lowering, cast.aminata)
    for who in (cast.djeneba, cast.adama, cast.hawa, cast.awa):
        with pytest.raises(Refused):
            kept(change(), who)
    assert kept(change(), cast.rokia).number == 1


def test_a_change_says_why_is_numbered_and_sealed_and_the_audit_names_no_word(cast: Cast) -> None:
    with pytest.raises(Refused, match="pourquoi"):
        kept(change(), cast.coumba, reason=" ")
    row = kept(change(), cast.coumba, reason="Dit trois fois à Gao")
    assert (row.unsealed("entry"), row.unsealed("reason")) == (WORD, "Dit trois fois à Gao")
    assert WORD.encode() not in bytes(row.entry)
    told = AuditEntry.objects.get(act="feedback.screening.change")
    assert (told.actor_id, told.facts) == (
        str(cast.coumba.pk),
        {"language": "fra", "what": "add", "effect": "raises"},
    )


def test_of_two_who_decide_at_once_the_second_looks_again(cast: Cast) -> None:
    kept(change(), cast.coumba)
    with pytest.raises(Refused, match="entre-temps"):
        keep_change(change("autremot"), reason="Aussi", seen=0, by=cast.aminata)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "courte expression"),
        ("*", "courte expression"),
        ("~ fille", "courte expression"),
        ("appelle le 76 12 34 56 78", "courte expression"),
        ("76123456", "numéro"),
        ("<b>mot", "courte expression"),
        ("un deux trois quatre cinq six sept", "courte expression"),
        ("violée*", "déjà dans la liste"),
        ("les", "trop courant"),
    ],
)
def test_what_cannot_be_a_word_of_the_list_is_refused_with_a_sentence(cast: Cast, words: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        kept(change(words), cast.coumba)


def test_nothing_is_put_out_that_costs_too_many_disclosures(cast: Cast, settings: Any) -> None:
    settings.SCREENING_FLOOR_PERCENT = 100
    with pytest.raises(Refused, match="ne seraient plus trouvés"):
        kept(change("notre honneur", WordAct.SWITCH_OFF), cast.coumba)
    settings.SCREENING_FLOOR_PERCENT = 90
    assert kept(change("notre honneur", WordAct.SWITCH_OFF), cast.coumba).number == 1


def test_a_change_that_no_key_opens_any_more_stops_no_message(
    cast: Cast, telephone: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = kept(change(), cast.coumba)
    ScreeningChange.objects.filter(pk=row.pk).update(data_key=b"broken")
    telephone.says(SAID)
    assert Case.objects.count() == 1


# -- what it would do -------------------------------------------------------------------------------------------------


def test_the_preview_says_what_would_be_lost_on_the_invented_messages(cast: Cast) -> None:
    seen = preview_change(change("fille", WordAct.SWITCH_OFF), by=cast.coumba)
    french = next(one for one in seen.languages if one.language == "fra")
    assert seen.lost
    assert not seen.gained
    assert {one.discloses for one in seen.lost} <= {True, False}
    assert french.found.found - french.would_find.found == sum(
        one.discloses and one.language == "fra" for one in seen.lost
    )
    assert seen.among_ordinary is None, "which ordinary messages the lists find is which came back from the vault"
    assert set(seen.lost) <= set(messages())


def test_real_messages_are_counted_coarsely_and_shown_to_who_may_read_them(cast: Cast, settings: Any) -> None:
    settings.RELEASE_THRESHOLD = 3
    recovery_key()
    cases = [ordinary(f"{SAID} {number}", cast.awa, number) for number in range(4)]
    unsorted = Spoken("words:new", "000000000098", f"{SAID} non trié", channel="paper", received_at=datetime.now(UTC))
    receive(unsorted, by=cast.awa)
    restricted = ordinary(f"{SAID} et de l'argent", cast.awa, 97)
    Case.objects.filter(pk=restricted.pk).update(lane="restricted", restricted_kind="integrity")
    assert protect(cases.pop().pk, by=cast.awa) is not None

    seen = preview_change(change(), by=cast.coumba).among_ordinary
    assert seen is not None
    assert (seen.looked_at, seen.roughly, seen.readable) == (3, 3, ())

    UserRole.objects.create(user=cast.coumba, role=Role.OPERATOR)
    both = type(cast.coumba).objects.get(pk=cast.coumba.pk)
    readable = preview_change(change(), by=both).among_ordinary
    assert readable is not None
    assert {case.pk for case in readable.readable} == {case.pk for case in cases}
    settings.RELEASE_THRESHOLD = 4
    few = preview_change(change(), by=cast.coumba).among_ordinary
    assert few is not None
    assert few.roughly is None
    assert AuditEntry.objects.filter(act="feedback.screening.preview").count() == 3


# -- the pages --------------------------------------------------------------------------------------------------------


def test_a_word_is_tried_then_kept_and_the_history_says_who_and_why(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.coumba)
    tried = {"act": "add", "language": "fra", "words": WORD, "effect": "raises"}
    page = browser.post("/settings/screening/change/", tried)
    assert page.status_code == 200
    assert not ScreeningChange.objects.exists()
    seen = page.context["seen"]
    refused = browser.post("/settings/screening/change/", tried | {"seen": str(seen.seen), "keep": "1"})
    assert refused.status_code == 422
    assert "Dites pourquoi" in refused.content.decode()
    said = tried | {"seen": str(seen.seen), "keep": "1", "reason": "Entendu à Gao"}
    assert browser.post("/settings/screening/change/", said).status_code == 302
    told = signed_in(cast.rokia).get("/settings/screening/").content.decode()
    assert WORD in told
    assert "Entendu à Gao" in told
    assert "Coumba" in told
    assert WORD in browser.get("/settings/screening/fra/").content.decode()


def test_what_others_said_is_on_no_page_of_who_may_not_read_it(cast: Cast, signed_in: SignIn) -> None:
    ordinary(f"{SAID} kanari", cast.awa, 5)
    tried = {"act": "add", "language": "fra", "words": WORD, "effect": "raises"}
    for who in (cast.coumba, cast.aminata):
        assert "kanari" not in signed_in(who).post("/settings/screening/change/", tried).content.decode()
