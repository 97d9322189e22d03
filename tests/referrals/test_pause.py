"""The time to answer stands still while nobody can go there, and only then; it says why, and not for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.periods import Period, Quarter
from core.transitions import Refused
from directory.actions.calendar import correct_day
from referrals import actions
from referrals.actions.pausing import PAUSE_LASTS, end_long_pauses
from referrals.agency_statistics import agency_figures
from referrals.late import flag_late
from referrals.models import LateNotice, Referral, ReferralPause
from referrals.timeline import timeline_of
from tests.referrals.conftest import House
from workplan.deadlines import due_at


@pytest.fixture
def accepted(house: House) -> Referral:
    referral = house.sent()
    return actions.accept(referral.pk, by=house.cast.fanta)


def again(referral: Referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


def test_the_deadline_is_later_by_as_long_as_it_stood_still(house: House, accepted: Referral) -> None:
    began = timezone.now()
    actions.pause(accepted.pk, reason="access", by=house.cast.fanta, at=began)
    assert (again(accepted).due_at, again(accepted).is_late) == (None, False)
    assert flag_late(began + timedelta(days=29)) == 0
    actions.resume(accepted.pk, by=house.cast.fanta, at=began + timedelta(days=10))
    assert again(accepted).due_at == (accepted.answer_by or began) + timedelta(days=10)
    titles = [(event["title"], event["text"]) for event in timeline_of(again(accepted))]
    assert ("En pause", "accès impossible") in titles
    assert ("Fin de la pause", "") in titles


def test_an_answer_during_a_pause_is_measured_without_it(house: House, accepted: Referral) -> None:
    answer_by = accepted.answer_by or timezone.now()
    actions.pause(accepted.pk, reason="security", by=house.cast.fanta, at=answer_by - timedelta(days=1))
    later = answer_by + timedelta(days=5)
    actions.answer(accepted.pk, kind="response", words="Réparé.", by=house.cast.fanta, at=later)
    row = again(accepted)
    assert (row.paused_at, row.answer_by) == (None, later + timedelta(days=1))
    assert ReferralPause.objects.get().ended_at == later


@pytest.mark.parametrize("ending", ["refuse", "recall"])
def test_what_ends_the_wait_ends_the_pause(house: House, accepted: Referral, ending: str) -> None:
    actions.pause(accepted.pk, reason="access", by=house.cast.fanta)
    if ending == "refuse":
        actions.refuse(accepted.pk, code="HORS_ZONE", by=house.cast.fanta)
    else:
        actions.recall(accepted.pk, reason="sent_in_error", by=house.cast.awa)
    assert again(accepted).paused_at is None
    assert not ReferralPause.objects.filter(ended_at=None).exists()


def test_only_the_receiver_of_an_accepted_referral_pauses_it_once_and_says_why(house: House) -> None:
    referral = house.sent()
    with pytest.raises(Refused, match="accepté"):
        actions.pause(referral.pk, reason="access", by=house.cast.fanta)
    actions.accept(referral.pk, by=house.cast.fanta)
    for reason, person in (("", "fanta"), ("access", "awa"), ("access", "ibrahim"), ("access", "oumar")):
        with pytest.raises(Refused):
            actions.pause(referral.pk, reason=reason, by=getattr(house.cast, person))
    with pytest.raises(Refused):
        actions.resume(referral.pk, by=house.cast.fanta)
    actions.pause(referral.pk, reason="access", by=house.cast.fanta)
    with pytest.raises(Refused):
        actions.pause(referral.pk, reason="access", by=house.cast.fanta)


def test_a_pause_is_not_for_ever(house: House, accepted: Referral) -> None:
    began = timezone.now()
    actions.pause(accepted.pk, reason="access", by=house.cast.fanta, at=began)
    assert end_long_pauses(began + PAUSE_LASTS) == 0
    assert end_long_pauses(began + PAUSE_LASTS + timedelta(hours=1)) == 1
    assert end_long_pauses(began + PAUSE_LASTS + timedelta(hours=1)) == 0
    assert again(accepted).due_at == (accepted.answer_by or began) + PAUSE_LASTS
    assert flag_late(began + timedelta(days=90)) > 0
    assert LateNotice.objects.exists()


def test_what_is_paused_is_not_counted_late(house: House, accepted: Referral) -> None:
    now = timezone.now()
    Referral.objects.filter(pk=accepted.pk).update(answer_by=now - timedelta(days=1), paused_at=now - timedelta(days=2))
    nrc = house.cast.organisations["nrc"].pk
    span = Period(now - timedelta(days=5), now + timedelta(days=5))
    assert agency_figures(nrc, span, now).late_now == 0
    Referral.objects.filter(pk=accepted.pk).update(paused_at=None)
    assert agency_figures(nrc, span, now).late_now == 1


def test_its_page_offers_it_and_both_sides_read_it(house: House, accepted: Referral, signed_in: Any) -> None:
    fanta = signed_in(house.cast.fanta)
    path = f"/referrals/{accepted.pk}/"
    assert "Mettre en pause" in fanta.get(path).content.decode()
    fanta.post(f"{path}pause/", {"reason": "security", "seen": "accepted"})
    for person in (house.cast.fanta, house.cast.awa):
        page = signed_in(person).get(path).content.decode()
        assert "en pause" in page
        assert "insécurité" in page
    fanta.post(f"{path}resume/", {"seen": "accepted"})
    assert again(accepted).paused_at is None


def test_a_corrected_day_counts_for_clocks_that_start_after_it_and_for_what_the_plan_is_owed(
    house: House, accepted: Referral
) -> None:
    """As the page that corrects says."""
    quarter = Quarter.of(timezone.now())
    before, owed = accepted.answer_by or timezone.now(), due_at(quarter)
    for start in (timezone.localdate(), quarter.period.end.date()):
        for ahead in range(1, 5):
            correct_day(start + timedelta(days=ahead), is_worked=False, reason="Grève", by=house.cast.djeneba)
    assert again(accepted).answer_by == before
    assert (house.sent().answer_by or before) > before + timedelta(days=1)
    assert due_at(quarter) > owed
