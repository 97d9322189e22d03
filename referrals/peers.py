"""Which organisations are reached in another installation, and what may go there."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.transitions import Sentence
from directory.enums import RestrictedKind
from directory.models import Organisation
from feedback.enums import Lane
from feedback.models import Case
from referrals.models import Peer, PeerOrganisation, Referral


def living_at(organisation: Organisation) -> PeerOrganisation | None:
    """Where this organisation works, if that is another installation."""
    rows = PeerOrganisation.objects.filter(organisation=organisation, is_there=True, peer__stopped_at=None)
    return rows.select_related("peer").first()


def living_elsewhere() -> QuerySet[PeerOrganisation, int]:
    """The ids of the organisations that work in another installation."""
    rows = PeerOrganisation.objects.filter(is_there=True, peer__stopped_at=None)
    return rows.values_list("organisation_id", flat=True)


def reached_elsewhere(case: Case) -> list[int]:
    """The organisations that this case could reach in another installation."""
    rows = PeerOrganisation.objects.filter(is_there=True, peer__stopped_at=None).select_related("organisation")
    return [row.organisation_id for row in rows if why_lane_stays(case, row) is None]


def known_to(peer: Peer, organisation: Organisation) -> PeerOrganisation | None:
    """The organisation as this peer knows it, on whichever side it works."""
    return PeerOrganisation.objects.filter(peer=peer, organisation=organisation).first()


def why_not_exchanged(case: Case, there: PeerOrganisation, sender: Organisation) -> Sentence | None:
    """None when this case may go to that organisation by exchange; else why not, for who sends it."""
    here = known_to(there.peer, sender)
    if here is None or here.is_there:
        return _("Votre organisation n’est pas inscrite auprès de l’installation « %(peer)s ».") % {"peer": there.peer}
    return why_lane_stays(case, there)


def why_lane_stays(case: Case, there: PeerOrganisation) -> Sentence | None:
    """A restricted matter goes only where a focal point of its kind is declared."""
    if case.lane != Lane.RESTRICTED or case.restricted_kind in there.restricted_kinds:
        return None
    facts = {"organisation": there.organisation, "kind": RestrictedKind(case.restricted_kind).label}
    return _("%(organisation)s n’a pas déclaré de point focal « %(kind)s » dans son installation : joignez-le.") % facts


def other_side(referral: Referral) -> PeerOrganisation | None:
    """The organisation of this referral that works in the other installation; None once it was taken off the list."""
    if referral.peer is None:
        return None
    theirs = referral.receiver if referral.is_elsewhere else referral.sender
    return known_to(referral.peer, theirs)


def inbox_of(peer: Peer) -> str:
    """The address at which this peer's envelopes are taken: what its administrators are told."""
    return f"{settings.PUBLIC_URL}/api/v1/exchange/{peer.pk}/"
