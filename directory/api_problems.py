"""Errors of the API as a program can read them (RFC 9457), in the caller's language; one handler for all of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.transitions import Conflict, Refused

PROBLEM_TYPE = "application/problem+json"
KEPT_HEADERS = ("WWW-Authenticate", "Retry-After", "Allow")

# By status, unless the error itself says more.
CODES = {
    400: "bad-request",
    401: "no-credential",
    403: "missing-scope",
    404: "not-found",
    405: "method",
    406: "format",
    409: "acted-meanwhile",
    412: "changed-meanwhile",
    413: "too-large",
    415: "media-type",
    422: "refused",
    429: "too-many",
    500: "broken",
    503: "unavailable",
}


class Problem(serializers.Serializer[dict[str, Any]]):
    """An error as RFC 9457 writes it; `type` ends in a code that stays; `errors` names the fields at fault."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(required=False)  # type: ignore[assignment]  # the name that RFC 9457 uses


class Coded(APIException):
    """One whose `default_code` ends its `type`."""


class ChangedMeanwhile(Coded):
    """`If-Match` names another version than the present one."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = gettext_lazy("Ceci a changé depuis votre lecture. Relisez, puis décidez.")
    default_code = "changed-meanwhile"


class InFlight(Coded):
    """The same request, under the same key, is being answered at this moment."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = gettext_lazy("Une demande sous la même clé est en cours. Répétez-la dans un instant.")
    default_code = "in-flight"
    wait = 1


class KeyUsed(Coded):
    """The key was given with another request before."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = gettext_lazy("Cette clé d’idempotence a déjà servi à une autre demande.")
    default_code = "key-used"


def problem_of(error: Exception, context: dict[str, Any]) -> Response | None:
    """Any refusal as a problem; None leaves the error to the server, which answers `broken`."""
    if isinstance(error, Refused):
        return _problem(409 if isinstance(error, Conflict) else 422, str(error.reason))
    if isinstance(error, RequestDataTooBig):
        return _problem(413, _("Ce qui est envoyé est trop grand."))
    response = exception_handler(error, context)
    if response is None:
        return None
    problem = _problem(response.status_code, _detail(error), _errors(error), _code(error))
    for name in KEPT_HEADERS:
        if name in response:
            problem[name] = response[name]
    return problem


def broken(request: HttpRequest) -> JsonResponse:
    """An accident of ours, told without a word of what was sent."""
    body = _body(500, _("Une erreur de notre côté. Répétez la demande ; si elle persiste, prévenez-nous."))
    return JsonResponse(body, status=500, content_type=PROBLEM_TYPE)


def crowded(request: HttpRequest) -> JsonResponse:
    """Too many requests of the caller's address are being answered at this moment; nothing of this one was done."""
    body = _body(429, _("Trop de demandes de votre adresse en même temps. Répétez celle-ci dans quelques secondes."))
    return JsonResponse(body, status=429, content_type=PROBLEM_TYPE)


def title_of(code: int) -> str:
    titles = {
        400: _("Demande mal formée"),
        401: _("Jeton manquant ou refusé"),
        403: _("Droit manquant"),
        404: _("Introuvable"),
        405: _("Méthode non admise"),
        406: _("Format non disponible"),
        409: _("Quelqu’un a agi entre-temps"),
        412: _("Changé entre-temps"),
        413: _("Trop grand"),
        415: _("Format non reconnu"),
        422: _("Acte refusé"),
        429: _("Trop de demandes"),
        503: _("Service indisponible"),
    }
    return titles.get(code, _("Erreur"))


def _problem(code: int, detail: str, errors: Any = None, slug: str = "") -> Response:
    body = _body(code, detail, slug)
    if errors:
        body["errors"] = errors
    return Response(body, status=code, content_type=PROBLEM_TYPE)


def _body(code: int, detail: str, slug: str = "") -> dict[str, Any]:
    kind = f"{settings.PUBLIC_URL}/api/docs/#{slug or CODES.get(code, 'error')}"
    return {"type": kind, "title": title_of(code), "status": code, "detail": detail}


def _code(error: Exception) -> str:
    return error.default_code if isinstance(error, Coded) else ""


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
