"""Who sees which referral, on which side, and what waits for whom. A permission is a queryset (DESIGN §4)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from directory.api_auth import Credential
from directory.models import Organisation, PartnerLink, User
from directory.roles import RESTRICTED_ROLES, Role
from feedback.enums import Lane
from feedback.models import CaseImplicated
from feedback.querysets import naming
from referrals.enums import LIVE, TO_ACCEPT, TO_ANSWER, ReferralState, Side, Teller
from referrals.peering import PeerActor
from referrals.references import new_reference

if TYPE_CHECKING:
    from core.transitions import Sentence
    from referrals.models import Referral

SENDER_ACTS = frozenset({"send", "reply", "recall", "close", "reopen"})
RECEIVER_ACTS = frozenset({"receive", "accept", "ask", "refuse", "start", "answer"})
# What reactions and jobs may do by themselves, and what a person's word is enough for.
SYSTEM_ACTS = frozenset({"recall", "reopen", "feed_back", "close"})
PERSON_ACTS = frozenset({"reopen", "recall", "feed_back"})

NOTHING = Q(pk__in=[])
# Few among many: each has an index of its own (referrals/models).
ANSWERED = Q(answered_at__isnull=False)
TO_ERASE = Q(erasure_asked_at__isnull=False, erasure_confirmed_at__isnull=True)

_S = ReferralState
NEVER_RECEIVED = Q(state=_S.RECALLED, received_at=None, cycle=1, withdrawn_at=None)
COME_BACK = Q(state__in=[_S.REFUSED, _S.INFO_REQUESTED, _S.ANSWERED], withdrawn_at=None)
LINE = (
    *("reference", "summary", "priority", "level", "state", "withdrawn_at", "accept_by", "answer_by", "paused_at"),
    *("sender_name", "receiver_name", "place__name", "responsible__name"),
)
# Who acts on a side is here, unless the organisation works in another installation.
_HERE = {side: ~Q(peer_holds=side) for side in Side}


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Every reading of referrals begins with `visible_to`, `sent_side_of` or `received_side_of`."""

    def visible_to(self, user: User) -> Self:
        """What this person may know of, on either side."""
        return self.filter(_on_sender_side(user) | _on_receiver_side(user)).exclude(implicates(user))

    def sent_side_of(self, user: User) -> Self:
        """Those this person acts on for the sender."""
        return self.filter(_on_sender_side(user)).exclude(implicates(user))

    def received_side_of(self, user: User) -> Self:
        """Those this person acts on for the receiver."""
        return self.filter(_on_receiver_side(user)).exclude(implicates(user))

    def contracted_by(self, user: User) -> Self:
        """Those sent to a partner of theirs while it was under contract, as long as it is: level 1, to read only.

        Ordinary matters in their zone; nothing that was taken back, or that the person would not have passed on.
        """
        if not user.has_role(Role.FOCAL_POINT):
            return self.none()
        links = PartnerLink.objects.in_force(timezone.localdate()).filter(
            agency=user.organisation_id, partner=OuterRef("receiver"), starts_on__lte=OuterRef("first_sent_at__date")
        )
        rows = self.filter(_in_lane(Lane.ORDINARY), _in_zone(user), Exists(links), withdrawn_at=None)
        rows = rows.exclude(state__in=[_S.DRAFT, _S.RECALLED]).exclude(case__objects_to_sharing=True)
        return rows.exclude(implicates(user))

    def addressed_to(self, organisation: Organisation) -> Self:
        """What an organisation's own system may know of: ordinary matters sent to it, unless it is implicated."""
        mine = self._open_to_system_of(organisation).filter(_HERE[Side.RECEIVER], receiver=organisation)
        return mine.exclude(state=_S.DRAFT)

    def sent_by(self, organisation: Organisation) -> Self:
        """As `addressed_to`, those that it sends."""
        return self._open_to_system_of(organisation).filter(_HERE[Side.SENDER], sender=organisation)

    def of_system(self, organisation: Organisation) -> Self:
        """Both: all that an organisation's own system may know of."""
        rows = self._open_to_system_of(organisation).exclude(state=_S.DRAFT)
        received, sent = Q(receiver=organisation), Q(sender=organisation)
        return rows.filter((received & _HERE[Side.RECEIVER]) | (sent & _HERE[Side.SENDER]))

    def _open_to_system_of(self, organisation: Organisation) -> Self:
        """Nothing that implicates anyone of theirs: who reads on the other side is not known."""
        rows = self.filter(_in_lane(Lane.ORDINARY))
        theirs = Q(organisation=organisation) | Q(office__organisation=organisation)
        theirs |= Q(user__organisation=organisation)
        return rows.exclude(Exists(CaseImplicated.objects.filter(theirs, case=OuterRef("case"))))

    def shown_as(self, state: str) -> Self:
        """Those whose badge says this: whatever was withdrawn reads as recalled."""
        if state == _S.RECALLED:
            return self.filter(Q(state=state) | Q(withdrawn_at__isnull=False))
        return self.filter(state=state, withdrawn_at=None)

    def live(self) -> Self:
        """Those in which the receiver still has something to do."""
        return self.filter(state__in=LIVE)

    def late(self, now: datetime) -> Self:
        """Those whose running commitment is over."""
        return self.filter(late_to_accept(now) | late_to_answer(now))

    def counted(self) -> Self:
        """Those that make a case a referred one: sent, and not recalled before anybody received them."""
        return self.filter(first_sent_at__isnull=False).exclude(NEVER_RECEIVED)

    def with_names(self) -> Self:
        """With what a line of a list shows."""
        return self.select_related("case", "place__parent", "responsible", "sender", "receiver", "receiver_office")

    def as_lines(self) -> Self:
        """With what a line of "Pour moi" shows, and nothing else: it is read of many."""
        return self.select_related("place", "responsible").only(*LINE)

    def with_life(self) -> Self:
        """With all that a timeline tells of them, whatever their number."""
        told = self.with_names().select_related("competent", "stands_in_for")
        return told.prefetch_related("cycles__responsible", "messages__author", "late_notices__told", "pauses")

    def free_reference(self) -> str:
        """One that no referral has: they are short, and of a million some are drawn twice."""
        while self.filter(reference=(drawn := new_reference())).exists():
            continue
        return drawn

    def sides_of(self, row: Referral, by: Actor) -> frozenset[Side]:
        """On which sides the actor stands for this referral; asked once for each row and actor."""
        known: dict[tuple[str, str], frozenset[Side]] = row.__dict__.setdefault("_sides", {})
        key = (by.actor_kind, by.actor_id)
        if key not in known:
            known[key] = frozenset(self._sides(row, by))
        return known[key]

    def why_may_not(self, row: Referral, act: str, by: Actor) -> Sentence | None:
        """None when the actor may do this act on this row; else why not."""
        if row.withdrawn_at is not None:
            return _("Ce référencement a été retiré par l’émetteur.")
        if by.actor_kind == "system":
            return None if act in SYSTEM_ACTS else _("Cet acte demande une personne.")
        if by.actor_kind == "person":
            return None if act in PERSON_ACTS else _("Cet acte revient aux organisations.")
        side = _side_of(act, row)
        if side in self.sides_of(row, by):
            return None
        return _("C’est à l’émetteur de le faire.") if side == Side.SENDER else _("C’est au destinataire de le faire.")

    def _sides(self, row: Referral, by: Actor) -> list[Side]:
        mine = self.filter(pk=row.pk)
        if isinstance(by, PeerActor):
            return [Side(row.peer_holds)] if row.peer_id == by.peer_id else []
        if isinstance(by, Credential):
            found = {Side.SENDER: mine.sent_by(by.organisation), Side.RECEIVER: mine.addressed_to(by.organisation)}
        elif isinstance(by, User):
            found = {Side.SENDER: mine.sent_side_of(by), Side.RECEIVER: mine.received_side_of(by)}
        else:
            return []
        sides = [side for side, rows in found.items() if rows.exists()]
        # On paper, the sender notes here what the receiver says by telephone or sends back.
        return [Side.SENDER, Side.RECEIVER] if row.is_on_paper and Side.SENDER in sides else sides


