"""OAuth 2.0 client credentials: the library keeps the rules of the exchange; out comes a token like any other."""

from __future__ import annotations

from typing import Any

from oauth2_provider.models import Application
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes

from directory.credentials import ApiScope, keep_token, living_clients
from directory.models import ApiClient


class ClientScopes(BaseScopes):  # type: ignore[misc]  # the library publishes no types
    """The scopes there are; and of them, those that a client was given: also what it gets when it names none."""

    def get_all_scopes(self) -> dict[str, str]:
        return {scope.value: str(scope.label) for scope in ApiScope}

    def get_available_scopes(self, application: Any = None, *_: Any, **__: Any) -> list[str]:
        client = client_of(application)
        return list(client.scopes) if client is not None else []

    get_default_scopes = get_available_scopes


class ClientValidator(OAuth2Validator):  # type: ignore[misc]  # the library publishes no types
    """Lets living clients in, and keeps their tokens as a hash where `token_for` finds them."""

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        return bool(super().authenticate_client(request, *args, **kwargs)) and client_of(request.client) is not None

    def save_bearer_token(self, token: dict[str, Any], request: Any, *args: Any, **kwargs: Any) -> None:
        client = client_of(request.client)
        assert client is not None  # noqa: S101  authenticate_client let it through
        keep_token(client, token["access_token"], token["scope"].split(), seconds=token["expires_in"])


def client_of(application: Application | None) -> ApiClient | None:
    """The living client that this application is of."""
    if application is None:
        return None
    return living_clients().select_related("organisation", "application").filter(application=application).first()
