from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from django_fsm import TransitionNotAllowed

from core.models import AuditEntry
from core.periods import Quarter
from core.transitions import Conflict, Refused, move
from directory.roles import Role
from tests.workplan.conftest import Tracker, person
from workplan.actions import readings
from workplan.enums import ReadingState
from workplan.models import Reading
from workplan.values import Value

FIRST = Quarter(2021, 1)


def test_the_edges_are_exactly_those_of_the_design() -> None:
    edges = {
        (source, transition.name, transition.target)
        for transition in Reading().get_all_state_transitions()  # type: ignore[attr-defined]  # added by FSMField
        for source in [transition.source]
    }
    assert edges == {
        ("draft", "submit", "submitted"),
        ("returned", "submit", "submitted"),
        ("submitted", "verify", "verified"),
        ("submitted", "send_back", "returned"),
    }


def test_a_value_is_drafted_submitted_and_verified_and_each_act_is_audited(tracker: Tracker) -> None:
    reading = tracker.verified("1.1.1.b", Value(number=4))
    assert (reading.state, reading.number) == (ReadingState.VERIFIED, 4)
    assert (reading.submitted_by, reading.verified_by) == (tracker.cast.lassana, tracker.sira)
    acts = (
        AuditEntry.objects.filter(target_id=str(reading.pk), act__startswith="workplan.reading")
        .order_by("recorded_at")
        .values_list("act", flat=True)
    )
    assert list(acts) == ["workplan.reading.save", "workplan.reading.submit", "workplan.reading.verify"]


def test_blank_is_not_zero(tracker: Tracker) -> None:
    blank = tracker.report("1.1.1.b", Value())
    with pytest.raises(Refused, match="un blanc n’est pas un zéro"):
        readings.submit(blank.pk, by=tracker.cast.lassana)
    assert tracker.submitted("1.1.1.c", Value(number=0)).value.text == "0"


def test_a_percentage_is_not_submitted_without_its_fraction(tracker: Tracker) -> None:
    reading = tracker.report("1.1.5.a", Value(numerator=3))
    with pytest.raises(Refused, match="toujours sa fraction"):
        readings.submit(reading.pk, by=tracker.cast.lassana)


def test_the_share_of_a_count_has_that_count_under_it(tracker: Tracker) -> None:
    reading = tracker.submitted("1.1.1.a", Value(number=8, numerator=2))
    assert reading.value == Value(number=8, numerator=2, denominator=8)


def test_a_share_larger_than_its_whole_is_refused(tracker: Tracker) -> None:
    with pytest.raises(Refused, match="dépasser le total"):
        tracker.report("1.1.1.a", Value(number=2, numerator=3))
    reading = tracker.report("1.1.1.a", Value(number=2, numerator=2))
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.filter(pk=reading.pk).update(numerator=3)


def test_nobody_verifies_their_own(tracker: Tracker) -> None:
    # Lassana's organisation is the secretariat, so he is a verifier of this indicator, but not of this value.
    reading = tracker.submitted("1.1.1.b", Value(number=4))
    with pytest.raises(Refused, match="soi-même"):
        readings.verify(reading.pk, by=tracker.cast.lassana)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.filter(pk=reading.pk).update(verified_by=tracker.cast.lassana)


def test_who_drafted_does_not_verify_what_a_colleague_submitted(tracker: Tracker) -> None:
    colleague = person("binta", tracker.cast.organisations["ocha"], Role.WORKPLAN_LEAD)
    draft = readings.save(tracker.indicator("1.1.1.b").pk, FIRST, Value(number=1), by=colleague)
    readings.submit(draft.pk, by=tracker.cast.lassana)
    with pytest.raises(Refused, match="soi-même"):
        readings.verify(draft.pk, by=colleague)


@pytest.mark.parametrize("name", ["djeneba", "coumba", "robert", "adama", "oumar"])
def test_only_the_named_verifier_verifies(tracker: Tracker, name: str) -> None:
    reading = tracker.submitted("1.1.4.a", Value(number=4))
    someone = getattr(tracker.cast, name)
    if name == "djeneba":  # OCHA's working group is of the secretariat: the one of these who may.
        assert readings.verify(reading.pk, by=someone).state == ReadingState.VERIFIED
        return
    with pytest.raises(Refused, match="vérifié par"):
        readings.verify(reading.pk, by=someone)


def test_axis_three_is_verified_by_the_working_group(tracker: Tracker) -> None:
    reading = tracker.submitted("3.1.1.b", Value(number=4))
    with pytest.raises(Refused, match="Groupe de travail"):
        readings.verify(reading.pk, by=tracker.sira)
    assert readings.verify(reading.pk, by=tracker.cast.djeneba).state == ReadingState.VERIFIED


def test_a_returned_value_says_why_and_can_be_submitted_again(tracker: Tracker) -> None:
    reading = tracker.submitted("1.1.1.b", Value(number=4))
    with pytest.raises(Refused, match="Dites pourquoi"):
        readings.send_back(reading.pk, reason=" ", by=tracker.sira)
    returned = readings.send_back(reading.pk, reason="Le compte rendu en dit cinq.", by=tracker.sira)
    assert (returned.state, returned.return_reason) == (ReadingState.RETURNED, "Le compte rendu en dit cinq.")
    again = tracker.report("1.1.1.b", Value(number=5))
    assert again.pk == reading.pk
    assert readings.submit(again.pk, by=tracker.cast.lassana).state == ReadingState.SUBMITTED


