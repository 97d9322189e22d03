"""The whole life of a referral as one readable timeline, as one side may read it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from referrals.enums import MessageKind, ReferralState, Side, Step
from referrals.late import AGENDA_AFTER, is_on_agenda, rule_of
from referrals.models import Referral, ReferralCycle
from referrals.querysets import ReferralQuerySet

Event = dict[str, Any]
MESSAGE_ICONS = {
    MessageKind.QUESTION: "question",
    MessageKind.REPLY: "reply",
    MessageKind.MESSAGE: "chat",
}


def timeline_of(referral: Referral) -> list[Event]:
    """Oldest first: past rounds, this one, what was written, who was told that it was late.

    A referral that was taken back shows its dates only.
    """
    events = [*_past(referral), *_dates(referral), *_end(referral)]
    if referral.shown_state != ReferralState.RECALLED:
        events += [*_messages(referral), *_late(referral), *_pauses(referral)]
    return sorted(events, key=lambda event: event["when"])


def steps_of(referral: Referral, *, as_party: bool) -> list[Event]:
    """The same among all that happened to the case, which says itself what the person was told and how it ended.

    `as_party`: the reader stands on a side of this referral; others see who had it and when, not what was written.
    """
    events = [*_past(referral), *_dates(referral)]
    if as_party and referral.shown_state != ReferralState.RECALLED:
        events += [*_messages(referral), *_late(referral)]
    href = reverse("referrals:referral", args=[referral.pk]) if as_party else ""
    told = {"", _to(referral)}
    return [
        event
        | {"title": f"{event['title']} · {referral.reference}", "href": href}
        | ({} if as_party or event["text"] in told else {"text": ""})
        for event in events
    ]


@dataclass(frozen=True)
class Hop:
    """One of a chain. `branches`: the lines of hops that go on from it, where there are several."""

    row: Referral
    branches: list[list[Hop]]


def chain_of(referral: Referral) -> list[Hop]:
    """The hops before and after this one, itself included, in order: asked once, whatever their number."""
    rows: dict[uuid.UUID | None, Referral] = {row.pk: row for row in _around(referral)}
    onward: dict[uuid.UUID | None, list[Referral]] = defaultdict(list)
    for row in rows.values():
        onward[row.previous_id].append(row)
    first = rows[referral.pk]
    while (before := rows.get(first.previous_id)) is not None:
        first = before
    return _line(first, onward)


def hops_in(line: list[Hop]) -> list[Referral]:
    """The same without their branches, one after the other."""
    found = []
    for hop in line:
        found += [hop.row, *(row for branch in hop.branches for row in hops_in(branch))]
    return found


def _around(referral: Referral) -> ReferralQuerySet:
    """All referrals of its case, and of those that were joined to it or to which it was."""
    case = referral.case
    cases = [pk for pk in (case.pk, case.merged_into_id) if pk is not None]
    rows = Referral.objects.filter(Q(case__in=cases) | Q(case__merged_into__in=cases)).order_by("created_at")
    return rows.only("previous", "sender", "receiver", "sender_name", "receiver_name", "state", "withdrawn_at")


def _line(row: Referral, onward: Mapping[uuid.UUID | None, list[Referral]]) -> list[Hop]:
    line = []
    while True:
        after = onward[row.pk]
        line.append(Hop(row, [_line(one, onward) for one in after] if len(after) > 1 else []))
        if len(after) != 1:
            return line
        row = after[0]


def _dates(referral: Referral) -> Iterator[Event]:
    sender, receiver = referral.sender_name, referral.receiver_name
    yield from _event(referral.first_sent_at, _("Envoyé"), sender, "active", _to(referral))
    yield from _event(referral.reopened_at, _("Rouvert"), "", "waiting", referral.get_reopen_reason_display())
    yield from _event(referral.received_at, _("Reçu"), receiver, "waiting")
    yield from _event(referral.accepted_at, _("Accepté"), receiver, "active", _responsible(referral))
    yield from _event(referral.started_at, _("En traitement"), receiver, "active")
    yield from _event(referral.refused_at, _("« Pas pour nous »"), receiver, "stopped", _refusal(referral))
    yield from _event(referral.answered_at, _("Répondu"), receiver, "done", _answer(referral))
    yield from _event(referral.withdrawn_at or referral.recalled_at, _("Retiré"), sender, "stopped", _recall(referral))


def _end(referral: Referral) -> Iterator[Event]:
    sender, receiver = referral.sender_name, referral.receiver_name
    yield from _event(referral.fed_back_at, _("La personne est informée"), _teller(referral), "done", _told(referral))
    yield from _event(referral.closed_at, _("Clos"), sender, "neutral", referral.get_outcome_display())
    yield from _event(referral.erasure_asked_at, _("Effacement demandé"), sender, "waiting")
    yield from _event(referral.erasure_confirmed_at, _("Effacement confirmé"), receiver, "done")


def _event(when: Any, title: str, actor: str, tone: str, text: str | Promise = "") -> Iterator[Event]:
    if when is not None:
        yield {"when": when, "title": title, "actor": actor, "tone": tone, "text": str(text)}


def _past(referral: Referral) -> Iterator[Event]:
    for cycle in referral.cycles.all():
        if cycle.number < referral.cycle - 1:  # the last reopening is the referral's own
            yield from _event(cycle.ended_at, _("Rouvert"), "", "waiting", cycle.get_reopen_reason_display())
        yield from _event(cycle.received_at, _("Reçu"), referral.receiver_name, "waiting", _round(cycle))
        yield from _event(cycle.accepted_at, _("Accepté"), referral.receiver_name, "active", _took(cycle))
        kind = cycle.get_answer_kind_display()
        yield from _event(cycle.answered_at, _("Répondu"), referral.receiver_name, "done", f"{_round(cycle)} · {kind}")
        yield from _event(cycle.fed_back_at, _("La personne est informée"), "", "done", _round(cycle))


def _took(cycle: ReferralCycle) -> str:
    who = _("Responsable : %(name)s") % {"name": cycle.responsible.name} if cycle.responsible is not None else ""
    return " · ".join(filter(None, [_round(cycle), who]))


def _round(cycle: ReferralCycle) -> str:
    return _("Tour %(number)s") % {"number": cycle.number}


def _to(referral: Referral) -> str:
    return _("à %(receiver)s") % {"receiver": referral.receiver_name}


def _responsible(referral: Referral) -> str:
    if referral.responsible is None:
        return ""
    if referral.stands_in_for is not None:
        names = {"name": referral.responsible.name, "away": referral.stands_in_for.name}
        return _("Responsable : %(name)s, pendant l’absence de %(away)s") % names
    return _("Responsable : %(name)s") % {"name": referral.responsible.name}


def _refusal(referral: Referral) -> str:
    said = [str(referral.get_refusal_code_display()), referral.unsealed("note")]
    if referral.competent is not None:
        said.append(_("Compétent selon eux : %(who)s") % {"who": referral.competent})
    return "\n".join(filter(None, said))


def _answer(referral: Referral) -> str:
    return " · ".join(filter(None, [referral.get_answer_kind_display(), referral.get_unsuccessful_reason_display()]))


def _teller(referral: Referral) -> str:
    return referral.receiver_name if referral.teller == "receiver" else referral.sender_name


def _told(referral: Referral) -> str:
    said = referral.get_satisfaction_display()
    return f"{referral.get_told_how_display()} · {said}" if said else str(referral.get_told_how_display())


def _recall(referral: Referral) -> str:
    if referral.withdrawn_at is not None:
        return _("retiré par l’émetteur, autre motif")
    return str(referral.get_recall_reason_display())


def _messages(referral: Referral) -> Iterator[Event]:
    titles = {"question": _("Question"), "reply": _("Réponse à la question"), "message": _("Message")}
    for message in referral.messages.all():
        name = referral.receiver_name if message.side == Side.RECEIVER else referral.sender_name
        actor = f"{message.author.name} ({name})" if message.author is not None else name
        yield {
            "when": message.said_at,
            "title": titles[message.kind],
            "actor": actor,
            "tone": "waiting" if message.kind == MessageKind.QUESTION else "neutral",
            "icon": MESSAGE_ICONS[MessageKind(message.kind)],
            "text": message.unsealed("words"),
        }


def _pauses(referral: Referral) -> Iterator[Event]:
    for pause in referral.pauses.all():
        yield from _event(pause.began_at, _("En pause"), referral.receiver_name, "waiting", pause.get_reason_display())
        yield from _event(pause.ended_at, _("Fin de la pause"), "", "active")


def _late(referral: Referral) -> Iterator[Event]:
    for notice in referral.late_notices.all():
        rule = rule_of(Step(notice.step), referral)
        text = f"{notice.told.name} · {rule} ({notice.get_clock_display()})"
        yield from _event(notice.told_at, _("En retard : prévenu"), "", "late", text)
    if referral.due_at is not None and is_on_agenda(referral, timezone.now()):
        rule = _("sept jours après l’échéance, le nombre en est porté à l’ordre du jour du groupe de travail")
        yield from _event(referral.due_at + AGENDA_AFTER, _("En retard : au groupe de travail"), "", "late", rule)
