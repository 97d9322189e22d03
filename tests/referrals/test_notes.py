"""Internal notes: one organisation's own, on its timeline alone, never changed, gone with the rest."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from core.actors import SYSTEM
from core.models import AuditEntry
from core.transitions import Refused
from directory.models import User, UserRole
from directory.roles import Role
from feedback.actions import protect, tell_person
from feedback.actions.forget import forget_case
from referrals import actions
from referrals.enums import Level
from referrals.models import Delivery, Referral, ReferralNote
from tests.feedback.conftest import recovery_key
from tests.referrals.conftest import House
from tests.referrals.test_levels import allow
from tests.referrals.test_partners import link

__all__ = ["link", "recovery_key"]
SignIn = Callable[[Any], Client]
NOTE = "Voir avec la logistique avant lundi."


def page_of(client: Client, referral: Referral) -> str:
    return client.get(f"/referrals/{referral.pk}/").content.decode()


def who_reads(note: ReferralNote, house: House) -> set[str]:
    rows = ReferralNote.objects.filter(pk=note.pk)
    return {name for name, person in house.cast.people.items() if rows.visible_to(person).exists()}


def test_a_note_is_read_by_those_of_its_organisation_who_see_the_referral_and_nobody_else(
    house: House, signed_in: SignIn
) -> None:
    referral = house.sent(house.case(), house.wish("nrc", None))
    note = actions.write_note(referral.pk, words=NOTE, by=house.cast.fanta)
    assert who_reads(note, house) == {"fanta", "oumar"}
    shown = page_of(signed_in(house.cast.oumar), referral)
    assert NOTE in shown
    assert re.search(r"<strong>Note interne</strong>.{0,400}lue par NRC seulement", shown, re.DOTALL)
    assert NOTE not in page_of(signed_in(house.cast.awa), referral)
    theirs = actions.write_note(referral.pk, words="À relancer jeudi.", by=house.cast.awa)
    assert who_reads(theirs, house) == {"awa"}


def test_it_is_sealed_and_written_once_whatever_is_posted_twice(house: House, signed_in: SignIn) -> None:
    referral, fanta = house.sent(), signed_in(house.cast.fanta)
    once = str(uuid.uuid4())
    for _twice in range(2):
        answer = fanta.post(f"/referrals/{referral.pk}/note/", {"words": NOTE, "once": once}, follow=True)
    assert "Elle reste dans votre organisation." in answer.content.decode()
    note = ReferralNote.objects.get()
    assert (note.unsealed("words"), note.author, note.organisation) == (
        NOTE,
        house.cast.fanta,
        house.cast.organisations["nrc"],
    )
    assert NOTE.encode() not in bytes(note.words or b"")


def test_nobody_is_told_and_no_system_hears_of_it(house: House) -> None:
    referral = house.sent()
    before = AuditEntry.objects.count()
    actions.write_note(referral.pk, words=NOTE, by=house.cast.fanta)
    assert [entry.act for entry in AuditEntry.objects.order_by("recorded_at")[before:]] == ["referrals.note.write"]
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("  ", "Écrivez votre note"),
        ("Rappeler le 70 11 12 13", "un numéro"),
        ("Le gardien demande des faveurs sexuelles contre la carte.", "EAS"),
    ],
)
def test_what_could_lead_to_the_person_is_not_kept_in_it(house: House, words: str, sentence: str) -> None:
    referral = house.sent()
    with pytest.raises(Refused, match=sentence):
        actions.write_note(referral.pk, words=words, by=house.cast.fanta)


def test_a_refused_one_comes_back_as_it_was_typed(house: House, signed_in: SignIn) -> None:
    referral = house.sent()
    answer = signed_in(house.cast.fanta).post(f"/referrals/{referral.pk}/note/", {"words": "Rappeler le 70 11 12 13"})
    assert answer.status_code == 422
    assert "Rappeler le 70 11 12 13</textarea>" in answer.content.decode()
    assert not ReferralNote.objects.exists()


def test_open_or_closed_it_can_be_written_but_not_once_it_was_taken_back(house: House, signed_in: SignIn) -> None:
    closed, taken = house.sent(), house.sent()
    actions.refuse(closed.pk, code="HORS_ZONE", by=house.cast.fanta)
    actions.close(closed.pk, outcome="unsuccessful", by=house.cast.awa)
    for who in (house.cast.awa, house.cast.fanta):
        actions.write_note(closed.pk, words=NOTE, by=who)
    note = actions.write_note(taken.pk, words=NOTE, by=house.cast.fanta)
    assert who_reads(note, house) == {"fanta"}
    actions.recall(taken.pk, reason="sent_in_error", by=house.cast.awa)
    assert who_reads(note, house) == set()
    assert NOTE not in page_of(signed_in(house.cast.fanta), taken)
    assert "Écrire une note interne" not in page_of(signed_in(house.cast.fanta), taken)
    with pytest.raises(Refused, match="retiré"):
        actions.write_note(taken.pk, words=NOTE, by=house.cast.fanta)


def test_whoever_stands_on_no_side_writes_none(house: House) -> None:
    with pytest.raises(Refused):
        actions.write_note(house.sent().pk, words=NOTE, by=house.cast.ibrahim)


def test_its_author_takes_it_back_at_once_and_strikes_it_later(house: House, signed_in: SignIn) -> None:
    referral = house.sent(house.case(), house.wish("nrc", None))
    fanta, oumar = signed_in(house.cast.fanta), signed_in(house.cast.oumar)
    first, second = (actions.write_note(referral.pk, words=NOTE, by=house.cast.fanta) for _ in range(2))
    path = f"/referrals/{referral.pk}/note/{{}}/{{}}/"
    assert "rayez-la" in oumar.post(path.format(first.pk, "retirer"), follow=True).content.decode()
    assert page_of(fanta, referral).count("Retirer ma note") == 2
    fanta.post(path.format(first.pk, "retirer"))
    assert set(ReferralNote.objects.all()) == {second}
    with time_machine.travel(timezone.now() + timedelta(minutes=settings.REFERRAL_NOTE_MINUTES, seconds=1)):
        with pytest.raises(Refused, match="rayez-la"):
            actions.take_back_note(second.pk, by=house.cast.fanta)
        oumar.post(path.format(second.pk, "rayer"))
        fanta.post(path.format(second.pk, "rayer"))
        shown = page_of(fanta, referral)
    assert f"<del><p>{NOTE}</p></del>" in shown
    assert re.search(r"Note interne rayée.{0,200}Oumar", shown, re.DOTALL)
    assert "Rayer cette note" not in shown
    acts = AuditEntry.objects.filter(act__startswith="referrals.note.").order_by("recorded_at")
    assert [entry.act.rpartition(".")[2] for entry in acts] == ["write", "write", "take_back", "strike"]


def test_the_other_side_finds_no_note_to_strike(house: House, signed_in: SignIn) -> None:
    referral = house.sent()
    note = actions.write_note(referral.pk, words=NOTE, by=house.cast.fanta)
    for act in ("retirer", "rayer"):
        assert signed_in(house.cast.awa).post(f"/referrals/{referral.pk}/note/{note.pk}/{act}/").status_code == 404
    with pytest.raises(ReferralNote.DoesNotExist):
        actions.strike_note(note.pk, by=house.cast.awa)


def test_on_a_restricted_matter_only_its_named_people_read_it(house: House) -> None:
    for name, role in (("named", Role.INTEGRITY_FOCAL_POINT), ("plain", Role.FOCAL_POINT)):
        person = User.objects.create(
            email=f"{name}@jaabi.example", name=name, organisation=house.cast.organisations["nrc"]
        )
        UserRole.objects.create(user=person, role=role)
        house.cast.people[name] = person
    referral = house.sent(house.case("FRAUDE"), house.wish("nrc", None), by=house.cast.salif)
    note = actions.write_note(referral.pk, words=NOTE, by=house.cast.named)
    assert who_reads(note, house) == {"named"}
    ordinary = house.sent(house.case(), house.wish("nrc", None))
    before = actions.write_note(ordinary.pk, words=NOTE, by=house.cast.fanta)
    ordinary.case.lane, ordinary.case.restricted_kind = "restricted", "integrity"
    ordinary.case.save()
    assert who_reads(before, house) == {"named"}


@pytest.mark.usefixtures("link")
def test_a_contracting_agency_that_reads_level_1_reads_no_note(house: House, signed_in: SignIn) -> None:
    referral = house.sent()
    note = actions.write_note(referral.pk, words=NOTE, by=house.cast.fanta)
    ibrahim = signed_in(house.cast.ibrahim)
    assert NOTE not in ibrahim.get(f"/referrals/partenaires/{referral.pk}/").content.decode()
    assert who_reads(note, house) == {"fanta"}
    assert ibrahim.post(f"/referrals/{referral.pk}/note/", {"words": NOTE}).status_code == 404


def test_protecting_and_forgetting_destroy_it_and_nothing_is_added_after(house: House, recovery_key: bytes) -> None:
    protected, forgotten = house.sent(), house.sent()
    for referral in (protected, forgotten):
        for who in (house.cast.awa, house.cast.fanta):
            actions.write_note(referral.pk, words=NOTE, by=who)
    protect(protected.case_id, by=house.cast.awa)
    assert set(ReferralNote.objects.values_list("referral", flat=True)) == {forgotten.pk}
    actions.answer(forgotten.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    tell_person(forgotten.case_id, how="call", settled="yes", by=house.cast.awa)
    forget_case(forgotten.case_id, by=SYSTEM)
    assert not ReferralNote.objects.exists()
    for referral in (protected, forgotten):
        with pytest.raises(Refused):
            actions.write_note(referral.pk, words=NOTE, by=house.cast.fanta)


def test_confirming_an_erasure_erases_the_receivers_notes_and_not_the_senders(house: House) -> None:
    case = house.case()
    consent = allow(house, case.pk)
    referral = house.sent(case, house.wish(level=Level.PERSON))
    actions.answer(referral.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    mine, theirs = (actions.write_note(referral.pk, words=NOTE, by=who) for who in (house.cast.awa, house.cast.fanta))
    actions.withdraw_consent(consent.pk, by=house.cast.awa)
    assert set(ReferralNote.objects.all()) == {mine, theirs}
    actions.confirm_erasure(referral.pk, by=house.cast.fanta)
    assert set(ReferralNote.objects.all()) == {mine}
