"""A sealed case that is no SEA comes out of the vault: knowingly, once, under the number its person has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from core.receipt_number import new_number
from core.transitions import Refused
from directory.enums import RestrictedKind
from directory.implicated import Implicated
from directory.models import UserRole
from directory.roles import Role
from feedback import actions
from feedback.actions import release
from feedback.enums import CaseState, Lane
from feedback.models import Case
from feedback.whereabouts import where_is
from psea import actions as sealed
from psea.enums import ReclassifiedAs
from psea.lookups import sealed_phone, stage_of
from psea.models import SealedCase
from tests.feedback.making import made_case, sorting
from tests.psea.conftest import INTAKE, NUMBER, PHONE, WORDS, Vault
from tests.psea.test_session import SignedIn, opened
from tests.psea.test_tracks import Receive


def reclassified(vault: Vault, receive: Receive, as_what: ReclassifiedAs, **said: Any) -> UUID:
    case_id = receive(**said)
    sealed.open_case(case_id=case_id, **vault.as_("aminata"))
    sealed.reclassify(case_id=case_id, as_what=as_what, no_disclosure=True, **vault.as_("aminata"))
    return case_id


def taken(vault: Vault, case_id: UUID) -> Case:
    return actions.take_released(case_id, no_disclosure=True, **vault.as_("aminata"))


def test_an_ordinary_one_waits_for_triage_under_its_number(vault: Vault, receive: Receive) -> None:
    case_id = reclassified(vault, receive, ReclassifiedAs.ORDINARY, place_pcode="ML0703", code="123456")
    assert where_is(NUMBER).case is None

    case = taken(vault, case_id)

    assert (case.state, case.lane) == (CaseState.NEW, Lane.ORDINARY)
    assert (case.unsealed("words"), case.unsealed("contact")) == (WORDS, PHONE)
    assert case.place is not None
    assert case.place.pcode == "ML0703"
    assert case.unsealed("receipt_number") == NUMBER
    assert case.code_hash
    assert where_is(NUMBER).case == case
    assert Case.objects.visible_to(vault.cast.awa).get() == case
    assert stage_of(NUMBER) is None
    assert not sealed_phone(PHONE)
    actions.triage(case.pk, sorting(), by=vault.cast.awa)


def test_nothing_of_it_stays_sealed_and_the_row_here_does_not_point_there(vault: Vault, receive: Receive) -> None:
    case_id = reclassified(vault, receive, ReclassifiedAs.ORDINARY)
    case = taken(vault, case_id)

    left = SealedCase.objects.using("vault").get(pk=case_id)
    assert (left.words, left.contact) == (None, None)
    assert case.pk != case_id
    with pytest.raises(Refused, match="plus dans le coffre"):
        taken(vault, case_id)
    assert Case.objects.count() == 1


def test_the_ordinary_lane_needs_the_confirmation(vault: Vault, receive: Receive) -> None:
    case_id = reclassified(vault, receive, ReclassifiedAs.ORDINARY)

    with pytest.raises(Refused, match="aucune révélation"):
        actions.take_released(case_id, no_disclosure=False, **vault.as_("aminata"))
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("as_what", "kind", "reader"),
    [
        (ReclassifiedAs.GBV_OR_CHILD, RestrictedKind.PROTECTION, "kadia"),
        (ReclassifiedAs.WORKPLACE, RestrictedKind.INTEGRITY, "salif"),
        (ReclassifiedAs.CODE_OF_CONDUCT, RestrictedKind.INTEGRITY, "salif"),
    ],
)
def test_the_others_go_to_their_named_recipients_alone(
    vault: Vault, receive: Receive, as_what: ReclassifiedAs, kind: RestrictedKind, reader: str
) -> None:
    case = taken(vault, reclassified(vault, receive, as_what))

    assert (case.lane, case.restricted_kind) == (Lane.RESTRICTED, kind)
    people = vault.cast.people
    assert {name for name in people if Case.objects.visible_to(people[name]).exists()} == {reader}
    assert where_is(NUMBER).case == case


def test_whom_it_implicates_is_left_out_here_too(vault: Vault, receive: Receive) -> None:
    hcr = vault.cast.organisations["hcr"].pk
    case_id = receive(implicated=Implicated(organisations=frozenset({hcr})))
    sealed.open_case(case_id=case_id, **vault.as_("rokia"))
    sealed.reclassify(
        case_id=case_id, as_what=ReclassifiedAs.CODE_OF_CONDUCT, no_disclosure=False, **vault.as_("rokia")
    )

    with pytest.raises(Refused, match="de vive voix"):
        actions.take_released(case_id, no_disclosure=False, **vault.as_("rokia"))
    assert not Case.objects.exists()

    UserRole.objects.create(user=vault.cast.oumar, role=Role.INTEGRITY_FOCAL_POINT)
    actions.take_released(case_id, no_disclosure=False, **vault.as_("rokia"))
    people = vault.cast.people
    assert {name for name in people if Case.objects.visible_to(people[name]).exists()} == {"oumar"}


def test_cut_off_between_the_two_it_is_mended_by_running_again(
    vault: Vault, receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = reclassified(vault, receive, ReclassifiedAs.ORDINARY)
    with monkeypatch.context() as patch:

        def cut_off(**_: Any) -> None:
            raise OSError("cut off")

        patch.setattr(release, "mark_released", cut_off)
        with pytest.raises(OSError, match="cut off"):
            taken(vault, case_id)
    add = {"source_id": "SM2", "receipt_number": NUMBER, "phone": None, "words": "Et le soir aussi", "channel": "sms"}
    assert sealed.add_to_sealed(said_at=datetime.now(UTC), by=INTAKE, **add)  # type: ignore[arg-type]

    case = taken(vault, case_id)

    assert Case.objects.get() == case
    assert [message.unsealed("body") for message in case.messages.all()] == ["Et le soir aussi"]


def test_what_the_person_adds_in_between_is_not_lost(vault: Vault, receive: Receive) -> None:
    case_id = reclassified(vault, receive, ReclassifiedAs.ORDINARY)
    sealed.release_text(case_id=case_id, **vault.as_("aminata"))
    add = {"source_id": "SM2", "receipt_number": NUMBER, "phone": None, "words": "Encore", "channel": "sms"}
    sealed.add_to_sealed(said_at=datetime.now(UTC), by=INTAKE, **add)  # type: ignore[arg-type]

    with pytest.raises(Refused, match="vient d'ajouter"):
        sealed.mark_released(case_id=case_id, taken=set(), by=vault.cast.aminata)


def test_another_sealed_case_of_the_same_telephone_goes_on_sealing(vault: Vault, receive: Receive) -> None:
    case_id = reclassified(vault, receive, ReclassifiedAs.ORDINARY)
    receive("SM-other", receipt_number=new_number())

    taken(vault, case_id)

    assert sealed_phone(PHONE)


def test_words_sealed_beside_an_open_case_join_it_again(vault: Vault, receive: Receive) -> None:
    before = made_case(receipt_number=NUMBER, received_at=datetime.now(UTC) - timedelta(days=2))
    case = taken(vault, reclassified(vault, receive, ReclassifiedAs.ORDINARY))

    assert case == before
    assert [message.unsealed("body") for message in case.messages.all()] == [WORDS]


def test_but_not_where_others_would_read_them(vault: Vault, receive: Receive) -> None:
    before = made_case(receipt_number=NUMBER, received_at=datetime.now(UTC) - timedelta(days=2))
    case = taken(vault, reclassified(vault, receive, ReclassifiedAs.GBV_OR_CHILD))

    assert case != before
    assert case.receipt_hash is None
    assert where_is(NUMBER).case == before
    assert not Case.objects.visible_to(vault.cast.awa).filter(pk=case.pk).exists()


def test_the_page_shows_the_text_and_asks_once_more(vault: Vault, receive: Receive, signed_in: SignedIn) -> None:
    case_id = reclassified(vault, receive, ReclassifiedAs.ORDINARY)
    browser, where = opened(vault, signed_in), reverse("feedback:release", args=[case_id])
    assert where in browser.get(reverse("psea:case", args=[case_id])).content.decode()

    page = browser.get(where).content.decode()
    assert WORDS in page
    assert PHONE not in page
    assert browser.post(where, {"was_read": "on"}).status_code == 422
    assert not Case.objects.exists()
    done = browser.post(where, {"was_read": "on", "no_disclosure": "on"}, follow=True).content.decode()
    assert "plus dans le coffre" in done
    assert where not in done
    assert Case.objects.count() == 1
    again = browser.post(where, {"was_read": "on", "no_disclosure": "on"}, follow=True)
    assert "plus dans le coffre" in again.content.decode()
    assert Case.objects.count() == 1


def test_a_case_that_was_not_reclassified_does_not_leave(vault: Vault, receive: Receive, signed_in: SignedIn) -> None:
    case_id = receive()
    sealed.open_case(case_id=case_id, **vault.as_("aminata"))
    where = reverse("feedback:release", args=[case_id])

    answer = opened(vault, signed_in).get(where, follow=True).content.decode()
    assert "Seul un dossier reclassé" in answer
    assert opened(vault, signed_in, "hawa").get(where).status_code == 404
    assert signed_in(vault.cast.awa).get(where).status_code == 404
