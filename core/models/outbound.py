from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.marks import MarkField
from core.sealed_models import OnlineSealed, SealedField


class Outbound(OnlineSealed):
    """A message to someone: a row first, sent after commit, safe to run twice."""

    class Way(models.TextChoices):
        SMS = "sms", _("SMS")
        EMAIL = "email", _("courriel")

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("accusé de réception")
        MENU = "menu", _("réponse automatique")
        ANSWER = "answer", _("réponse")
        QUESTION = "question", _("question")
        NOTICE = "notice", _("avis")
        URGENT = "urgent", _("avis urgent")

    class State(models.TextChoices):
        QUEUED = "queued", _("en file")
        SENDING = "sending", _("en cours d'envoi")
        SENT = "sent", _("envoyé")
        DELIVERED = "delivered", _("remis")
        FAILED = "failed", _("échoué")

    way = models.CharField(max_length=10, choices=Way.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    recipient = SealedField()
    recipient_hash = MarkField(max_length=64, blank=True, editable=False, help_text="of an SMS, until it left")
    subject = SealedField()
    body = SealedField()
    gateway = models.CharField(max_length=20, blank=True)
    template = models.CharField(max_length=20, blank=True, help_text="our name of it, where the carrier approves texts")
    provider_id = models.CharField(max_length=80, blank=True, db_index=True)
    reason = models.CharField(max_length=120, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    dedupe_key = models.CharField(max_length=120, unique=True, null=True)  # noqa: DJ001  unique among those that have one
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True, help_text="delivered or failed for good")

    class Meta:
        indexes = [
            models.Index(fields=["state", "not_before"], name="outbound_due"),
            models.Index(
                fields=["recipient_hash"], name="outbound_waiting_for", condition=~models.Q(recipient_hash="")
            ),
            models.Index(
                fields=["sent_at", "kind", "state", "settled_at"],
                name="outbound_sms_that_left",
                condition=models.Q(way="sms", sent_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["sent", "delivered"]) | models.Q(sent_at__isnull=False),
                name="outbound_sent_has_date",
            )
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.kind} {self.state}"
