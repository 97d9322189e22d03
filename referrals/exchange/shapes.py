"""What an envelope must hold to be read. Fields that are not known are passed over: later versions may add some."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rest_framework import serializers

from core.unbroken import unbroken
from directory.api_door import Flag, Id, Number, Text
from directory.enums import NOT_SAID, AgeGroup, Disability, PopulationStatus, RestrictedKind, ServiceType, Sex
from directory.languages import OTHER, Language
from feedback.actions.person_known import LONGEST_NAME
from feedback.enums import AnswerKind, Priority, Settled, ToldHow
from referrals import enums
from referrals.enums import OF_RECEIVER, OF_SENDER, EnvelopeKind, Side
from referrals.exchange.refusals import Fault, Unacceptable

VERSION = "1"
LARGEST = 64_000
Shape = serializers.Serializer[Any]
ISO_639_3 = re.compile(r"[a-z]{3}")
STATUSES = (enums.ConsentStatus.GIVEN, enums.ConsentStatus.NOT_REQUIRED)


class Party(Shape):
    """One side of the referral. `id`, `reference`: how it is named there; "" while nobody has said."""

    organisation = Text(max_length=40)
    id = Text(max_length=64, required=False, allow_blank=True, default="")
    reference = Text(max_length=20, required=False, allow_blank=True, default="")


class EnvelopeShape(Shape):
    """docs/exchange.md, and its JSON Schema beside."""

    version = Text(max_length=10)
    id = Id()
    kind = Text(max_length=12)
    by = serializers.ChoiceField(Side.choices)
    sequence = Number(min_value=1, max_value=2_000_000_000)
    happened_at = serializers.DateTimeField()
    sender = Party()
    receiver = Party()
    content = serializers.DictField()


class LanguageField(serializers.ChoiceField):
    """A language of this country; one of another country, by its ISO 639-3 code, is kept as "other"."""

    def __init__(self) -> None:
        super().__init__(Language.choices, default=NOT_SAID)

    def to_internal_value(self, data: Any) -> Any:
        is_another = isinstance(data, str) and ISO_639_3.fullmatch(data) and data not in Language.values
        return OTHER if is_another else super().to_internal_value(data)


class ProfileShape(Shape):
    sex = serializers.ChoiceField(Sex.choices, default=NOT_SAID)
    age_group = serializers.ChoiceField(AgeGroup.choices, default=NOT_SAID)
    disability = serializers.ChoiceField(Disability.choices, default=NOT_SAID)
    population_status = serializers.ChoiceField(PopulationStatus.choices, default=NOT_SAID)
    language = LanguageField()


class MatterShape(Shape):
    """Level 1. `level` 2: what the person permits follows once it is accepted."""

    level = serializers.ChoiceField(enums.Level.choices, default=enums.Level.MATTER)
    priority = serializers.ChoiceField(Priority.choices, default=Priority.NORMAL)
    category = Text(max_length=40)
    restricted = serializers.ChoiceField(RestrictedKind.choices, default="", allow_blank=True)
    place = Text(max_length=12, default="", allow_blank=True)
    service = serializers.ChoiceField(ServiceType.choices, default="", allow_blank=True)
    summary = Text(max_length=200, min_length=1)
    request = Text(max_length=2000, default="", allow_blank=True)
    profile = ProfileShape(default=dict)


class ReceiptShape(Shape):
    """`received`: somebody said that it arrived; else only the system holds it."""

    received = Flag(default=False)


class DecisionShape(Shape):
    decision = serializers.ChoiceField(["accepted", "started", "refused"])
    reason = serializers.ChoiceField(enums.Refusal.choices, default="", allow_blank=True)
    competent = Text(max_length=160, default="", allow_blank=True)
    note = Text(max_length=1000, default="", allow_blank=True)


class MessageShape(Shape):
    role = serializers.ChoiceField(enums.MessageKind.choices)
    words = Text(max_length=4000)


class PersonShape(Shape):
    sealed = Text(max_length=60_000)


class AnswerShape(Shape):
    kind = serializers.ChoiceField(AnswerKind.choices)
    words = Text(max_length=4000, default="", allow_blank=True)
    reason = serializers.ChoiceField(enums.NonSuccess.choices, default="", allow_blank=True)


class OutcomeShape(Shape):
    """The person was told; or all is over, and how."""

    told_how = serializers.ChoiceField(ToldHow.choices, default="", allow_blank=True)
    satisfaction = serializers.ChoiceField(Settled.choices, default="", allow_blank=True)
    outcome = serializers.ChoiceField(enums.CloseOutcome.choices, default="", allow_blank=True)


class ReopeningShape(Shape):
    reason = serializers.ChoiceField(enums.ReopenReason.choices)


class WithdrawalShape(Shape):
    reason = serializers.ChoiceField(enums.RECALLED_BY_PEOPLE, default=enums.RecallReason.OTHER.value)
    scope = serializers.ChoiceField(["all", "person"], default="all")


class ErasureShape(Shape):
    """Nothing but that it was done."""


class ConsentShape(Shape):
    """What the person said of this receiver: how, and by whom."""

    status = serializers.ChoiceField([(one.value, one.label) for one in STATUSES])
    method = serializers.ChoiceField(enums.ConsentMethod.choices, default="", allow_blank=True)
    giver = serializers.ChoiceField(enums.ConsentGiver.choices, default="", allow_blank=True)
    override = serializers.ChoiceField(enums.Override.choices, default="", allow_blank=True)
    language = LanguageField()
    given_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(default=None, allow_null=True)


class SealedShape(Shape):
    """What is inside the sealed part."""

    words = Text(max_length=20_000, default="", allow_blank=True)
    name = Text(max_length=LONGEST_NAME, default="", allow_blank=True)
    contact = Text(max_length=500, default="", allow_blank=True)
    consent = ConsentShape()


CONTENTS: Mapping[EnvelopeKind, type[Shape]] = {
    EnvelopeKind.REFERRAL: MatterShape,
    EnvelopeKind.RECEIPT: ReceiptShape,
    EnvelopeKind.DECISION: DecisionShape,
    EnvelopeKind.MESSAGE: MessageShape,
    EnvelopeKind.PERSON: PersonShape,
    EnvelopeKind.ANSWER: AnswerShape,
    EnvelopeKind.OUTCOME: OutcomeShape,
    EnvelopeKind.REOPENING: ReopeningShape,
    EnvelopeKind.WITHDRAWAL: WithdrawalShape,
    EnvelopeKind.ERASURE: ErasureShape,
}


@dataclass(frozen=True)
class Envelope:
    """One that was read: its head, and the content of its kind with what was left out filled in."""

    id: uuid.UUID
    kind: EnvelopeKind
    by: Side
    sequence: int
    happened_at: datetime
    sender: dict[str, str]
    receiver: dict[str, str]
    content: dict[str, Any]


def read(raw: bytes) -> Envelope:
    """Raises Unacceptable, with the code of docs/exchange.md."""
    said = _parsed(raw)
    if said.get("version") != VERSION:
        raise Unacceptable(Fault.UNKNOWN_VERSION)
    head = checked(EnvelopeShape, said)
    if head["kind"] not in EnvelopeKind.values:
        raise Unacceptable(Fault.UNKNOWN_KIND)
    kind, by = EnvelopeKind(head["kind"]), Side(head["by"])
    if kind not in (OF_SENDER if by == Side.SENDER else OF_RECEIVER):
        raise Unacceptable(Fault.BAD_ENVELOPE)
    content = checked(CONTENTS[kind], head["content"])
    names = ("id", "sequence", "happened_at", "sender", "receiver")
    return Envelope(kind=kind, by=by, content=content, **{name: head[name] for name in names})


def checked(shape: type[Shape], said: Any) -> dict[str, Any]:
    """The values of this shape. Raises Unacceptable, naming the fields at fault and nothing of what they held."""
    reader = shape(data=said)
    if not reader.is_valid():
        raise Unacceptable(Fault.BAD_ENVELOPE, f"{Fault.BAD_ENVELOPE.label} : {', '.join(sorted(reader.errors))}")
    return dict(reader.validated_data)


def _parsed(raw: bytes) -> dict[str, Any]:
    if len(raw) > LARGEST:
        raise Unacceptable(Fault.BAD_ENVELOPE)
    try:
        said = unbroken(json.loads(raw))
    except (ValueError, RecursionError) as error:
        raise Unacceptable(Fault.BAD_ENVELOPE) from error
    if not isinstance(said, dict):
        raise Unacceptable(Fault.BAD_ENVELOPE)
    return said
