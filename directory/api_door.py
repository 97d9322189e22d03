"""What every view of the API shares: one scope check, a rate, and errors that a program can read (RFC 9457)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView, exception_handler

from core.transitions import Conflict, Refused
from core.unbroken import unbroken
from directory.api_auth import Credential

PROBLEM_TYPE = "application/problem+json"
EVERYWHERE = (400, 401, 403, 404, 405, 406, 415, 429)


class JsonParser(JSONParser):
    """JSON whose texts can be stored and shown again; nested beyond reading, it is none."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return unbroken(super().parse(*args, **kwargs))
        except RecursionError as error:
            raise ParseError from error


class Problem(serializers.Serializer[dict[str, Any]]):
    """An error as RFC 9457 writes it; `errors` names the fields at fault."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(required=False)  # type: ignore[assignment]  # the name that RFC 9457 uses


class Text(serializers.CharField):
    """A string, and nothing that merely can be written as one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """True or false, and no other spelling of them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class CredentialThrottle(UserRateThrottle):
    """So many requests a minute for one credential."""

    scope = "credential"


class PartnerSchema(AutoSchema):
    """Adds to each operation the errors that it can answer with."""

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        shape: Any = self._get_response_for_code
        bodies = super()._get_response_bodies(direction=direction)
        for code in (*getattr(self.view, "problems", ()), *EVERYWHERE):
            problem = OpenApiResponse(Problem, description=_title(code))
            bodies.setdefault(str(code), shape(problem, str(code), [PROBLEM_TYPE], direction))
        return bodies


class PartnerView(APIView):
    """A view of the API. `required_scopes`: what a credential must hold. `problems`: errors beside the usual."""

    schema = PartnerSchema()
    parser_classes = [JsonParser]
    throttle_classes = [CredentialThrottle]
    required_scopes: ClassVar[tuple[str, ...]] = ()
    problems: ClassVar[tuple[int, ...]] = ()
    # A filter misspelt must not answer with everything: what is not named here is refused.
    parameters: ClassVar[frozenset[str]] = frozenset()

    @property
    def credential(self) -> Credential:
        """Who calls."""
        return _credential(self.request)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        unknown = set(request.query_params) - self.parameters
        if unknown:
            raise ValidationError({name: [_("Paramètre inconnu.")] for name in sorted(unknown)})

    def get_exception_handler(self) -> Any:
        return problem_of


class Unknown(PartnerView):
    """An address of the API that does not exist."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404


def problem_of(error: Exception, context: dict[str, Any]) -> Response | None:
    """Any refusal as a problem; None leaves the error to the server."""
    if isinstance(error, Refused):
        code = status.HTTP_409_CONFLICT if isinstance(error, Conflict) else status.HTTP_422_UNPROCESSABLE_ENTITY
        return _problem(code, str(error.reason))
    response = exception_handler(error, context)
    if response is None:
        return None
    problem = _problem(response.status_code, _detail(error), _errors(error))
    for name in ("WWW-Authenticate", "Retry-After", "Allow"):
        if name in response:
            problem[name] = response[name]
    return problem


def _problem(code: int, detail: str, errors: Any = None) -> Response:
    body = {"type": "about:blank", "title": _title(code), "status": code, "detail": detail}
    if errors:
        body["errors"] = errors
    return Response(body, status=code, content_type=PROBLEM_TYPE)


def _detail(error: Exception) -> str:
    if isinstance(error, Http404):
        return _("Cela n’existe pas.")
    if isinstance(error, PermissionDenied):
        return _("Vos droits ne le permettent pas.")
    if isinstance(error, ValidationError):
        return _("Certaines valeurs sont à corriger.")
    return str(error.detail) if isinstance(error, APIException) else ""


def _errors(error: Exception) -> Any:
    if not isinstance(error, ValidationError):
        return None
    return error.detail if isinstance(error.detail, dict) else {"": error.detail}


def _title(code: int) -> str:
    titles = {
        400: _("Demande mal formée"),
        401: _("Jeton manquant ou refusé"),
        403: _("Droit manquant"),
        404: _("Introuvable"),
        405: _("Méthode non admise"),
        406: _("Format non disponible"),
        409: _("Quelqu’un a agi entre-temps"),
        415: _("Format non reconnu"),
        422: _("Acte refusé"),
        429: _("Trop de demandes"),
        503: _("Service indisponible"),
    }
    return titles.get(code, _("Erreur"))


def _credential(request: Request) -> Credential:
    found: Any = request.user
    assert isinstance(found, Credential)  # noqa: S101  HasScope let it through
    return found
