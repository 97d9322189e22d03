"""Credentials of other systems: issued once, kept as a hash, checked by scope in one place."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import Actor
from directory.models import ApiToken, Organisation

PREFIX = "jaabi_"


class ApiScope(TextChoices):
    CASES_WRITE = "cases:write", _("Déposer des retours")
    CASES_READ = "cases:read", _("Lire les dossiers triés qui la concernent ou qu’elle a déposés")
    REFERRALS_READ = "referrals:read", _("Lire les référencements reçus et envoyés")
    REFERRALS_WRITE = "referrals:write", _("Envoyer des référencements et agir sur eux")
    SERVICES_READ = "services:read", _("Lire ses services")
    SERVICES_WRITE = "services:write", _("Tenir à jour ses services")
    WORKPLAN_READ = "workplan:read", _("Lire le plan et ses chiffres")


@transaction.atomic
def issue(organisation: Organisation, name: str, scopes: list[str], *, by: Actor) -> tuple[ApiToken, str]:
    """In: for whom, a name, scopes. Out: the row, and the token itself, which cannot be shown again."""
    raw = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(organisation=organisation, name=name, scopes=scopes, hash=_hash(raw))
    audit.record("directory.apitoken.issue", by=by, target=token)
    return token, raw


@transaction.atomic
def revoke(token: ApiToken, *, by: Actor) -> None:
    """Ends a token at once."""
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    audit.record("directory.apitoken.revoke", by=by, target=token)


def token_for(raw: str) -> ApiToken | None:
    """The living token that this secret is, of an active organisation; None otherwise."""
    rows = ApiToken.objects.select_related("organisation")
    token = rows.filter(hash=_hash(raw), revoked_at=None, organisation__is_active=True).first()
    if token is not None and token.last_used_on != timezone.localdate():
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=timezone.localdate())
    return token


def _hash(raw: str) -> str:
    return hashlib.sha256(raw.encode()).hexdigest()