def late_to_accept(now: datetime) -> Q:
    """Nobody accepted in time."""
    return Q(state__in=TO_ACCEPT, accept_by__lt=now)


def late_to_answer(now: datetime) -> Q:
    """Accepted, and not answered in time."""
    return Q(state__in=TO_ANSWER, answer_by__lt=now, paused_at=None)


def _side_of(act: str, row: Referral) -> Side:
    if act == "feed_back":
        return Side.RECEIVER if row.teller == Teller.RECEIVER else Side.SENDER
    return Side.RECEIVER if act in RECEIVER_ACTS else Side.SENDER


def _on_sender_side(user: User) -> Q:
    """Focal points of the sender within their zone; its desk; whoever sent it."""
    here = Q(sender=user.organisation_id) & _HERE[Side.SENDER]
    zone = _in_zone(user)
    if user.has_role(Role.OPERATOR):
        ordinary = _in_lane(Lane.ORDINARY)
    elif user.has_role(Role.FOCAL_POINT):
        # An empty condition, which is the whole country, would be lost in an "or".
        ordinary = _in_lane(Lane.ORDINARY) & (zone | Q(created_by=user) if zone else zone)
    else:
        ordinary = NOTHING
    return here & (ordinary | (_restricted_of(user) & zone))


def _on_receiver_side(user: User) -> Q:
    """Focal points of the receiver within their zone and office. Drafts are the sender's alone."""
    here = Q(receiver=user.organisation_id) & ~Q(state=_S.DRAFT) & _in_zone(user) & _HERE[Side.RECEIVER]
    if user.office_id is not None:
        here &= Q(receiver_office=None) | Q(receiver_office=user.office_id)
    ordinary = _in_lane(Lane.ORDINARY) if user.has_role(Role.FOCAL_POINT) else NOTHING
    return here & (ordinary | _restricted_of(user))


def _in_lane(lane: Lane) -> Q:
    """By the case as it is classified today; of one that was protected, as it was then."""
    return Q(case__lane=lane, kept_for="")


def _restricted_of(user: User) -> Q:
    """Restricted matters of the kinds this person is named for, and only those."""
    kinds = [kind.value for kind, role in RESTRICTED_ROLES.items() if user.has_role(role)]
    if not kinds:
        return NOTHING
    return Q(case__lane=Lane.RESTRICTED, case__restricted_kind__in=kinds) | Q(kept_for__in=kinds)


def _in_zone(user: User) -> Q:
    if not user.pcodes:
        return Q()
    return Q(place=None) | Q(place__pcode__in=user.pcodes) | Q(place__parent__pcode__in=user.pcodes)


def implicates(user: User) -> Exists:
    """Whether the case implicates this person, their office or their organisation."""
    theirs = naming(user.pk, user.organisation_id, user.office_id)
    return Exists(CaseImplicated.objects.filter(theirs, case=OuterRef("case")))


def waiting_on_others(rows: ReferralQuerySet) -> ReferralQuerySet:
    """Of the sender's referrals, those in the receiver's hands (a question waits for the sender)."""
    return rows.filter(state__in=LIVE).exclude(state=_S.INFO_REQUESTED).order_by(F("answer_by").asc(nulls_last=True))
