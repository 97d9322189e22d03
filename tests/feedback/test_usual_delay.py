"""The usual delay is measured, honestly or not at all, and said the same in every lane."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core.actors import robot
from feedback import actions
from feedback.actions.receive import open_case
from feedback.models import Case, UsualDelay
from feedback.tasks import measure_usual_delay
from feedback.usual_delay import Delay, bucket_of, in_a_sentence, reached_by, usual_delay
from tests.cast import Cast
from tests.feedback.conftest import Telephone
from tests.feedback.making import sorted_case, spoken

SEA = "un agent demande du sexe contre de l'aide"
DAY = 86_400


@pytest.fixture(autouse=True)
def _few_are_enough(settings: Any) -> None:
    settings.USUAL_DELAY_CASES = 4


@pytest.fixture
def answered_after(cast: Cast) -> Callable[..., Case]:
    """A case said so many days ago, answered so many days later; None: not yet."""

    def make(days: float | None, *, ago: float = 40, code: str = "INSAT_MIN", **changes: Any) -> Case:
        said = timezone.now() - timedelta(days=ago)
        by = cast.salif if code == "FRAUDE" else cast.awa
        case = sorted_case(cast.awa, code, received_at=said, phone="", **changes)
        if days is not None:
            actions.answer(case.pk, words="Fait.", by=by, at=said + timedelta(days=days))
        return case

    return make


def test_from_said_to_first_answer_the_median_in_words(answered_after: Callable[..., Case]) -> None:
    for days in (5, 6, 7, 20):
        answered_after(days)
    measure_usual_delay()
    kept = UsualDelay.objects.get()
    assert (kept.cases, kept.median_seconds, kept.ninth_seconds) == (4, 6 * DAY, 20 * DAY)
    assert usual_delay() == Delay.WEEK
    assert in_a_sentence() == "La réponse prend d’habitude environ une semaine ; parfois plus."


def test_what_still_waits_is_not_left_out(answered_after: Callable[..., Case]) -> None:
    """Two answered in a day and three left waiting for forty do not make "a day"."""
    for days in (1, 1, None, None, None):
        answered_after(days)
    measure_usual_delay()
    assert usual_delay() is None
    assert in_a_sentence() == ""


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_the_estimate_by_hand(share: float) -> None:
    """Answered after 1 and 3 days; one has waited 2, one 4: half had an answer by the third day, nine in ten never."""
    waits = [(1, True), (2, False), (3, True), (4, False)]
    assert reached_by(waits, share) == {0.5: 3, 0.9: None}[share]
    assert reached_by([(n, True) for n in range(1, 11)], share) == {0.5: 5, 0.9: 9}[share]
    assert reached_by([], share) is None


def test_too_few_cases_say_nothing(answered_after: Callable[..., Case]) -> None:
    for _ in range(3):
        answered_after(2)
    measure_usual_delay()
    assert (UsualDelay.objects.get().cases, usual_delay()) == (3, None)


def test_only_what_counts_is_counted(answered_after: Callable[..., Case], cast: Cast) -> None:
    """Restricted matters are in; tests, thank-yous, duplicates, what is older, and an unsuccessful answer are out."""
    for _ in range(3):
        answered_after(6)
    answered_after(6, code="FRAUDE")
    answered_after(1, ago=91)
    closed = open_case(spoken(phone=""), by=robot("test"))
    actions.close_because(closed.pk, because="thanks", by=cast.awa)
    trial = open_case(spoken(phone=""), by=robot("test"))
    actions.close_because(trial.pk, because="test", by=cast.awa)
    measure_usual_delay()
    assert UsualDelay.objects.get().cases == 4
    tried = answered_after(None)
    actions.mark_referred(tried.pk, by=cast.awa)
    actions.record_answer(tried.pk, words="Rien.", kind="unsuccessful", by=cast.ibrahim)
    measure_usual_delay()
    assert (UsualDelay.objects.get().cases, usual_delay()) == (5, Delay.WEEK)


def test_when_it_was_said_counts_not_when_it_was_typed_in(cast: Cast) -> None:
    now = timezone.now()
    for _ in range(4):
        typed_in, said = now - timedelta(days=2), now - timedelta(days=20)
        paper = sorted_case(cast.awa, phone="", channel="paper", received_at=typed_in, said_at=said)
        actions.answer(paper.pk, words="Fait.", by=cast.awa)
    measure_usual_delay()
    assert usual_delay() == Delay.THREE_WEEKS


def test_a_measure_that_nobody_renews_is_no_longer_said(answered_after: Callable[..., Case]) -> None:
    for _ in range(4):
        answered_after(1)
    measure_usual_delay()
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        assert usual_delay() == Delay.DAY
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert usual_delay() is None


@pytest.mark.parametrize(
    ("days", "word"),
    [(0.1, "day"), (3, "days"), (7, "week"), (14, "two_weeks"), (21, "three_weeks"), (30, "month"), (90, "more")],
)
def test_a_delay_has_a_word(days: float, word: str) -> None:
    assert bucket_of(int(days * DAY)) == word


def kept_delay(seconds: int) -> None:
    today = timezone.localdate()
    UsualDelay.objects.create(measured_on=today, cases=50, median_seconds=seconds, ninth_seconds=seconds)


def test_the_receipt_says_it_and_is_the_same_in_every_lane(
    telephone: Telephone, another_telephone: Callable[[str], Telephone]
) -> None:
    kept_delay(7 * DAY)
    other = another_telephone("+22300000033")
    telephone.says("Le forage est en panne")
    other.says(SEA)
    assert Case.objects.count() == 1  # the other one is sealed
    ordinary, sealed = (re.sub(r"\d", "0", phone.heard()[0]) for phone in (telephone, other))
    assert ordinary == sealed
    assert "environ une semaine" in ordinary


def test_while_it_is_not_known_the_receipt_says_nothing_of_it(telephone: Telephone) -> None:
    telephone.says("Le forage est en panne")
    assert telephone.heard()[0].startswith("Message bien arrivé. Votre numéro")


def test_it_is_read_and_not_computed_for_each_message(
    telephone: Telephone, django_assert_max_num_queries: Any, answered_after: Callable[..., Case]
) -> None:
    kept_delay(7 * DAY)
    with django_assert_max_num_queries(1):
        assert usual_delay() == Delay.WEEK


def test_the_public_pages_say_it(recovery_key: bytes) -> None:
    assert "d’habitude" not in Client().get("/parler/").content.decode()
    kept_delay(14 * DAY)
    said = "La réponse prend d’habitude environ deux semaines."
    assert said in Client().get("/parler/").content.decode()
    for words in ("Le forage est en panne", SEA):
        browser = Client()
        page = browser.get("/parler/").content.decode()
        once = re.search(r'name="once" value="([^"]+)"', page)
        assert once is not None
        receipt = browser.post("/parler/", {"words": words, "once": once[1]}, follow=True)
        assert said in receipt.content.decode()
