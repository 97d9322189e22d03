"""All that happened to a case, on one line of time: the audit says what was done, the rows say what was said.

What was joined to it is told beside, each line with the reference of the case that it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import AuditEntry
from directory.models import User
from feedback.enums import (
    AnswerKind,
    Channel,
    Delivery,
    MessageDirection,
    ReopenReason,
    Settled,
    ToldHow,
)
from feedback.models import Answer, Case, CaseMessage, PhonePreference

Event = dict[str, Any]
Told = tuple[UUID, Event]

ACTS: dict[str, tuple[Any, str, str]] = {
    "triage": (gettext_lazy("Trié"), "active", "tag"),
    "reclassify": (gettext_lazy("Reclassé"), "active", "tag"),
    "set_aside": (gettext_lazy("Classé sans réponse"), "neutral", "check"),
    "end_without_answer": (gettext_lazy("Clos sans réponse"), "neutral", "check"),
    "refer": (gettext_lazy("Référé à une organisation"), "active", "forward"),
    "back_to_triage": (gettext_lazy("Revenu : aucune organisation ne l’a"), "late", "undo"),
    "withdraw": (gettext_lazy("La personne ne veut plus que sa demande soit transmise"), "stopped", "undo"),
    "spoken_with": (gettext_lazy("On a parlé avec la personne de son accord retiré"), "active", "person"),
    "danger_over": (gettext_lazy("Danger traité : quelqu’un a appelé"), "done", "check"),
    "close": (gettext_lazy("Clos"), "done", "check-circle"),
    "reopen": (gettext_lazy("Rouvert"), "late", "undo"),
    "merge": (gettext_lazy("Réuni à un autre dossier"), "stopped", "link"),
    "split": (gettext_lazy("Partagé en deux"), "active", "link"),
    "reveal_contact": (gettext_lazy("Contact de la personne consulté"), "neutral", "eye"),
}


def events(case: Case, *, with_words: bool, joined: Sequence[tuple[Case, bool]] = ()) -> list[Event]:
    """Events for `{% timeline %}`, newest first. `with_words`: whether the reader may read the person's own words.

    `joined`: duplicates that this reader sees too, each with the same question. As many queries for ten as for one.
    """
    cases = {case.pk: case, **{one.pk: one for one, _words in joined}}
    read = [one.pk for one, words in [(case, with_words), *joined] if words]
    told = [(one.pk, event) for one in cases.values() for event in _said(one)]
    told += [*_done(cases), *_answers(cases), *_messages(read)]
    if with_words:
        told += [(case.pk, event) for event in _stopped(case)]
    found = [event if pk == case.pk else _of(cases[pk], event) for pk, event in told]
    return sorted(found, key=lambda event: event["when"])[::-1]


def joined_to(case: Case, user: User) -> list[Case]:
    """The duplicates of a case that this person sees too, and theirs in turn, oldest first."""
    found: dict[Any, Case] = {}
    nearest = [case.pk]
    while nearest:
        rows = Case.objects.visible_to(user).filter(merged_into__in=nearest).select_related("entered_by")
        fresh = {row.pk: row for row in rows if row.pk not in found}
        found |= fresh
        nearest = list(fresh)
    return sorted(found.values(), key=lambda one: one.received_at)


def _of(case: Case, event: Event) -> Event:
    return event | {"title": f"{event['title']} · {case.reference}"}


def _entries(cases: Mapping[Any, Case]) -> list[AuditEntry]:
    acts = [f"feedback.case.{act}" for act in ACTS]
    ids = [str(pk) for pk in cases]
    entries = AuditEntry.objects.filter(target_table=Case._meta.db_table, target_id__in=ids, act__in=acts)
    return list(entries.order_by("happened_at", "recorded_at", "pk"))


def _said(case: Case) -> Iterator[Event]:
    title = _("Dit par %(channel)s") % {"channel": Channel(case.channel).label}
    yield {"when": case.said_at or case.received_at, "title": title, "tone": "waiting", "icon": "chat"}
    if case.said_at is not None and case.entered_by is not None:
        actor = str(case.entered_by)
        yield {"when": case.recorded_at, "title": _("Saisi"), "actor": actor, "tone": "neutral", "icon": "pencil"}
    if case.settled_at is not None:
        title = _("La personne dit : %(said)s") % {"said": Settled(case.settled).label}
        tone = "late" if case.settled == Settled.NO else "done"
        yield {"when": case.settled_at, "title": title, "tone": tone, "icon": "person"}


def _done(cases: Mapping[Any, Case]) -> Iterator[Told]:
    entries = _entries(cases)
    ids = [entry.actor_id for entry in entries if entry.actor_kind == "user"]
    names = {str(user.pk): user.name for user in User.objects.filter(pk__in=ids)}
    for entry in entries:
        act = entry.act.rpartition(".")[2]
        title, tone, icon = ACTS[act]
        event: Event = {
            "act": act,
            "when": entry.happened_at,
            "title": str(title),
            "actor": _actor(entry, names),
            "text": _reason(entry),
            "tone": tone,
            "icon": icon,
        }
        yield UUID(entry.target_id), event


def _reason(entry: AuditEntry) -> str:
    code = entry.facts.get("reason")
    return str(ReopenReason(code).label) if code in ReopenReason.values else ""


def _actor(entry: AuditEntry, names: dict[str, str]) -> str:
    if entry.actor_kind == "person":
        return _("la personne")
    return names.get(entry.actor_id, _("Jaabi"))


def _answers(cases: Iterable[Any]) -> Iterator[Told]:
    for answer in Answer.objects.filter(case__in=list(cases)).select_related("given_by"):
        event: Event = {
            "when": answer.given_at,
            "title": str(AnswerKind(answer.kind).label).capitalize(),
            "actor": str(answer.given_by or _("Jaabi")),
            "text": answer.unsealed("words"),
            "tone": "done",
            "icon": "answer",
        }
        yield answer.case_id, event
        if answer.told_at is not None:
            yield answer.case_id, _told(answer)


def _told(answer: Answer) -> Event:
    return {
        "when": answer.delivery_at or answer.told_at,
        "title": _("Réponse %(delivery)s (%(how)s)")
        % {"delivery": Delivery(answer.delivery).label, "how": ToldHow(answer.told_how).label},
        "tone": Delivery(answer.delivery).tone,
        "icon": "send",
    }


def _stopped(case: Case) -> Iterator[Event]:
    """For as long as it holds: START takes it back."""
    preference = PhonePreference.objects.filter(phone_hash=case.phone_hash, stopped_at__isnull=False).first()
    if preference is not None and case.phone_hash:
        title = _("La personne ne veut plus de SMS : parlez-lui autrement")
        yield {"when": preference.stopped_at, "title": title, "tone": "stopped", "icon": "ban"}


def _messages(cases: list[Any]) -> Iterator[Told]:
    for message in CaseMessage.objects.filter(case__in=cases).select_related("author"):
        yield message.case_id, _message(message)


def _message(message: CaseMessage) -> Event:
    is_theirs = message.direction == MessageDirection.IN
    text = message.unsealed("body")
    return {
        "when": message.said_at,
        "title": _("La personne ajoute") if is_theirs else str(MessageDirection(message.direction).label).capitalize(),
        "actor": str(message.author or ""),
        "tone": "waiting" if is_theirs else "neutral",
        "icon": "chat" if is_theirs else "pencil",
        "badge": _("non lu") if message.is_unread else "",
        **({"words": text} if is_theirs else {"text": text}),
    }
