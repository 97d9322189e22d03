"""The clocks of a sealed case: commitments to measure, never what changes a state (facts.md §1.4).

They run round the clock. The health window runs from the incident when its date is known, and stands first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.roles import Role
from psea.databases import VAULT
from psea.enums import OUTCOMES, TO_TRANSMIT, WITH_ENTITY, CaseState, OfferState
from psea.facts import Facts
from psea.models import AssistanceOffer, SealedCase, SealedMessage

OFFICERS = (Role.PSEA_INTAKE_OFFICER,)
OFFICERS_AND_COORDINATION = (Role.PSEA_INTAKE_OFFICER, Role.PSEA_COORDINATOR)
ENTITY_AND_COORDINATION = (Role.PSEA_FOCAL_POINT, Role.PSEA_COORDINATOR)
MOVING = sorted(set(CaseState) - OUTCOMES - TO_TRANSMIT - {CaseState.RECLASSIFIED})


@dataclass(frozen=True)
class Clock:
    """One commitment: `since` (a date of the case) plus `hours`, while `waiting` holds; then who is told, how often."""

    name: str
    since: str
    hours: int
    waiting: Q
    roles: tuple[Role, ...]
    again_hours: int


CLOCKS = (
    Clock("danger", "call_by", 0, Q(call_by__isnull=False, opened_at=None), OFFICERS, 1),
    Clock("unopened", "state_since", 4, Q(opened_at=None, state=CaseState.RECEIVED), OFFICERS_AND_COORDINATION, 1),
    Clock("transmission", "state_since", 24, Q(state__in=sorted(TO_TRANSMIT)), OFFICERS, 12),
    Clock("transmission_hard_stop", "state_since", 48, Q(state__in=sorted(TO_TRANSMIT)), OFFICERS_AND_COORDINATION, 12),
    Clock("acknowledgement", "state_since", 48, Q(state__in=sorted(WITH_ENTITY)), ENTITY_AND_COORDINATION, 24),
    Clock("inquiry", "state_since", 7 * 24, Q(state=CaseState.ACKNOWLEDGED), ENTITY_AND_COORDINATION, 72),
    Clock("no_news", "state_since", 30 * 24, Q(state__in=MOVING), ENTITY_AND_COORDINATION, 7 * 24),
)
ASSISTANCE_HOURS = 24


def late_cases(clock: Clock, now: datetime) -> Iterator[tuple[SealedCase, int]]:
    """Cases past this clock, each with how many times it should have been said by now."""
    due = now - timedelta(hours=clock.hours)
    waiting = SealedCase.objects.using(VAULT).filter(clock.waiting, **{f"{clock.since}__lte": due})
    for case in waiting:
        late_by: timedelta = due - getattr(case, clock.since)
        yield case, int(late_by / timedelta(hours=clock.again_hours))


def late_calls(now: datetime) -> Iterator[tuple[SealedCase, SealedMessage, int]]:
    """Added words that suggest danger, unread when the call was due: with their case, and how often to say it."""
    messages = SealedMessage.objects.using(VAULT).filter(call_by__lte=now, read_at=None)
    for message in messages:
        case = SealedCase.objects.using(VAULT).filter(thread_tag=message.thread_tag).first()
        if case is not None and message.call_by is not None:
            yield case, message, int((now - message.call_by) / timedelta(hours=1))


def waiting_offers(now: datetime) -> Iterator[AssistanceOffer]:
    """Services that nobody has offered within a day."""
    due = now - timedelta(hours=ASSISTANCE_HOURS)
    offers = AssistanceOffer.objects.using(VAULT).filter(state=OfferState.TO_OFFER, state_since__lte=due)
    yield from offers.select_related("survivor__case")


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


# WHO clinical guidance, as quoted in facts.md §1.4: post-exposure prophylaxis, emergency contraception.
HEALTH_WINDOWS = (
    (72, _("soins dans les 72 h"), _("Prophylaxie après exposition : au plus tard 72 h après les faits.")),
    (120, _("soins dans les 120 h"), _("Contraception d'urgence : au plus tard 120 h après les faits.")),
)


def next_due(case: SealedCase, facts: Facts, now: datetime, *, is_offered: bool) -> Due | None:
    """The clock that matters most now: a danger, the health window, then the accountability track's."""
    if case.call_by is not None and case.opened_at is None:
        return Due(-1, case.call_by, _("appeler maintenant"), _("Ses mots évoquent un danger : appeler dans l'heure."))
    if not is_offered and (health := _health_window(facts, now)) is not None:
        return health
    state = CaseState(case.state)
    if state in TO_TRANSMIT:
        deadline = case.state_since + timedelta(hours=24)
        return Due(1, deadline, _("à transmettre"), _("Transmission à l'entité : 24 h, au plus tard 48 h."))
    if state in WITH_ENTITY:
        deadline = case.state_since + timedelta(hours=48)
        return Due(2, deadline, _("accusé attendu"), _("Accusé de l'entité : 24 à 48 h."))
    if state == CaseState.ACKNOWLEDGED:
        deadline = case.state_since + timedelta(days=7)
        return Due(3, deadline, _("évaluation attendue"), _("Suite donnée par l'entité : 7 jours."))
    if state in MOVING:
        deadline = case.state_since + timedelta(days=30)
        return Due(4, deadline, _("des nouvelles attendues"), _("Sans nouvelles : relancer à 30 puis 90 jours."))
    return None


def _health_window(facts: Facts, now: datetime) -> Due | None:
    if facts.incident_on is None:
        return None
    start = timezone.make_aware(datetime.combine(facts.incident_on, time.min))
    for hours, label, rule in HEALTH_WINDOWS:
        deadline = start + timedelta(hours=hours)
        if now < deadline:
            return Due(0, deadline, label, rule)
    return None
