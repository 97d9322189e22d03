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

from directory.credentials import token_for
from directory.models import Organisation


@dataclass(frozen=True)
class Credential:
    """A partner's system, acting for its organisation within its scopes."""

    organisation: Organisation
    scopes: frozenset[str]
    identifier: str

    actor_kind = "integration"
    is_authenticated = True

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
        return Credential(token.organisation, frozenset(token.scopes), f"token:{token.pk}"), None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="jaabi"'


class HasScope(BasePermission):
    """Lets through a credential that holds every one of the view's `required_scopes`."""

    def has_permission(self, request: Request, view: Any) -> bool:
        credential: Any = request.user
        required = getattr(view, "required_scopes", None)
        return isinstance(credential, Credential) and required is not None and set(required) <= credential.scopes


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself on definition
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
