from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from psea.enums import KeyKind, Part
from psea.models.cases import SealedCase
from psea.querysets import HandlerKeyQuerySet, WrapQuerySet


class HandlerKey(models.Model):
    """One handler's key: the public half to wrap for them, the private half locked by their passphrase.

    Ids of people and organisations are plain values: nothing points out of the vault.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user_id = models.BigIntegerField(null=True, db_index=True)
    organisation_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=20, choices=KeyKind.choices, default=KeyKind.PERSON)
    public_key = models.BinaryField(max_length=32)
    locked_private = models.BinaryField()
    epoch = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, help_text="the passphrase was typed back")
    retired_at = models.DateTimeField(null=True)

    objects = HandlerKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=KeyKind.RECOVERY) ^ models.Q(user_id__isnull=False),
                name="psea_key_is_a_persons_or_recovery",
            ),
            models.UniqueConstraint(fields=["user_id", "epoch"], name="psea_key_once_per_epoch"),
            models.UniqueConstraint(
                fields=["user_id"],
                condition=models.Q(confirmed_at__isnull=False, retired_at__isnull=True),
                name="psea_one_living_key_per_person",
                violation_error_message=_("Cette personne a déjà une clé."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_living(self) -> bool:
        return self.confirmed_at is not None and self.retired_at is None


class Wrap(models.Model):
    """The data key of one part of a case, wrapped for one reader."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(SealedCase, models.CASCADE, related_name="wraps")
    handler_key = models.ForeignKey(HandlerKey, models.PROTECT, related_name="wraps")
    part = models.CharField(max_length=10, choices=Part.choices)
    blob = models.BinaryField()

    objects = WrapQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "handler_key", "part"], name="psea_wrap_once_per_reader"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
