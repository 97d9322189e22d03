from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from referrals.enums import EnvelopeKind, Taken
from referrals.models.message import ReferralMessage
from referrals.models.outgoing import Outgoing
from referrals.models.peer import Peer
from referrals.models.referral import Referral


class EnvelopeOut(Outgoing):
    """One envelope for a peer. What it says is read when it leaves, from what may leave then: no word is kept here.

    `detail` tells apart acts of one kind. `reason`: the code with which the peer refused it.
    """

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="envelopes_out")
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="envelopes_out")
    kind = models.CharField(max_length=12, choices=EnvelopeKind.choices)
    detail = models.CharField(max_length=20, blank=True)
    sequence = models.PositiveIntegerField()
    cycle = models.PositiveSmallIntegerField()
    message = models.ForeignKey(ReferralMessage, models.CASCADE, null=True, related_name="+")
    reason = models.CharField(max_length=40, blank=True)

    by_hand = Q(peer__url="")

    class Meta:
        ordering = ["sequence"]
        indexes = [models.Index(fields=["state", "not_before"], name="envelope_due")]
        constraints = [models.UniqueConstraint(fields=["referral", "sequence"], name="envelope_sequence_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.sequence}"


class EnvelopeIn(models.Model):
    """That a peer's envelope was taken: so that it is taken once. No word of it is here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    peer = models.ForeignKey(Peer, models.CASCADE, related_name="envelopes_in")
    envelope = models.UUIDField()
    kind = models.CharField(max_length=12, choices=EnvelopeKind.choices)
    detail = models.CharField(max_length=20, blank=True)
    sequence = models.PositiveIntegerField()
    referral = models.ForeignKey(Referral, models.CASCADE, null=True, related_name="envelopes_in")
    ref = models.CharField(max_length=64, help_text="the referral's id at its sender")
    taken_as = models.CharField(max_length=12, choices=Taken.choices, default=Taken.TAKEN)
    taken_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["taken_at"]
        indexes = [models.Index(fields=["peer", "ref"], name="envelope_of_ref")]
        constraints = [
            models.UniqueConstraint(
                fields=["peer", "envelope"],
                name="envelope_taken_once",
                violation_error_message=_("Cette enveloppe a déjà été prise."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sequence}"
