"""What waits for a person, in the order in which they should look at it. Each referral stands in one group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import User
from referrals.enums import LIVE, TO_ACCEPT, TO_ANSWER, ReferralState, Teller
from referrals.models import Referral
from referrals.querysets import TO_ERASE, ReferralQuerySet

_S = ReferralState
_ASKED = Q(state=_S.INFO_REQUESTED)
_TO_TELL = Q(state=_S.ANSWERED)


@dataclass(frozen=True)
class Group:
    """One heading of the list. `code` stands in the address."""

    code: str
    title: Promise
    rows: Callable[[User, datetime], ReferralQuerySet]
    bulk: bool = False


def to_accept(user: User, now: datetime) -> ReferralQuerySet:
    rows = Referral.objects.received_side_of(user).filter(state__in=TO_ACCEPT, accept_by__gte=now)
    return rows.exclude(_ASKED).order_by("accept_by")


def to_answer(user: User, now: datetime) -> ReferralQuerySet:
    """Accepted ones within their time; and those answered, where the receiver is to tell the person."""
    rows = Referral.objects.received_side_of(user)
    running = Q(state__in=TO_ANSWER, answer_by__gte=now)
    return rows.filter(running | Q(_TO_TELL, teller=Teller.RECEIVER)).order_by("answer_by")


def late(user: User, now: datetime) -> ReferralQuerySet:
    return Referral.objects.received_side_of(user).late(now).order_by("answer_by")


def come_back(user: User, now: datetime) -> ReferralQuerySet:
    """Back with the sender: refused, asked about, or answered and to be told."""
    rows = Referral.objects.sent_side_of(user).filter(withdrawn_at=None)
    refused = Q(state=_S.REFUSED, next_hops=None)
    return rows.filter(refused | _ASKED | Q(_TO_TELL, teller=Teller.SENDER)).order_by(F("sent_at").asc(nulls_last=True))


def with_others(user: User, now: datetime) -> ReferralQuerySet:
    """Sent, and in the receiver's hands; or asked about, and in the sender's."""
    sent = Referral.objects.sent_side_of(user).filter(state__in=LIVE).exclude(_ASKED)
    asked = Referral.objects.received_side_of(user).filter(_ASKED, accept_by__gte=now)
    return (sent | asked).order_by("answer_by")


def to_erase(user: User, now: datetime) -> ReferralQuerySet:
    """Withdrawn by the person, over for the receiver, and not yet said to be erased there."""
    asked = Referral.objects.received_side_of(user).filter(TO_ERASE)
    return asked.exclude(Q(state__in=LIVE) | Q(_TO_TELL, teller=Teller.RECEIVER)).order_by("erasure_asked_at")


GROUPS = (
    Group("late", _("En retard"), late, bulk=True),
    Group("accept", _("À accepter"), to_accept, bulk=True),
    Group("answer", _("À répondre"), to_answer),
    Group("erase", _("À effacer"), to_erase),
    Group("back", _("Revenus"), come_back),
    Group("others", _("En attente d’autres"), with_others),
)
