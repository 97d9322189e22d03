from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.organisation import Organisation


class ApiToken(models.Model):
    """What lets an organisation's own system speak to the API. Only the hash is kept."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("nom"), max_length=80)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("droits"), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_on = models.DateField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["organisation", "name"]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.name}"
