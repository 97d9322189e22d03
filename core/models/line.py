from __future__ import annotations

import json
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.sealed_models import OnlineSealed, SealedField


class Line(OnlineSealed):
    """One number of ours on one carrier: people write to it, and are written to from it.

    `kind` names a module of `core/gateways`. What proves to it who we are is sealed, and shown to nobody.
    """

    name = models.SlugField(_("nom dans l'adresse"), max_length=20, unique=True)
    kind = models.CharField(_("passerelle"), max_length=30, editable=False)
    label = models.CharField(_("nom"), max_length=60)
    number = models.CharField(_("numéro ou nom d'expéditeur"), max_length=30, blank=True)
    said = models.JSONField(default=dict, editable=False)
    sealed_secrets = SealedField()
    is_active = models.BooleanField(_("en service"), default=False, editable=False)
    is_default = models.BooleanField(_("par défaut"), default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["label", "name"]
        verbose_name = _("ligne")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="line_one_default",
                violation_error_message=_("Une seule ligne écrit par défaut."),
            ),
            models.CheckConstraint(
                condition=models.Q(is_default=False) | models.Q(is_active=True),
                name="line_default_is_active",
                violation_error_message=_("La ligne par défaut est en service."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def secrets(self) -> dict[str, str]:
        """What proves to the carrier who we are, by name. Raises SealBroken."""
        found: dict[str, str] = json.loads(self.unsealed("sealed_secrets") or "{}")
        return found

    def seal_secrets(self, secrets: dict[str, str]) -> None:
        """Replaces all secrets; saving is the caller's."""
        self.seal(sealed_secrets=json.dumps(secrets) if secrets else "")


class LineTrace(models.Model):
    """When something last came by a line, or was refused there. One row per line, those of the environment too."""

    name = models.CharField(primary_key=True, max_length=20)
    received_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    kept_count = models.PositiveIntegerField(null=True, help_text="messages whose text the carrier still held")
    counted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Erasure(models.Model):
    """Something of ours that a carrier still holds and is to erase. The row goes once that is done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gateway = models.CharField(max_length=20)
    resource = models.CharField(max_length=120)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(db_index=True)
    reason = models.CharField(max_length=80, blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "resource"], name="erasure_once_per_resource")]

    def __str__(self) -> str:
        return self.gateway


class Quarantined(OnlineSealed):
    """A request that was refused at a line's address, sealed whole. The row goes once it is taken in, or too old."""

    gateway = models.CharField(max_length=20)
    reason = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, editable=False)
    request = SealedField()
    is_to_verify = models.BooleanField(default=False, help_text="its line was mended since")
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "digest"], name="quarantined_once_per_request")]
        indexes = [models.Index(fields=["gateway", "recorded_at"], name="quarantined_lately")]

    def __str__(self) -> str:
        return f"{self.gateway} {self.reason}"
