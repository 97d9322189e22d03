from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.marks import MarkField
from core.sealed_models import OnlineSealed, SealedField
from feedback.enums import EnvelopeState


class Envelope(OnlineSealed):
    """What a gateway handed over: stored once, sealed, before anything is made of it.

    Once handled it keeps no text, no number and no link to a case; the provider's id stays, against repeats.
    """

    shares_key = True
    gateway = models.CharField(max_length=20)
    provider_id = models.CharField(max_length=120)
    sender = SealedField()
    recipient = SealedField()
    body = SealedField()
    receipt_number = SealedField()
    extras = SealedField()
    joint = MarkField(max_length=64, blank=True, help_text="shared by the parts of one message, until it is handled")
    part = models.PositiveSmallIntegerField(default=0)
    parts = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=EnvelopeState.choices, default=EnvelopeState.STORED)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway", "provider_id"], name="envelope_once_per_provider_id"),
            models.CheckConstraint(
                condition=~models.Q(state="handled")
                | models.Q(sender__isnull=True, body__isnull=True, receipt_number__isnull=True, data_key__isnull=True),
                name="envelope_handled_keeps_nothing",
                violation_error_message=_("Un message traité ne garde ni texte ni numéro."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"], name="envelope_waiting", condition=models.Q(state=EnvelopeState.STORED)
            ),
            models.Index(fields=["joint"], name="envelope_parts", condition=~models.Q(joint="")),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.state}"
