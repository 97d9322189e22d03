"""How the API writes a referral: what the caller's side may see of it at this moment, and no more."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from core.transitions import why_not
from directory.api_auth import Credential
from directory.enums import AgeGroup, Disability, PopulationStatus, Sex
from directory.languages import Language
from feedback.enums import Priority
from feedback.models import Case
from referrals.actions.asking import why_not_ask_consent
from referrals.actions.handover import why_not_assign
from referrals.actions.pausing import why_not_pause, why_not_resume
from referrals.actions.receiving import NOT_YET_RECEIVED
from referrals.disclosure import Disclosure, disclosed, person_of
from referrals.enums import ConsentStatus, FileKind, Level, PauseReason, RecallReason, ReferralState, Side, Teller
from referrals.files import shown_to, why_not_attach
from referrals.late import is_on_agenda
from referrals.models import Referral, ReferralMessage, ReferralPause
from referrals.page import can_go_on
from referrals.timeline import chain_of, hops_in

PROFILE = ("sex", "age_group", "disability", "population_status", "language")
DATES = (
    "received_at", "accepted_at", "answered_at", "refused_at", "reopened_at", "fed_back_at", "closed_at",
    "erasure_asked_at", "erasure_confirmed_at",
)  # fmt: skip
CODES = (
    "answer_kind", "unsuccessful_reason", "refusal_code", "reopen_reason", "told_how", "satisfaction", "outcome",
)  # fmt: skip
ACTS = ("receive", "accept", "refuse", "ask", "answer", "start", "reply", "feed_back", "recall", "close", "reopen")


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


class PersonShape(serializers.Serializer[Any]):
    """Level 2, as far as the consent goes, once accepted."""

    words = serializers.CharField()
    name = serializers.CharField()
    contact = serializers.CharField()


class MessageShape(serializers.Serializer[Any]):
    kind = serializers.CharField()
    side = serializers.CharField()
    said_at = serializers.DateTimeField()
    words = serializers.CharField()


class AttachmentShape(serializers.Serializer[Any]):
    """A file that the caller may open now."""

    id = serializers.UUIDField()
    side = serializers.ChoiceField(Side.choices, help_text="De quel côté il vient.")
    kind = serializers.ChoiceField(FileKind.choices)
    name = serializers.CharField(allow_blank=True)
    size = serializers.IntegerField(help_text="En octets ; 0 pour ce que la personne a envoyé elle-même.")
    is_neutral = serializers.BooleanField(help_text="Selon l’émetteur, il ne contient rien de la personne.")
    added_at = serializers.DateTimeField()


class ConsentShape(serializers.Serializer[Any]):
    """What the person said of this receiver; shown to the sender."""

    status = serializers.ChoiceField(ConsentStatus.choices)
    words = serializers.BooleanField()
    name = serializers.BooleanField()
    contact = serializers.BooleanField()
    method = serializers.CharField(allow_blank=True)
    giver = serializers.CharField(allow_blank=True)
    override = serializers.CharField(allow_blank=True)
    given_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class PausedShape(serializers.Serializer[Any]):
    """While the time to answer did not run, and why."""

    reason = serializers.ChoiceField(PauseReason.choices)
    began_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class HopShape(serializers.Serializer[Any]):
    sender = serializers.CharField()
    receiver = serializers.CharField()
    state = serializers.ChoiceField(ReferralState.choices)


class LineShape(serializers.Serializer[Any]):
    """A referral in a list."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    side = serializers.ChoiceField(Side.choices, help_text="De quel côté vous êtes.")
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
    answer_by = serializers.DateTimeField(help_text="Plus tard d’autant, si le délai est en pause.")
    paused_at = serializers.DateTimeField(allow_null=True)
    on_agenda = serializers.BooleanField(help_text="En retard de plus de sept jours : à l’ordre du jour du groupe.")


