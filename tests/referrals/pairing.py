"""Two installations in one database: NRC works in one, HCR and the line in the other; envelopes are carried between."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from referrals.actions.peers import add_peer, keep_secret, name_organisation
from referrals.exchange.posting import body_of
from referrals.exchange.taking import Took, take
from referrals.models import EnvelopeOut, Peer, PeerOrganisation, Referral
from tests.cast import Cast

ORIGIN = ("hcr", "line")


@dataclass
class Pair:
    """`there`: NRC's installation, as the origin knows it; `here`: the origin, as NRC's installation knows it."""

    cast: Cast
    there: Peer
    here: Peer
    carried: list[dict[str, Any]] = field(default_factory=list)
    gone: set[Any] = field(default_factory=set)

    def carry(self) -> list[str]:
        """Everything that waits, each way, until nothing does; out: what went, as `kind` or `kind detail`."""
        went = []
        while waiting := [row for row in self.waiting() if row.pk not in self.gone]:
            for row in waiting:
                self.gone.add(row.pk)
                if self.bring(row) is not None:
                    went.append(f"{row.kind} {row.detail}".strip())
        return went

    def waiting(self) -> list[EnvelopeOut]:
        return list(EnvelopeOut.objects.select_related("peer").order_by("not_before", "sequence"))

    def bring(self, row: EnvelopeOut) -> Took | None:
        """One of them, to whom it is for; None when it says nothing any more."""
        row = EnvelopeOut.objects.get(pk=row.pk)
        body = body_of(row)
        if body is None:
            return None
        self.carried.append(json.loads(body))
        return take(self.here if row.peer == self.there else self.there, body)

    def at_nrc(self, referral: Referral) -> Referral:
        """The referral as NRC's installation has it."""
        return Referral.objects.get(peer=self.here, peer_ref=str(referral.pk))

    def last(self, kind: str) -> EnvelopeOut:
        return EnvelopeOut.objects.filter(kind=kind).latest("not_before")


def paired(cast: Cast, *kinds: str) -> Pair:
    """`kinds`: the restricted matters for which NRC declares a focal point."""
    there, their_inbox = add_peer("Le système de NRC", "", by=cast.adama)
    here, our_inbox = add_peer("La plateforme", "", by=cast.adama)
    keep_secret(there, our_inbox, by=cast.adama)
    keep_secret(here, their_inbox, by=cast.adama)
    for short in (*ORIGIN, "nrc"):
        organisation = cast.organisations[short]
        for peer, is_there in ((there, short == "nrc"), (here, short != "nrc")):
            known = list(kinds) if is_there and short == "nrc" else []
            row = PeerOrganisation(
                peer=peer, organisation=organisation, code=short, is_there=is_there, restricted_kinds=known
            )
            name_organisation(row, by=cast.adama)
    return Pair(cast, there, here)
