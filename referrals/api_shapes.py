"""How the API writes a referral: what its receiver may see at this moment, and no more."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from directory.api_door import Text
from directory.enums import AgeGroup, Disability, Language, PopulationStatus, Sex
from feedback.enums import AnswerKind, Priority
from referrals.disclosure import disclosed_to_receiver
from referrals.enums import Level, NonSuccess, ReferralState, Refusal
from referrals.models import Referral, ReferralMessage


class PlaceShape(serializers.Serializer[Any]):
    pcode = serializers.CharField()
    name = serializers.CharField()


class ProfileShape(serializers.Serializer[Any]):
    """Of the person: never who they are."""

    sex = serializers.ChoiceField(Sex.choices)
    age_group = serializers.ChoiceField(AgeGroup.choices)
    disability = serializers.ChoiceField(Disability.choices)
    population_status = serializers.ChoiceField(PopulationStatus.choices)
    language = serializers.ChoiceField(Language.choices)


PROFILE = ("sex", "age_group", "disability", "population_status", "language")


class PersonShape(serializers.Serializer[Any]):
    """Level 2, as far as the consent goes, once accepted."""

    words = serializers.CharField()
    contact = serializers.CharField()


class MessageShape(serializers.Serializer[Any]):
    kind = serializers.CharField()
    side = serializers.CharField()
    said_at = serializers.DateTimeField()
    words = serializers.CharField()


class LineShape(serializers.Serializer[Any]):
    """A referral in a list."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    state = serializers.ChoiceField(ReferralState.choices)
    is_late = serializers.BooleanField()
    level = serializers.ChoiceField(Level.choices)
    priority = serializers.ChoiceField(Priority.choices)
    sender = serializers.CharField()
    receiver = serializers.CharField()
    category = serializers.CharField()
    summary = serializers.CharField()
    place = PlaceShape(allow_null=True)
    sent_at = serializers.DateTimeField()
    accept_by = serializers.DateTimeField()
    answer_by = serializers.DateTimeField()


class ReferralShape(LineShape):
    """A referral in full."""

    service_wanted = serializers.CharField(allow_blank=True)
    request = serializers.CharField(allow_blank=True)
    teller = serializers.CharField()
    profile = ProfileShape(allow_null=True)
    person = PersonShape(allow_null=True)
    thread = MessageShape(many=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    answer_kind = serializers.CharField(allow_blank=True)


class PageShape(serializers.Serializer[Any]):
    """One page of a list."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = LineShape(many=True)


class AcceptShape(serializers.Serializer[Any]):
    responsible = serializers.EmailField(help_text="Adresse d’une personne de votre organisation.")
    seen = Text(max_length=16, required=False, help_text="L’état que vous aviez sous les yeux.")


class SeenShape(serializers.Serializer[Any]):
    seen = Text(max_length=16, required=False, help_text="L’état que vous aviez sous les yeux.")


class RefuseShape(SeenShape):
    code = serializers.ChoiceField(Refusal.choices)
    competent = Text(required=False, allow_blank=True, max_length=160)
    note = Text(required=False, allow_blank=True, max_length=1000)


class AskShape(SeenShape):
    words = Text(max_length=4000)


class AnswerShape(SeenShape):
    kind = serializers.ChoiceField(AnswerKind.choices)
    words = Text(required=False, allow_blank=True, max_length=4000)
    reason = serializers.ChoiceField(NonSuccess.choices, required=False, allow_blank=True)


def line_of(referral: Referral) -> dict[str, Any]:
    """One line. What was taken back keeps its dates only."""
    matter = disclosed_to_receiver(referral).matter
    place = referral.place if matter else None
    return {
        "id": str(referral.pk),
        "reference": referral.reference,
        "state": referral.shown_state.value,
        "is_late": referral.is_late,
        "level": referral.level,
        "priority": referral.priority,
        "sender": referral.sender_name,
        "receiver": referral.receiver_name,
        "category": referral.category_code if matter else "",
        "summary": referral.summary if matter else "",
        "place": {"pcode": place.pcode, "name": place.name} if place is not None else None,
        "sent_at": referral.sent_at,
        "accept_by": referral.accept_by,
        "answer_by": referral.answer_by,
    }


def whole_of(referral: Referral) -> dict[str, Any]:
    """All that the receiver may see now."""
    seen = disclosed_to_receiver(referral)
    case = referral.case
    profile = {name: getattr(case, name) for name in PROFILE}
    words, contact = (case.unsealed(name) if shown else "" for name, shown in _person_fields(seen.words, seen.contact))
    return {
        **line_of(referral),
        "service_wanted": referral.service_wanted if seen.matter else "",
        "request": referral.unsealed("request") if seen.matter else "",
        "teller": referral.teller,
        "profile": profile if seen.matter else None,
        "person": {"words": words, "contact": contact} if seen.person else None,
        "thread": [_message(message) for message in ReferralMessage.objects.filter(referral=referral)]
        if seen.matter
        else [],
        "answered_at": referral.answered_at,
        "answer_kind": referral.answer_kind,
    }


def _person_fields(words: bool, contact: bool) -> list[tuple[str, bool]]:
    return [("words", words), ("contact", contact)]


def _message(message: Any) -> dict[str, Any]:
    names = ("kind", "side", "said_at")
    return {**{name: getattr(message, name) for name in names}, "words": message.unsealed("words")}
