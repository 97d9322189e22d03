"""Long SMS handed over in parts are one message before anything reads them, whatever the order they come in."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from core.models import Outbound
from core.sms_parts import Part, part, part_of_header
from feedback import intake
from feedback.enums import EnvelopeState
from feedback.envelopes import ATTEMPTS, take_up_flagged
from feedback.models import Case, CaseMessage, Envelope
from feedback.tasks import sweep_envelopes
from psea.models import SealedCase
from tests.cast import Cast
from tests.feedback.carrying import carriers, door, made, process, say
from tests.standin.carriers import Carriers
from tests.standin.door import Door

__all__ = ["carriers", "door", "process"]

TEXTS = ("Le forage du quartier est en pa", "nne depuis dix jours et le com", "ité ne répond plus")
# Split where no part says it alone
SEA = ("L'agent m'a demandé de cou", "cher avec lui pour être sur la liste")
FIELDS = {"in_udh": "udh", "in_part_reference": "ref", "in_part_number": "part", "in_part_total": "parts"}


@pytest.fixture(autouse=True)
def _ready(recovery_key: bytes, outgoing: list[Any]) -> None:
    """Somebody reads, and nothing leaves this machine."""


def hand_over(
    kind: str, carriers: Carriers, door: Door, texts: tuple[str, ...], order: Any = None, **more: str
) -> None:
    """The parts, each with its header, in this order (of numbers from 1)."""
    for number in order or range(1, len(texts) + 1):
        header = f"05 00 03 a7 {len(texts):02x} {number:02x}".replace(" ", "")
        answer = say(kind, carriers, door, texts[number - 1], udh=header, **more)
        assert answer.status_code == 200


def sealed() -> int:
    return SealedCase.objects.using("vault").count()


@pytest.mark.parametrize("kind", ["kannel", "generic"])
@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_parts_in_any_order_are_one_message_with_one_receipt(
    kind: str, order: tuple[int, ...], carriers: Carriers, door: Door
) -> None:
    made(kind, carriers, said=FIELDS if kind == "generic" else {})
    hand_over(kind, carriers, door, TEXTS, order[:2])
    assert (Case.objects.count(), carriers.sent()) == (0, []), "nothing is made of a part"
    hand_over(kind, carriers, door, TEXTS, order[2:])
    assert Case.objects.get().unsealed("words") == "".join(TEXTS)
    assert (CaseMessage.objects.count(), len(carriers.sent())) == (0, 1)
    assert {(row.state, row.joint, row.body) for row in Envelope.objects.all()} == {("handled", "", None)}


def test_words_split_between_parts_are_found_and_no_part_enters_the_ordinary_lane(
    carriers: Carriers, door: Door
) -> None:
    made("kannel", carriers)
    hand_over("kannel", carriers, door, SEA, (2, 1))
    assert (Case.objects.count(), CaseMessage.objects.count(), sealed()) == (0, 0, 1)


def test_three_fields_say_the_same_as_a_header(carriers: Carriers, door: Door) -> None:
    made("generic", carriers, said=FIELDS)
    for number, text in enumerate(SEA, start=1):
        say("generic", carriers, door, text, ref="r-77", part=str(number), parts="2")
    assert (Case.objects.count(), sealed()) == (0, 1)


def test_what_is_missing_is_waited_for_then_said(carriers: Carriers, door: Door, settings: Settings) -> None:
    made("kannel", carriers)
    hand_over("kannel", carriers, door, TEXTS, (3, 1))
    start = timezone.now()
    with time_machine.travel(start + timedelta(seconds=settings.PARTS_WAIT_SECONDS - 10)):
        sweep_envelopes()
    assert Case.objects.count() == 0
    with time_machine.travel(start + timedelta(seconds=settings.PARTS_WAIT_SECONDS + 1)):
        sweep_envelopes()
    words = Case.objects.get().unsealed("words")
    assert words == f"{TEXTS[0]}[…]{TEXTS[2]}\n[Message incomplet : 2 parties sur 3]"
    assert len(carriers.sent()) == 1


def test_a_part_that_comes_too_late_joins_the_conversation(carriers: Carriers, door: Door, settings: Settings) -> None:
    made("kannel", carriers)
    hand_over("kannel", carriers, door, TEXTS, (1, 3), at="")
    start = timezone.now()
    for minutes in (3, 10, 13):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            if minutes == 10:
                hand_over("kannel", carriers, door, TEXTS, (2,), at="")
            sweep_envelopes()
    assert Case.objects.count() == 1
    assert TEXTS[1] in CaseMessage.objects.get().unsealed("body")


def test_a_repeated_part_is_one_part(carriers: Carriers, door: Door) -> None:
    made("kannel", carriers)
    for about in ({"id": "", "at": ""}, {"id": "m-1"}):
        hand_over("kannel", carriers, door, SEA, (1, 1), **about)
    hand_over("kannel", carriers, door, SEA, (2,))
    assert (Case.objects.count(), sealed()) == (0, 1)
    assert not Envelope.objects.exclude(state=EnvelopeState.HANDLED).exists()


def test_two_parts_with_the_same_words_are_two_parts(carriers: Carriers, door: Door) -> None:
    made("kannel", carriers)
    hand_over("kannel", carriers, door, ("ha" * 30, "ha" * 30), id="", at="")
    assert Case.objects.get().unsealed("words") == "ha" * 60


def test_parts_of_two_people_or_two_lines_are_never_joined(carriers: Carriers, door: Door) -> None:
    made("kannel", carriers)
    made("generic", carriers, said=FIELDS)
    hand_over("kannel", carriers, door, SEA, (1,))
    hand_over("kannel", carriers, door, SEA, (2,), sender="+22300000013")
    hand_over("generic", carriers, door, SEA, (2,))
    assert (Case.objects.count(), sealed(), Envelope.objects.filter(state=EnvelopeState.STORED).count()) == (0, 0, 3)


def test_a_message_whose_parts_could_not_be_processed_is_flagged_and_taken_up_whole(
    carriers: Carriers, door: Door, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made("kannel", carriers)
    with monkeypatch.context() as broken:
        broken.setattr(intake, "take", lambda heard: 1 / 0)
        hand_over("kannel", carriers, door, SEA)
        for _ in range(ATTEMPTS):
            intake.handle(Envelope.objects.order_by("pk")[0].pk)
    assert set(Envelope.objects.values_list("state", flat=True)) == {EnvelopeState.FLAGGED}
    take_up_flagged(by=cast.awa)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        sweep_envelopes()
    assert (Case.objects.count(), sealed(), Outbound.objects.filter(way="sms").count()) == (0, 1, 1)


def test_where_a_line_cannot_join_the_conversation_does(carriers: Carriers, door: Door) -> None:
    """A telephone that splits without a header, or a carrier that drops it: one case, one receipt."""
    made("rapidpro", carriers)
    for text in TEXTS:
        say("rapidpro", carriers, door, text)
    assert (Case.objects.count(), CaseMessage.objects.count(), len(carriers.sent())) == (1, 2, 1)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("050003A70301", Part("a7", 1, 3)),
        ("%05%00%03A%03%02", Part("41", 2, 3)),
        ("0608041234 0302".replace(" ", ""), Part("1234", 2, 3)),
        ("0B05041F40000000030A0201", Part("0a", 1, 2)),
        ("050003A70101", None),
        ("050003A70304", None),
        ("050003A70300", None),
        ("0500", None),
        ("", None),
    ],
)
def test_the_header_is_read_as_the_norm_writes_it(header: str, found: Part | None) -> None:
    assert part_of_header(header) == found


@given(st.text(max_size=60))
def test_no_header_breaks_the_reader(text: str) -> None:
    found = part_of_header(text)
    assert found is None or 1 <= found.number <= found.total
    assert part(text, text, text) is None or text.isdecimal()
