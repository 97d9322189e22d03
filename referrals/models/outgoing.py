from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from referrals.enums import DeliveryState


class Outgoing(models.Model):
    """What is posted to another system: a row first, sent after commit, tried until it was taken (`patience`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    answered = models.PositiveSmallIntegerField(null=True, help_text="the HTTP status of the last attempt")
    tried_at = models.DateTimeField(null=True)

    # What is never posted by itself.
    by_hand = Q(pk=None)

    class Meta:
        abstract = True