class ReferralShape(LineShape):
    """A referral in full."""

    service_wanted = serializers.CharField(allow_blank=True)
    request = serializers.CharField(allow_blank=True)
    teller = serializers.ChoiceField(Teller.choices)
    case = serializers.UUIDField(allow_null=True, help_text="À l’émetteur seul, tant que le dossier lui est ouvert.")
    cycle = serializers.IntegerField()
    profile = ProfileShape(allow_null=True)
    person = PersonShape(allow_null=True)
    thread = MessageShape(many=True)
    attachments = AttachmentShape(many=True, help_text="Voir `/referrals/{id}/attachments/`.")
    received_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    responsible = serializers.CharField(allow_blank=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    answer_kind = serializers.CharField(allow_blank=True)
    answer_words = serializers.CharField(allow_blank=True)
    unsuccessful_reason = serializers.CharField(allow_blank=True)
    refused_at = serializers.DateTimeField(allow_null=True)
    refusal_code = serializers.CharField(allow_blank=True)
    competent = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    recalled_at = serializers.DateTimeField(allow_null=True)
    recall_reason = serializers.CharField(allow_blank=True)
    reopened_at = serializers.DateTimeField(allow_null=True)
    reopen_reason = serializers.CharField(allow_blank=True)
    fed_back_at = serializers.DateTimeField(allow_null=True)
    told_how = serializers.CharField(allow_blank=True)
    satisfaction = serializers.CharField(allow_blank=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.CharField(allow_blank=True)
    erasure_asked_at = serializers.DateTimeField(allow_null=True)
    erasure_confirmed_at = serializers.DateTimeField(allow_null=True)
    pauses = PausedShape(many=True)
    consent = ConsentShape(allow_null=True)
    chain = HopShape(many=True, help_text="De main en main, dans l’ordre.")
    acts = serializers.ListField(child=serializers.CharField(), help_text="Ce que vous pouvez faire maintenant.")


class PageShape(serializers.Serializer[Any]):
    """One page of a list."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = LineShape(many=True)


def line_of(referral: Referral, by: Credential) -> dict[str, Any]:
    """One line. What was taken back keeps its dates only."""
    matter = _seen(referral, by).matter
    place = referral.place if matter else None
    return {
        "id": str(referral.pk),
        "reference": referral.reference,
        "side": _side(referral, by).value,
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
        "paused_at": referral.paused_at,
        "on_agenda": is_on_agenda(referral, timezone.now()),
    }


def whole_of(referral: Referral, by: Credential) -> dict[str, Any]:
    """All that the caller's organisation may see now, on its side: what the page of the referral shows it."""
    seen = _seen(referral, by)
    is_sender = Side.SENDER in Referral.objects.sides_of(referral, by)
    return {
        **line_of(referral, by),
        "service_wanted": referral.service_wanted if seen.matter else "",
        "request": referral.unsealed("request") if seen.matter else "",
        "teller": referral.teller,
        "case": _case(referral, by) if is_sender else None,
        "cycle": referral.cycle,
        "profile": {name: getattr(referral.case, name) for name in PROFILE} if seen.matter else None,
        "person": _person(referral, seen),
        "thread": _thread(referral, seen),
        "attachments": attachments_of(referral, by),
        **{name: getattr(referral, name) for name in (*DATES, *CODES)},
        **_ending(referral, seen),
        "pauses": [_pause(one) for one in referral.pauses.all()] if seen.matter else [],
        "consent": _consent(referral) if is_sender and seen.matter else None,
        "chain": [_hop(hop) for hop in hops_in(chain_of(referral))],
        "acts": acts_open_to(referral, by),
    }


def attachments_of(referral: Referral, by: Credential) -> list[dict[str, Any]]:
    """The files that the caller's side may open now."""
    names = ("side", "kind", "size", "is_neutral", "added_at")
    return [
        {"id": str(one.file.pk), "name": one.name, **{name: getattr(one.file, name) for name in names}}
        for one in shown_to(referral, Referral.objects.sides_of(referral, by))
        if one.is_open
    ]


def acts_open_to(referral: Referral, by: Credential) -> list[str]:
    """The acts that would be done if they were asked for now."""
    sides = Referral.objects.sides_of(referral, by)
    is_sender, is_receiver = Side.SENDER in sides, Side.RECEIVER in sides
    is_out = referral.shown_state == ReferralState.RECALLED
    found = [] if is_out else [act for act in ACTS if why_not(referral, act, by) is None]
    # Asking implies receiving, where that was not done yet.
    if not is_out and is_receiver and referral.state in NOT_YET_RECEIVED:
        found.append("ask")
    more = {
        "say": bool(sides) and not is_out,
        "pause": why_not_pause(referral, by) is None,
        "resume": why_not_resume(referral, by) is None,
        "assign": why_not_assign(referral, by) is None,
        "attachments": why_not_attach(referral, sides) is None,
        "forward": is_sender and can_go_on(referral),
        "ask-consent": is_sender and why_not_ask_consent(referral) is None,
        "withdraw-consent": is_sender and has_consent_to_withdraw(referral),
        "confirm-erasure": is_receiver and referral.erasure_asked_at is not None and not referral.erasure_confirmed_at,
    }
    return sorted({act.replace("_", "-") for act in found} | {act for act, is_open in more.items() if is_open})


def has_consent_to_withdraw(referral: Referral) -> bool:
    return referral.level == Level.PERSON and referral.consent_id is not None and referral.erasure_asked_at is None


def _side(referral: Referral, by: Credential) -> Side:
    return Side.RECEIVER if referral.receiver_id == by.organisation_id else Side.SENDER


def _seen(referral: Referral, by: Credential) -> Disclosure:
    """By the side of the organisation, known from the row itself: a list asks the database nothing more."""
    return disclosed(referral, frozenset({_side(referral, by)}))


def _case(referral: Referral, by: Credential) -> str | None:
    is_open = Case.objects.open_to_system_of(by.organisation).filter(pk=referral.case_id).exists()
    return str(referral.case_id) if is_open else None


def _person(referral: Referral, seen: Disclosure) -> dict[str, str] | None:
    return person_of(referral, seen) if seen.person else None


def _ending(referral: Referral, seen: Disclosure) -> dict[str, Any]:
    """How it ended, in words where there are some; whatever was taken back reads as recalled by the sender."""
    withdrawn = referral.withdrawn_at
    return {
        "responsible": referral.responsible.name if referral.responsible is not None else "",
        "competent": str(referral.competent or "") if seen.matter else "",
        "answer_words": referral.unsealed("answer_words") if seen.matter else "",
        "note": referral.unsealed("note") if seen.matter else "",
        "recalled_at": withdrawn or referral.recalled_at,
        "recall_reason": RecallReason.OTHER.value if withdrawn else referral.recall_reason,
    }


def _consent(referral: Referral) -> dict[str, Any] | None:
    said = referral.consent
    if said is None:
        return None
    names = ("status", "method", "giver", "given_at", "expires_at", "withdrawn_at")
    return {
        **{name: getattr(said, name) for name in names},
        "words": said.scope_words,
        "name": said.allows_name,
        "contact": said.scope_contact,
        "override": said.override_code,
    }


def _pause(pause: ReferralPause) -> dict[str, Any]:
    return {name: getattr(pause, name) for name in ("reason", "began_at", "ended_at")}


def _hop(hop: Referral) -> dict[str, str]:
    return {"sender": hop.sender_name, "receiver": hop.receiver_name, "state": hop.shown_state.value}


def _thread(referral: Referral, seen: Disclosure) -> list[dict[str, Any]]:
    is_open = seen.matter and referral.shown_state != ReferralState.RECALLED
    return [_message(message) for message in referral.messages.all()] if is_open else []


def _message(message: ReferralMessage) -> dict[str, Any]:
    names = ("kind", "side", "said_at")
    return {**{name: getattr(message, name) for name in names}, "words": message.unsealed("words")}
