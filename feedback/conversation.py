"""What a message from a telephone is: an order, an answer to our question, more of a case, or something new.

Whether a telephone "spoke just now" is decided the same way in every lane, so that what it is sent back tells nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q

from core.actors import robot
from core.models import Outbound
from core.receipt_number import digits_of, is_well_formed
from feedback import sealed_door
from feedback.actions.person import add_words, say_settled
from feedback.actions.receive import Spoken, receive, send_receipt
from feedback.actions.stop import restart, stop
from feedback.enums import CaseState, Channel, Settled
from feedback.keywords import Command, keyword
from feedback.models import Case, PhonePreference
from feedback.outgoing import beware_of_machines, fixed_sms, language_of, remember_line
from feedback.screening import suggests_sea
from feedback.whereabouts import case_of, where_is

Kind = Outbound.Kind
INTAKE = robot("intake")
# Twelve digits, grouped as people copy them: the check digit says whether it is a receipt number.
QUOTED = re.compile(r"(?<!\d)\d(?:[ .\-]?\d){11}(?!\d)")
SETTLED_WORDS = {"yes": Settled.YES, "no": Settled.NO, "partly": Settled.PARTLY}


@dataclass(frozen=True)
class Heard:
    """One message from a telephone, in memory. `phone` is "" for a short code or a name: those are never answered."""

    source_key: str
    receipt_number: str
    sender: str
    phone: str
    phone_hash: str
    body: str
    channel: str
    received_at: datetime
    said_at: datetime
    line: str = ""
    order: str = ""
    recording: str = ""


def take(heard: Heard) -> None:
    """Does what the message asks, or takes in what it says."""
    if heard.phone:
        beware_of_machines(heard.phone, heard.body, at=heard.received_at)
    if heard.phone and heard.line:
        _note_line(heard)
    if heard.phone and heard.order:
        _heed(heard)
        return
    command = keyword(heard.body) if heard.phone and not heard.recording else None
    if command is None or not _obey(command, heard):
        _listen(heard)


def _note_line(heard: Heard) -> None:
    """What we send goes out by the line they wrote to; one that cannot write is not remembered for that."""
    if heard.channel != Channel.VOICE:
        remember_line(heard.phone, heard.line)


def _heed(heard: Heard) -> None:
    """The carrier obeyed an order already, and told the person: we follow, and say nothing."""
    if heard.order == "stop":
        stop(heard.phone, was_told=True)
    elif heard.order == "start":
        restart(heard.phone, was_told=True)


def _obey(command: Command, heard: Heard) -> bool:
    """Whether the order meant something here; "oui" to no question of ours is someone speaking."""
    if command.name in SETTLED_WORDS:
        return _say_settled(SETTLED_WORDS[command.name], heard)
    if command.name == "stop":
        stop(heard.phone)
    elif command.name == "start":
        restart(heard.phone)
    elif command.name == "status" and command.number:
        _tell_where(command.number, heard)
    else:
        fixed_sms(heard.phone, "help", kind=Kind.MENU)
    return True


def _tell_where(number: str, heard: Heard) -> None:
    if not is_well_formed(number):
        fixed_sms(heard.phone, "number_mistyped", kind=Kind.MENU)
        return
    stage = where_is(number).stage
    name = f"status_{stage.value}" if stage is not None else "status_unknown"
    fixed_sms(heard.phone, name, kind=Kind.MENU, number=number)


def _say_settled(settled: Settled, heard: Heard) -> bool:
    asked = Case.objects.of_phone(heard.phone_hash).filter(
        Q(settled_at__isnull=True) | Q(settled_at__lt=F("settled_asked_at")),
        state__in=[CaseState.ANSWERED, CaseState.CLOSED],
        settled_asked_at__isnull=False,
    )
    case = asked.order_by("-settled_asked_at").first()
    if case is None or sealed_door.sealed_phone(heard.phone):
        return False
    say_settled(case.pk, settled=settled, at=heard.said_at)
    name = "reopened" if settled is Settled.NO else "settled_thanks"
    fixed_sms(heard.phone, name, kind=Kind.MENU, number=case.unsealed("receipt_number"))
    return True


def _listen(heard: Heard) -> None:
    spoke_just_now = _note_speaking(heard)
    quoted = _quoted_number(heard.body)
    # Both sides are asked, whatever the first says, so that the work does not tell the lane.
    case = case_of(quoted)
    in_vault = sealed_door.stage_of(quoted) is not None
    phone_is_sealed = bool(heard.phone) and sealed_door.sealed_phone(heard.phone)
    if suggests_sea(heard.body) or in_vault or phone_is_sealed:
        joined = _joined_sealed(heard, quoted if in_vault else "", known=case is not None, just_now=spoke_just_now)
    else:
        joined = _joined_case(heard, case, just_now=spoke_just_now)
    if not joined:
        _begin(heard, is_delicate=in_vault or phone_is_sealed)
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


def _joined_case(heard: Heard, case: Case | None, *, just_now: bool) -> bool:
    target = case or _case_we_asked(heard) or (_latest_case(heard) if just_now else None)
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
    return True


def _case_we_asked(heard: Heard) -> Case | None:
    return Case.objects.of_phone(heard.phone_hash).live().filter(messages__awaits_reply=True).first()


def _latest_case(heard: Heard) -> Case | None:
    return Case.objects.of_phone(heard.phone_hash).first()


def _begin(heard: Heard, *, is_delicate: bool) -> None:
    spoken = Spoken(
        source_key=heard.source_key,
        receipt_number=heard.receipt_number,
        words=heard.body,
        channel=heard.channel,
        received_at=heard.received_at,
        said_at=heard.said_at,
        phone=heard.phone,
        contact="" if heard.phone else heard.sender,
        is_delicate=is_delicate,
    )
    case = receive(spoken, by=INTAKE)
    if heard.recording:
        _keep_recording(heard, case)
    send_receipt(spoken)


def _keep_recording(heard: Heard, case: Case | None) -> None:
    """Beside the first words, in their lane: nobody has heard it yet, and no list of words could."""
    key = f"{heard.source_key}:recording"
    if case is not None:
        add_words(
            case.pk,
            source_key=key,
            words=heard.body,
            channel=heard.channel,
            recording=heard.recording,
            by=INTAKE,
            at=heard.said_at,
        )
        return
    sealed_door.add(
        key,
        words=heard.body,
        channel=heard.channel,
        said_at=heard.said_at,
        by=INTAKE,
        receipt_number=heard.receipt_number,
        recording=heard.recording,
    )


def _note_speaking(heard: Heard) -> bool:
    """Notes that this telephone spoke, and whether it had done so within the joining time."""
    if not heard.phone:
        return False
    preference, _created = PhonePreference.objects.select_for_update().get_or_create(
        phone_hash=heard.phone_hash, defaults={"language": language_of(heard.phone)}
    )
    before = preference.last_spoke_at
    preference.last_spoke_at = max(before or heard.said_at, heard.said_at)
    preference.save(update_fields=["last_spoke_at"])
    window = timedelta(minutes=settings.CONVERSATION_JOIN_MINUTES)
    return before is not None and abs(heard.said_at - before) <= window


def _quoted_number(body: str) -> str:
    """The first receipt number in a text, digits only; "" if there is none."""
    found = (digits_of(match.group()) for match in QUOTED.finditer(body))
    return next((number for number in found if is_well_formed(number)), "")
