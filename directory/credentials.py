"""Credentials of other systems: issued once, kept as a hash, checked by scope in one place."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import Application

from core import audit
from core.actors import Actor
from directory.models import ApiClient, ApiToken, Organisation

PREFIX = "jaabi_"


class ApiScope(TextChoices):
    CASES_WRITE = "cases:write", _("Déposer des retours")
    CASES_READ = "cases:read", _("Lire les dossiers triés qui la concernent ou qu’elle a déposés")
    FEEDBACK_WRITE = "feedback:write", _("Remettre les retours que son organisation recueille avec son propre système")
    REFERRALS_READ = "referrals:read", _("Lire les référencements reçus et envoyés")
    REFERRALS_WRITE = "referrals:write", _("Envoyer des référencements et agir sur eux")
    SERVICES_READ = "services:read", _("Lire ses services, et ceux des autres qui ne sont pas confidentiels")
    SERVICES_WRITE = "services:write", _("Tenir à jour ses services")
    AUDIT_READ = "audit:read", _("Lire les points de contrôle signés du journal")
    WORKPLAN_READ = "workplan:read", _("Lire le plan et ses chiffres")
    WORKPLAN_WRITE = "workplan:write", _("Tenir les registres des indicateurs que son organisation rapporte")


@transaction.atomic
def issue(organisation: Organisation, name: str, scopes: list[str], *, by: Actor) -> tuple[ApiToken, str]:
    """In: for whom, a name, scopes. Out: the row, and the token itself, which cannot be shown again."""
    raw = new_token()
    token = ApiToken.objects.create(organisation=organisation, name=name, scopes=scopes, hash=_hash(raw))
    audit.record("directory.apitoken.issue", by=by, target=token)
    return token, raw


@transaction.atomic
def revoke(token: ApiToken, *, by: Actor) -> None:
    """Ends a token at once."""
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    audit.record("directory.apitoken.revoke", by=by, target=token)


@transaction.atomic
def create_client(organisation: Organisation, name: str, scopes: list[str], *, by: Actor) -> tuple[ApiClient, str]:
    """In: for whom, a name, scopes. Out: the client, and its secret, which cannot be shown again."""
    secret = secrets.token_urlsafe(48)
    application = Application.objects.create(
        name=name,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        client_secret=secret,
    )
    client = ApiClient.objects.create(application=application, organisation=organisation, scopes=scopes)
    audit.record("directory.apiclient.create", by=by, target=client)
    return client, secret


@transaction.atomic
def revoke_client(client: ApiClient, *, by: Actor) -> None:
    """Ends a client and every token it fetched, at once."""
    client.revoked_at = timezone.now()
    client.save(update_fields=["revoked_at"])
    client.tokens.all().delete()
    audit.record("directory.apiclient.revoke", by=by, target=client)


def living_clients() -> QuerySet[ApiClient]:
    return ApiClient.objects.filter(revoked_at=None, organisation__is_active=True)


def new_token(request: Any = None) -> str:
    """What a token is, however it is issued."""
    return PREFIX + secrets.token_urlsafe(32)


@transaction.atomic
def keep_token(client: ApiClient, raw: str, scopes: list[str], *, seconds: int) -> ApiToken:
    """A token that a client fetched: checked like any other, and over in so many seconds."""
    ends = timezone.now() + timedelta(seconds=seconds)
    return ApiToken.objects.create(
        organisation=client.organisation,
        client=client,
        name=client.application.name[:80],
        scopes=scopes,
        hash=_hash(raw),
        expires_at=ends,
    )


def forget_tokens(now: datetime) -> int:
    """Drops those that are over; out: how many."""
    return ApiToken.objects.filter(expires_at__lt=now).delete()[0]


def token_for(raw: str) -> ApiToken | None:
    """The living token that this secret is, of an active organisation; None otherwise."""
    rows = ApiToken.objects.select_related("organisation")
    running = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    token = rows.filter(running, hash=_hash(raw), revoked_at=None, organisation__is_active=True).first()
    if token is not None and token.last_used_on != timezone.localdate():
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=timezone.localdate())
    return token


def _hash(raw: str) -> str:
    return hashlib.sha256(raw.encode()).hexdigest()
