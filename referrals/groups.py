"""What waits for a person, in the order in which they should look at it. Each referral stands in one group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import User
from referrals.enums import LIVE, TO_ACCEPT, TO_ANSWER, ReferralState, Teller
from referrals.models import Referral
from referrals.querysets import TO_ERASE, ReferralQuerySet, late_to_accept, late_to_answer

_S = ReferralState
_ASKED = Q(state=_S.INFO_REQUESTED)
_TO_TELL = Q(state=_S.ANSWERED)


# How far a group is counted and shown: nobody works through more by hand, and what presses most comes first.
COUNTED_TO = 1_000


@dataclass(frozen=True)
class Part:
    """Rows that one index holds in their order, by `key` (referrals/models): the first are found without the rest."""

    rows: ReferralQuerySet
    key: str


@dataclass(frozen=True)
class Group:
    """One heading of the list. `code` stands in the address; no referral is in two parts.

    `bulk`: what can be done to several at once.
    """

    code: str
    title: Promise
    parts: Callable[[User, datetime], list[Part]]
    bulk: tuple[str, ...] = ()

    def keys(self, user: User, now: datetime, condition: Q) -> list[UUID]:
        """Which stand in it under that condition, in order; no more than one beyond COUNTED_TO."""
        found: list[tuple[datetime, UUID]] = []
        for part in self.parts(user, now):
            rows = part.rows.filter(condition).order_by(part.key)
            found += rows.values_list(part.key, "pk")[: COUNTED_TO + 1]
        return [pk for _moment, pk in sorted(found)[: COUNTED_TO + 1]]


def to_accept(user: User, now: datetime) -> list[Part]:
    rows = Referral.objects.received_side_of(user).filter(state__in=TO_ACCEPT, accept_by__gte=now)
    return [Part(rows.exclude(_ASKED), "accept_by")]


def to_answer(user: User, now: datetime) -> list[Part]:
    """Accepted ones within their time; and those answered, where the receiver is to tell the person."""
    rows = Referral.objects.received_side_of(user)
    running = rows.filter(state__in=TO_ANSWER, answer_by__gte=now)
    return [Part(running, "answer_by"), Part(rows.filter(_TO_TELL, teller=Teller.RECEIVER), "answer_by")]


def late(user: User, now: datetime) -> list[Part]:
    """By the commitment that is over."""
    rows = Referral.objects.received_side_of(user)
    return [Part(rows.filter(late_to_accept(now)), "accept_by"), Part(rows.filter(late_to_answer(now)), "answer_by")]


def come_back(user: User, now: datetime) -> list[Part]:
    """Back with the sender: refused, asked about, or answered and to be told."""
    rows = Referral.objects.sent_side_of(user).filter(withdrawn_at=None)
    refused = rows.filter(~Exists(Referral.objects.filter(previous=OuterRef("pk"))), state=_S.REFUSED)
    told = rows.filter(_TO_TELL, teller=Teller.SENDER)
    return [Part(refused, "sent_at"), Part(rows.filter(_ASKED), "sent_at"), Part(told, "sent_at")]


def with_others(user: User, now: datetime) -> list[Part]:
    """Sent, and in the receiver's hands; or asked about, and in the sender's."""
    sent = Referral.objects.sent_side_of(user).filter(state__in=LIVE).exclude(_ASKED)
    asked = Referral.objects.received_side_of(user).filter(_ASKED, accept_by__gte=now)
    return [Part(sent, "answer_by"), Part(asked, "answer_by")]


def to_erase(user: User, now: datetime) -> list[Part]:
    """Withdrawn by the person, over for the receiver, and not yet said to be erased there."""
    asked = Referral.objects.received_side_of(user).filter(TO_ERASE)
    return [Part(asked.exclude(Q(state__in=LIVE) | Q(_TO_TELL, teller=Teller.RECEIVER)), "erasure_asked_at")]


GROUPS = (
    Group("late", _("En retard"), late, bulk=("accept", "assign")),
    Group("accept", _("À accepter"), to_accept, bulk=("accept",)),
    Group("answer", _("À répondre"), to_answer, bulk=("assign",)),
    Group("erase", _("À effacer"), to_erase),
    Group("back", _("Revenus"), come_back),
    Group("others", _("En attente d’autres"), with_others),
)
