"""The clocks of a sealed case: commitments to measure, never what changes a state (facts.md §1.4).

They run round the clock. The health window runs from the incident when its date is known, and stands first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import User
from psea.databases import VAULT
from psea.duty import (
    called_first,
    entity_and_coordination,
    entity_of,
    everyone_to_ring,
    officers_of,
    with_coordination,
)
from psea.enums import OUTCOMES, TO_TRANSMIT, WITH_ENTITY, CaseState, Heard
from psea.facts import Facts
from psea.health import next_window
from psea.models import AssistanceOffer, HandedCopy, SealedCase, SealedMessage
from psea.promises import hours_of, said
from psea.querysets import TO_RELEASE
from psea.service_clocks import service_dues

MOVING = sorted(set(CaseState) - OUTCOMES - TO_TRANSMIT - {CaseState.RECLASSIFIED})
DAY = 24
# Nobody opened it: the first officer each hour, then the second and the coordination, then one rings round.
SECOND_AFTER, RING_ROUND_AFTER = 4, 12
WAITS = Q(opened_at=None, state=CaseState.RECEIVED)
NEWS_AFTER, NEWS_AGAIN_AFTER, SILENCE_AFTER = timedelta(days=30), timedelta(days=60), timedelta(days=7)
# The chase that is due after thirty days: one that came earlier does not stand for it.
CHASED = Q(chased_at__isnull=False, chased_at__gte=F("state_since") + NEWS_AFTER)
SILENT = Q(chased_at__isnull=False, chased_at__gte=F("state_since"), chase_heard=Heard.NO_ANSWER)
COPY_TO_CONFIRM = Q(state__in=sorted(OUTCOMES), copy_held_at=None, words_destroyed_at=None, conflict_at=None)

Told = Callable[[SealedCase], list[User]]


@dataclass(frozen=True)
class Clock:
    """One commitment: `since` (a date of the case) plus `hours`, while `waiting` holds; then who is told, how often.

    Clocks of one `topic` say it together: one notice for each person and turn, however many of them are late.
    """

    name: str
    topic: str
    since: str
    hours: int
    waiting: Q
    told: Told
    again_hours: int
    promise: str = ""
    share: float = 1

    def lasts(self) -> timedelta:
        """`hours`; of a promise that staff set, that or a share of it."""
        return timedelta(hours=hours_of(self.promise) * self.share if self.promise else self.hours)


TRANSMITTING, ANSWERING = Q(state__in=sorted(TO_TRANSMIT)), Q(state__in=sorted(WITH_ENTITY))
GOING_ON = Q(state__in=MOVING)
CLOCKS = (
    Clock("danger", "unopened", "call_by", 0, Q(call_by__isnull=False, opened_at=None), officers_of, 1),
    Clock("unopened", "unopened", "state_since", 1, WAITS, called_first, 1),
    Clock("call_second", "unopened", "state_since", SECOND_AFTER, WAITS, with_coordination, 1),
    Clock("ring_round", "unopened", "state_since", RING_ROUND_AFTER, WAITS, everyone_to_ring, 1),
    Clock("transmit", "transmit", "state_since", 24, TRANSMITTING, officers_of, 12, "sea_transmit"),
    Clock("transmit_hard", "transmit", "state_since", 48, TRANSMITTING, with_coordination, 12, "sea_transmit", 2),
    Clock("acknowledge", "acknowledge", "state_since", 24, ANSWERING, entity_of, 24, "sea_acknowledge", 0.5),
    Clock("chase", "acknowledge", "state_since", 48, ANSWERING, entity_and_coordination, 24, "sea_acknowledge"),
    Clock(
        "inquiry",
        "inquiry",
        "state_since",
        7 * DAY,
        Q(state=CaseState.ACKNOWLEDGED),
        entity_and_coordination,
        72,
        "sea_investigate",
    ),
    Clock("no_news", "no_news", "state_since", 30 * DAY, GOING_ON & ~CHASED, entity_and_coordination, 7 * DAY),
    Clock("still_no_news", "no_news", "chased_at", 60 * DAY, GOING_ON & CHASED, entity_and_coordination, 7 * DAY),
    Clock("silence", "no_news", "chased_at", 7 * DAY, GOING_ON & SILENT, with_coordination, 7 * DAY),
    Clock("release", "release", "state_since", 12, TO_RELEASE, officers_of, 12, "sea_release"),
    Clock("copy", "copy_held", "state_since", 14 * DAY, COPY_TO_CONFIRM, entity_and_coordination, 7 * DAY, "sea_copy"),
)
# What the case itself tells of its escalation.
STEPS = frozenset({"call_second", "ring_round"})


def late_cases(clock: Clock, now: datetime) -> Iterator[tuple[SealedCase, int]]:
    """Cases past this clock, each with its turn: how many times its topic could have been said in this state."""
    due = now - clock.lasts()
    waiting = SealedCase.objects.using(VAULT).filter(clock.waiting, **{f"{clock.since}__lte": due})
    for case in waiting:
        yield case, int((now - case.state_since) / timedelta(hours=clock.again_hours))


def is_unopened_too_long(now: datetime) -> bool:
    """Whether an officer on duty is late to open a case; how many, nobody outside the vault is told."""
    return any(next(late_cases(clock, now), None) is not None for clock in CLOCKS if clock.topic == "unopened")


def late_calls(now: datetime) -> Iterator[tuple[SealedCase, SealedMessage, int]]:
    """Added words that suggest danger, unread when the call was due: with their case, and how often to say it."""
    messages = SealedMessage.objects.using(VAULT).filter(call_by__lte=now, read_at=None)
    for message in messages:
        case = SealedCase.objects.using(VAULT).filter(thread_tag=message.thread_tag).first()
        if case is not None and message.call_by is not None:
            yield case, message, int((now - message.call_by) / timedelta(hours=1))


def unread_additions() -> Iterator[tuple[SealedCase, list[SealedMessage]]]:
    """Cases in which the person added something that nobody has read, each with what it is."""
    rows = SealedMessage.objects.using(VAULT).filter(read_at=None)
    unread = list(rows.only("id", "thread_tag", "received_at"))  # not the voices and pictures in them
    for tag in dict.fromkeys(message.thread_tag for message in unread):
        for case in SealedCase.objects.using(VAULT).filter(thread_tag=tag):
            yield case, [message for message in unread if message.thread_tag == tag]


def late_copies(now: datetime) -> Iterator[tuple[HandedCopy, int]]:
    """Copies outside that should be destroyed by now and are not said to be, each with the week it is late by."""
    today = timezone.localdate(now)
    rows = HandedCopy.objects.using(VAULT).filter(destroyed_on=None, expires_on__lt=today)
    for row in rows.select_related("case"):
        yield row, (today - row.expires_on).days // 7


def late_wishes(now: datetime) -> QuerySet[SealedMessage]:
    """What people asked about what they said, and nobody decided in time."""
    return SealedMessage.objects.using(VAULT).filter(decide_by__lte=now, decided_at=None)


@dataclass(frozen=True, order=True)
class Due:
    """What must happen next on a case, and by when; the earliest rank comes first on the page."""

    rank: int
    deadline: datetime
    label: str | Promise
    rule: str | Promise


@dataclass(frozen=True)
class Waits:
    """What a case waits for, beside what its state asks.

    `is_cared_for`: nobody has to hurry for care any more. `offers`: every service of the case. `copies`: those that
    are outside, and not said to be destroyed.
    """

    is_cared_for: bool
    offers: Sequence[AssistanceOffer] = ()
    copies: Sequence[HandedCopy] = ()


def dues(case: SealedCase, facts: Facts, now: datetime, waits: Waits) -> list[Due]:
    """Everything that must happen on a case, the most pressing first."""
    found: list[Due] = []
    rule: str | Promise
    if case.call_by is not None and case.opened_at is None:
        rule = _("Ses mots évoquent un danger : appeler dans l'heure.")
        found.append(Due(-1, case.call_by, _("appeler maintenant"), rule))
    if not waits.is_cared_for and (health := next_window(facts, now)) is not None:
        found.append(Due(0, health.deadline, health.label, health.rule))
    if case.opened_at is None and case.state == CaseState.RECEIVED:
        deadline = case.state_since + timedelta(hours=SECOND_AFTER)
        rule = _("Après 4 h, la seconde personne et la coordination sont appelées ; après 12 h, on appelle à la ronde.")
        found.append(Due(1, deadline, _("à ouvrir"), rule))
    found += [Due(2, deadline, label, rule) for deadline, label, rule in service_dues(waits.offers)]
    found += [_copy_outside(copy) for copy in waits.copies]
    return sorted([*found, *_accountability(case)], key=lambda due: (due.rank, due.deadline))


def next_due(case: SealedCase, facts: Facts, now: datetime, waits: Waits) -> Due | None:
    """The clock that matters most now: a danger, the health window, then the others of `dues`."""
    return next(iter(dues(case, facts, now, waits)), None)


def _accountability(case: SealedCase) -> list[Due]:
    state, since = CaseState(case.state), case.state_since
    rule: str | Promise
    if state in TO_TRANSMIT:
        hours = hours_of("sea_transmit")
        told = {"first": said(hours), "last": said(2 * hours)}
        rule = _("Transmission à l’entité : %(first)s, au plus tard %(last)s.") % told
        return [Due(3, since + timedelta(hours=hours), _("à transmettre"), rule)]
    if state in WITH_ENTITY:
        hours = hours_of("sea_acknowledge")
        told = {"first": said(hours / 2), "last": said(hours)}
        rule = _("Accusé de l’entité : relancer à %(first)s, puis à %(last)s.") % told
        return [Due(4, since + timedelta(hours=hours / 2), _("accusé attendu"), rule)]
    if state == CaseState.ACKNOWLEDGED:
        hours = hours_of("sea_investigate")
        rule = _("Suite donnée par l’entité : %(within)s.") % {"within": said(hours)}
        return [Due(5, since + timedelta(hours=hours), _("évaluation attendue"), rule)]
    if state in MOVING:
        rule = _("Sans nouvelles : relancer à 30 puis 90 jours.")
        return [Due(6, _news_due(case), _("des nouvelles attendues"), rule)]
    return _when_over(case)


def _when_over(case: SealedCase) -> list[Due]:
    """What is still to be done once a case is reclassified, or has its outcome."""
    if case.words_destroyed_at is not None:
        return []
    if case.state == CaseState.RECLASSIFIED:
        hours = hours_of("sea_release")
        rule = _("Un dossier reclassé attend dans le coffre : le remettre sous %(within)s.") % {"within": said(hours)}
        return [Due(3, case.state_since + timedelta(hours=hours), _("à remettre à qui s’en occupe"), rule)]
    if case.copy_held_at is not None or case.conflict_at is not None:
        return []
    hours = hours_of("sea_copy")
    rule = _("Copie de l’entité confirmée après une issue : %(within)s.") % {"within": said(hours)}
    return [Due(7, case.state_since + timedelta(hours=hours), _("copie à confirmer"), rule)]


def _copy_outside(copy: HandedCopy) -> Due:
    """Its mark says which, on the page of copies of whoever handed it over."""
    deadline = timezone.make_aware(datetime.combine(copy.expires_on, time.max))
    rule = _("Copie remise à un enquêteur : détruite à sa date, et cela est dit ici. Sinon, la lui réclamer.")
    return Due(8, deadline, _("copie remise : destruction à faire dire"), rule)


def _news_due(case: SealedCase) -> datetime:
    due = case.state_since + NEWS_AFTER
    if case.chased_at is None or case.chased_at < case.state_since:
        return due
    if case.chase_heard == Heard.NO_ANSWER:
        return case.chased_at + SILENCE_AFTER
    return due if case.chased_at < due else case.chased_at + NEWS_AGAIN_AFTER