def test_what_is_submitted_is_no_longer_edited(tracker: Tracker) -> None:
    tracker.submitted("1.1.1.b", Value(number=4))
    with pytest.raises(Refused, match="déjà soumise"):
        tracker.report("1.1.1.b", Value(number=9))


def test_verified_is_frozen_in_the_code_and_in_the_database(tracker: Tracker) -> None:
    reading = tracker.verified("1.1.1.b", Value(number=4))
    with pytest.raises(Refused):
        tracker.report("1.1.1.b", Value(number=9))
    with pytest.raises(Refused):
        move(Reading, reading.pk, "send_back", by=tracker.sira, reason="trop tard")
    with pytest.raises(TransitionNotAllowed):
        reading.verify(by=tracker.sira, at=reading.verified_at)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Reading.objects.filter(pk=reading.pk).update(number=9)
    assert Reading.objects.get(pk=reading.pk).number == 4


def test_a_correction_is_a_new_version_that_says_why(tracker: Tracker) -> None:
    first = tracker.verified("1.1.1.b", Value(number=4))
    with pytest.raises(Refused, match="dit pourquoi"):
        readings.correct(first.pk, reason="", by=tracker.cast.lassana)
    second = readings.correct(first.pk, reason="Une réunion oubliée", by=tracker.cast.lassana)
    assert (second.version, second.state, second.number) == (2, ReadingState.DRAFT, 4)
    with pytest.raises(Refused, match="déjà ouverte"):
        readings.correct(first.pk, reason="encore", by=tracker.cast.lassana)
    tracker.submitted("1.1.1.b", Value(number=5))
    readings.verify(second.pk, by=tracker.sira)
    stored = Reading.objects.filter(indicator__number="1.1.1.b").order_by("version")
    assert [(each.version, each.number, each.correction_reason) for each in stored] == [
        (1, 4, ""),
        (2, 5, "Une réunion oubliée"),
    ]


def test_a_lead_reports_their_own_activities_only(tracker: Tracker) -> None:
    with pytest.raises(Refused, match="responsable de l’activité"):
        readings.save(tracker.indicator("1.1.4.a").pk, FIRST, Value(number=1), by=tracker.penda)
    assert readings.save(tracker.indicator("1.1.3.a").pk, FIRST, Value(None, 1, 2), by=tracker.penda).pk


@pytest.mark.parametrize("name", ["adama", "robert", "djeneba", "oumar"])
def test_who_leads_nothing_reports_nothing(tracker: Tracker, name: str) -> None:
    with pytest.raises(Refused):
        readings.save(tracker.indicator("1.1.1.b").pk, FIRST, Value(number=1), by=getattr(tracker.cast, name))


def test_what_the_platform_computes_is_reported_by_nobody(tracker: Tracker) -> None:
    with pytest.raises(Refused):
        tracker.report("3.2.1.e", Value(number=1))


def test_two_people_on_one_line_the_second_is_told(tracker: Tracker) -> None:
    seen = tracker.report("1.1.1.b", Value(number=1)).updated_at
    readings.save(tracker.indicator("1.1.1.b").pk, FIRST, Value(number=2), by=tracker.penda)
    with pytest.raises(Conflict):
        tracker.report("1.1.1.b", Value(number=3), seen=seen)
    assert Reading.objects.get().number == 2


def test_drafts_are_for_their_reporters_submitted_for_the_verifiers_verified_for_all(tracker: Tracker) -> None:
    tracker.report("1.1.1.b", Value(number=1))
    tracker.submitted("1.1.1.c", Value(number=2))
    tracker.verified("1.1.1.a", Value(number=3, numerator=0))

    def seen(user: object) -> set[str]:
        return set(Reading.objects.visible_to(user).values_list("indicator__number", flat=True))  # type: ignore[arg-type]

    everyone = {"1.1.1.a"}
    assert seen(tracker.cast.lassana) == {"1.1.1.a", "1.1.1.b", "1.1.1.c"}
    assert seen(tracker.penda) == {"1.1.1.a", "1.1.1.b", "1.1.1.c"}
    assert seen(tracker.sira) == {"1.1.1.a", "1.1.1.c"}
    assert {frozenset(seen(getattr(tracker.cast, n))) for n in ("robert", "adama", "oumar", "awa")} == {
        frozenset(everyone)
    }


def test_the_queue_holds_what_is_mine_to_verify_and_not_my_own(tracker: Tracker) -> None:
    tracker.submitted("1.1.1.b", Value(number=1))
    tracker.submitted("3.1.1.b", Value(number=1))

    def waiting(user: object) -> list[str]:
        return list(Reading.objects.to_verify(user).values_list("indicator__number", flat=True))  # type: ignore[arg-type]

    assert waiting(tracker.sira) == ["1.1.1.b"]
    assert sorted(waiting(tracker.cast.djeneba)) == ["1.1.1.b", "3.1.1.b"]
    assert waiting(tracker.cast.lassana) == []
