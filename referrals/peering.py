"""Who acts for an organisation that works in another installation: the installation itself, by its envelopes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from directory.models import Organisation


@dataclass(frozen=True)
class PeerActor:
    """A peer, acting for one of the organisations that live there.

    `ref`, `reference`: how the referral that it brings is named there.
    """

    peer_id: uuid.UUID
    organisation: Organisation
    ref: str = ""
    reference: str = ""

    actor_kind = "peer"
    # Which office it is, or which person, is not known here.
    office = None

    @property
    def organisation_id(self) -> int:
        return self.organisation.pk

    @property
    def actor_id(self) -> str:
        return str(self.peer_id)
