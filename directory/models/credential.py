from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.organisation import Organisation


class ApiClient(models.Model):
    """An organisation's system that fetches its own short-lived tokens (RFC 6749 §4.4). Only its secret's hash is kept,
    by the application."""

    application = models.OneToOneField("oauth2_provider.Application", models.CASCADE, related_name="api_client")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="api_clients")
    scopes = models.JSONField(_("droits"), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["organisation", "pk"]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.application.name}"


class ApiToken(models.Model):
    """What lets an organisation's own system speak to the API. Only the hash is kept.

    One that a client fetched ends by itself, and with its client.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("nom"), max_length=80)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("droits"), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    client = models.ForeignKey(ApiClient, models.CASCADE, null=True, editable=False, related_name="tokens")
    expires_at = models.DateTimeField(null=True, editable=False, db_index=True)
    last_used_on = models.DateField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["organisation", "name"]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.name}"
