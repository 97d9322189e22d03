"""What a message from a telephone is: an order, an answer to our question, more of a case, or something new.

Whether a telephone "spoke just now" is decided the same way in every lane, so that what it is sent back tells nothing.
"""

from __future__ import annotations

import re

from core.models import Outbound
from core.receipt_number import digits_of, is_well_formed
from directory.enums import NOT_SAID
from feedback import sealed_door
from feedback.actions.attach import keep_beside
from feedback.actions.person import add_words
from feedback.actions.receive import Spoken, receive, send_receipt
from feedback.actions.short_questions import note_place
from feedback.actions.stop import restart, stop
from feedback.danger import suggests_danger
from feedback.enums import ShortQuestion
from feedback.heard import Heard
from feedback.keywords import keyword
from feedback.languages import heard_in
from feedback.models import Case
from feedback.orders import INTAKE, obey
from feedback.outgoing import beware_of_machines, fixed_sms
from feedback.questions import answers_us
from feedback.screening import suggests_sea
from feedback.telephone import Telephone
from feedback.ways import urgent_numbers_in_sms
from feedback.whereabouts import own_case_of

__all__ = ["Heard", "take"]

Kind = Outbound.Kind
SHORT_ANSWERS = ("yes", "no", "partly")
# Twelve digits, grouped as people copy them: the check digit says whether it is a receipt number.
QUOTED = re.compile(r"(?<!\d)\d(?:[ .\-]?\d){11}(?!\d)")
# What we write in place of a voice or a file is in French whatever they speak.
OUR_NOTES = re.compile(r"^\[.*\]$", re.MULTILINE)


def take(heard: Heard) -> None:
    """Does what the message asks, or takes in what it says."""
    if heard.phone:
        beware_of_machines(heard.phone, heard.body, at=heard.received_at)
    telephone = Telephone(heard)
    if heard.phone and heard.order:
        _heed(heard)
        return
    if not heard.phone or heard.recording:
        _listen(heard, telephone)
        return
    command = keyword(heard.body)
    if command is not None and command.name not in SHORT_ANSWERS:
        obey(command, heard)
    elif not answers_us(heard, command, telephone):
        _listen(heard, telephone)


def _heed(heard: Heard) -> None:
    """The carrier obeyed an order already, and told the person: we follow, and say nothing."""
    if heard.order == "stop":
        stop(heard.phone, was_told=True)
    elif heard.order == "start":
        restart(heard.phone, was_told=True)


def _listen(heard: Heard, telephone: Telephone) -> None:
    # Before anything is sent back, and in every lane: else the language of the receipt would tell which.
    spoke_just_now = telephone.note_speaking(heard_in(OUR_NOTES.sub("", heard.body)))
    quoted = _quoted_number(heard.body)
    # Both sides are asked, whatever the first says, so that the work does not tell the lane.
    case = own_case_of(quoted) if quoted else None
    in_vault = bool(quoted) and sealed_door.stage_of(quoted) is not None
    is_delicate = in_vault or telephone.is_sealed
    if suggests_sea(heard.body) or is_delicate:
        joined = _joined_sealed(heard, quoted if in_vault else "", known=case is not None, just_now=spoke_just_now)
    else:
        joined = _joined_case(heard, case, telephone, just_now=spoke_just_now)
    if not joined:
        _begin(heard, telephone, is_delicate=is_delicate)
        return
    if suggests_danger(heard.body) and urgent_numbers_in_sms():
        fixed_sms(heard.phone, "urgent", kind=Kind.RECEIPT, urgent=urgent_numbers_in_sms())
    elif (case is not None or in_vault) and not spoke_just_now:
        fixed_sms(heard.phone, "added", kind=Kind.MENU, number=quoted)


def _joined_sealed(heard: Heard, quoted: str, *, known: bool, just_now: bool) -> bool:
    if sealed_door.stage_of(heard.receipt_number) is not None:
        return False  # this very message made a sealed case, before a crash: it is made again, harmlessly
    by_phone = heard.phone if just_now or known else None
    if not quoted and by_phone is None:
        return False
    return sealed_door.add(
        heard.source_key,
        words=heard.body,
        channel=heard.channel,
        said_at=heard.said_at,
        by=INTAKE,
        phone=by_phone,
        receipt_number=quoted or None,
        recording=heard.recording,
    )


def _joined_case(heard: Heard, case: Case | None, telephone: Telephone, *, just_now: bool) -> bool:
    question = telephone.short_question
    target = case or (question.case if question else None) or (_latest_case(heard) if just_now else None)
    if target is None:
        return False
    add_words(
        target.pk,
        source_key=heard.source_key,
        words=heard.body,
        channel=heard.channel,
        recording=heard.recording,
        by=INTAKE,
        at=heard.said_at,
    )
    if question is not None and question.case_id == target.pk and question.asks == ShortQuestion.PLACE:
        _note_place(question.case, heard)
    return True


def _note_place(case: Case, heard: Heard) -> None:
    if note_place(case.pk, heard.body, at=heard.said_at):
        fixed_sms(heard.phone, "answer_noted", kind=Kind.MENU, number=case.unsealed("receipt_number"))


def _latest_case(heard: Heard) -> Case | None:
    """The latest as of when this was sent."""
    latest = list(Case.objects.of_phone(heard.phone_hash)[:10])
    return min(latest, key=lambda case: abs(case.last_spoke_at - heard.said_at), default=None)


def _begin(heard: Heard, telephone: Telephone, *, is_delicate: bool) -> None:
    known = telephone.known
    spoken = Spoken(
        source_key=heard.source_key,
        receipt_number=heard.receipt_number,
        words=heard.body,
        channel=heard.channel,
        received_at=heard.received_at,
        said_at=heard.said_at,
        phone=heard.phone,
        language=known.language if known.language_from else NOT_SAID,
        contact="" if heard.phone else heard.sender,
        is_delicate=is_delicate,
        known=known,
    )
    case = receive(spoken, by=INTAKE)
    if heard.recording:
        keep_beside(spoken, case, marks=heard.body, recording=heard.recording, picture="", by=INTAKE)
    send_receipt(spoken)


def _quoted_number(body: str) -> str:
    """The first receipt number in a text, digits only; "" if there is none."""
    found = (digits_of(match.group()) for match in QUOTED.finditer(body))
    return next((number for number in found if is_well_formed(number)), "")
