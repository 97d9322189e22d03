"""Who calls the API: one scope check, whatever the kind of credential."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from directory.credentials import ApiScope, token_for
from directory.models import Organisation


@dataclass(frozen=True)
class Credential:
    """A partner's system, acting for its organisation within its scopes."""

    organisation: Organisation
    scopes: frozenset[str]
    identifier: str

    actor_kind = "integration"
    is_authenticated = True
    # A system stands for its whole organisation: no office, no zone.
    office = None

    @property
    def organisation_id(self) -> int:
        return self.organisation.pk

    @property
    def actor_id(self) -> str:
        return self.identifier

    @property
    def pk(self) -> str:
        """What throttling counts by."""
        return self.identifier


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer jaabi_…`"""

    def authenticate(self, request: Request) -> tuple[Credential, None] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        token = token_for(words[1].decode(errors="replace")) if len(words) == 2 else None
        if token is None:
            raise AuthenticationFailed(_("Ce jeton n'est pas valable."))
        # Whatever token a client fetched, it is the same caller: to the audit, and to its rate.
        caller = f"client:{token.client_id}" if token.client_id is not None else f"token:{token.pk}"
        return Credential(token.organisation, frozenset(token.scopes), caller), None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="jaabi"'


class HasScope(BasePermission):
    """Lets through a credential that holds every scope that the view asks for this method."""

    def has_permission(self, request: Request, view: Any) -> bool:
        credential: Any = request.user
        required = scopes_of(view, request.method or "")
        return isinstance(credential, Credential) and required is not None and set(required) <= credential.scopes


def scopes_of(view: Any, method: str) -> tuple[str, ...] | None:
    """What a credential must hold: by method where `scopes_of` says so (the first of them for any other method)."""
    by_method: dict[str, tuple[str, ...]] = getattr(view, "scopes_of", {})
    if by_method:
        return by_method.get(method, next(iter(by_method.values())))
    required: tuple[str, ...] | None = getattr(view, "required_scopes", None)
    return required


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself on definition
    target_class = TokenAuthentication
    name = ["token", "client"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        scopes = {scope.value: str(scope.label) for scope in ApiScope}
        flow = {"tokenUrl": "/api/v1/oauth/token/", "scopes": scopes}
        return [{"type": "http", "scheme": "bearer"}, {"type": "oauth2", "flows": {"clientCredentials": flow}}]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[str]]]:
        """Either of the two; the scopes are those that the one check asks for."""
        asked = scopes_of(auto_schema.view, auto_schema.method) or ()
        return [{"token": []}, {"client": [str(scope) for scope in asked]}]
