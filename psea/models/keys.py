from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.marks import MarkField
from core.sealing import Context
from psea.enums import KeyKind, Part
from psea.models.cases import SealedCase
from psea.models.ringed import Ringed
from psea.querysets import HandlerKeyQuerySet


class HandlerKey(models.Model):
    """One handler's key: the public half to wrap for them, the private half locked by their passphrase.

    Beside the passphrase a printed code opens it. `signing_key` is the public half with which a coordinator approves
    the keys of others. A recovery key is nobody's, and locked by nothing: two custodians hold it (`RecoveryShare`).
    Ids of people and organisations are plain values: nothing points out of the vault.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user_id = models.BigIntegerField(null=True, db_index=True)
    organisation_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=20, choices=KeyKind.choices, default=KeyKind.PERSON)
    public_key = models.BinaryField(max_length=32)
    signing_key = models.BinaryField(max_length=32, null=True)
    locked_private = models.BinaryField(null=True, help_text="by the passphrase")
    locked_by_code = models.BinaryField(null=True, help_text="by the printed code")
    next_locked_private = models.BinaryField(null=True, help_text="by a new passphrase that was not typed back yet")
    next_locked_by_code = models.BinaryField(null=True)
    epoch = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, help_text="passphrase and code were typed back")
    retired_at = models.DateTimeField(null=True)
    proved_at = models.DateTimeField(null=True, help_text="its owner last opened it")

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


class Approval(models.Model):
    """One coordinator's signature: this key is this person's, of this organisation, and may be given these capacities.

    `may`: names of roles, and "investigation" or "recovery", in order, with commas. What is signed is in `psea.trust`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handler_key = models.ForeignKey(HandlerKey, models.CASCADE, related_name="approvals")
    signer = models.BinaryField(max_length=32)
    signed_by = models.BigIntegerField()
    may = models.CharField(max_length=300)
    until = models.DateField()
    signature = models.BinaryField()
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handler_key", "signer"], name="psea_one_approval_per_signer"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Wrap(Ringed):
    """The data key of one part of a case, wrapped for one reader, or nothing that looks the same; under the ring.

    `tag` says whose it is to whoever holds `VAULT_INDEX_KEY` and knows the reader's key (`psea.tags.reader_tag`); to
    a copy of the database it says nothing, and neither does the number of rows (`psea.wraps`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(SealedCase, models.CASCADE, related_name="wraps")
    part = models.CharField(max_length=10, choices=Part.choices)
    tag = MarkField(max_length=64, vault=True)
    blob = models.BinaryField()

    RINGED = "blob"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tag"], name="psea_wrap_once_per_reader"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def ring_context(self) -> Context:
        """Bound to case and part: which row of them it stands in changes as readers come and go."""
        return Context(self._meta.db_table, str(self.case_id), self.part)
