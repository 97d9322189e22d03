"""What every view of the API shares: one scope check, a rate, versions (ETag), and requests that can be repeated."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpResponseNotModified
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from core.index import keyed_hash
from core.unbroken import unbroken
from directory import idempotency
from directory.api_auth import Credential
from directory.api_description import PartnerSchema
from directory.api_problems import ChangedMeanwhile, InFlight, KeyUsed, problem_of

KEY = re.compile(r"[\x21-\x7e]{1,200}")
KEY_HEADER = "Idempotency-Key"
# Without the sign that no database keeps; where something must be said, one that is to be seen.
ANY_TEXT = r"^[^\u0000]+$"
SOME_TEXT = r"^[^\u0000]*[^\s\u0000-\u0020\u0085][^\u0000]*$"
Post = Callable[..., Response]


class JsonParser(JSONParser):
    """JSON whose texts can be stored and shown again; nested beyond reading, it is none."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return unbroken(super().parse(*args, **kwargs))
        except RecursionError as error:
            raise ParseError from error


class Text(serializers.CharField):
    """A string, and nothing that merely can be written as one."""

    @property
    def described(self) -> dict[str, str]:
        """What the description says of it, beside its length."""
        return {"pattern": ANY_TEXT if self.allow_blank else SOME_TEXT}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        # before the spaces around it are taken off
        if self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """True or false, and no other spelling of them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Number(serializers.IntegerField):
    """A whole number, and no text that reads like one."""

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class Id(serializers.UUIDField):
    """A UUID as a string, and no number that could be one."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class CredentialThrottle(UserRateThrottle):
    """So many requests a minute for one credential; beyond it 429, with `Retry-After`."""

    scope = "credential"

    def get_rate(self) -> str | None:
        return f"{settings.API_REQUESTS_PER_MINUTE}/min" if settings.API_REQUESTS_PER_MINUTE else None


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
        self.check_size(request)

    def choice(self, name: str, known: Collection[str]) -> str:
        """A filter of the address, "" if not given. Raises ValidationError for a value there is not."""
        said = self.request.query_params.getlist(name)
        if said and (len(said) > 1 or said[0] not in known):
            raise ValidationError({name: [_("État inconnu.") if name == "state" else _("Valeur inconnue.")]})
        return str(said[0]) if said else ""

    def check_size(self, request: Request) -> None:
        """Raises RequestDataTooBig for what is longer than this view takes."""
        request.body  # noqa: B018  read whole, so that its size is bounded and it can be told from another

    def said_in(self, request: Request) -> bytes:
        """What the request says, the same for its repeat."""
        body: bytes = request.body
        return body

    def again(self, made: str, **_arguments: Any) -> Response:
        """The answer to a repeated request, from what the first one made, as it may be read now."""
        raise NotImplementedError

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """With its version; 304 when the caller has it already."""
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code >= 300 or not (isinstance(response, Response) or "ETag" in response):
            return response
        if "ETag" not in response:
            response["ETag"] = tag_of(response.data)
        known = parse_etags(request.headers.get("If-None-Match", ""))
        if request.method in ("GET", "HEAD") and _is_known(response["ETag"], known):
            return HttpResponseNotModified(headers={"ETag": response["ETag"]})
        return response

    def get_exception_handler(self) -> Any:
        return problem_of


class Unknown(PartnerView):
    """An address of the API that does not exist, whatever is asked of it."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super(PartnerView, self).initial(request, *args, **kwargs)
        raise Http404


class Pages(CursorPagination):
    """Pages that stay in place while rows arrive."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    parameters: ClassVar[frozenset[str]] = frozenset({"cursor", "page_size"})

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        said = request.query_params.getlist(self.page_size_query_param)
        if said and not (len(said) == 1 and re.fullmatch(r"[1-9]\d{0,2}", said[0]) and int(said[0]) <= 200):
            problem = _("Donnez un nombre de 1 à %(largest)s.") % {"largest": self.max_page_size}
            raise ValidationError({self.page_size_query_param: [problem]})
        return super().paginate_queryset(queryset, request, view=view)


def once(post: Post) -> Post:
    """A POST, in one transaction; with `Idempotency-Key`, a repeat of it does nothing new and is answered the same.

    What failed has done nothing and leaves its key free.
    """

    @wraps(post)
    def handle(self: PartnerView, request: Request, **arguments: Any) -> Response:
        key = key_of(request)
        if not key:
            with transaction.atomic():
                return post(self, request, **arguments)
        try:
            row = idempotency.claim(self.credential.organisation, key, fingerprint_of(request, self.said_in(request)))
            return _repeated(self, row, arguments) if row.status else _first(self, post, request, row, arguments)
        except idempotency.StillRunning as error:
            raise InFlight from error
        except idempotency.AnotherRequest as error:
            raise KeyUsed from error

    handle.is_once = True  # type: ignore[attr-defined]  # what a test looks for on every POST
    return handle


def key_of(request: Request) -> str:
    """The caller's idempotency key, "" if none. Raises ValidationError."""
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return ""
    if not KEY.fullmatch(key):
        raise ValidationError({KEY_HEADER: [_("Une clé a de 1 à 200 caractères visibles, sans accent ni espace.")]})
    return key


def fingerprint_of(request: Request, said: bytes) -> str:
    """Tells one request from another, whatever the key's age; `said`: what the view's `said_in` found in it."""
    return idempotency.fingerprint_of(key_of(request), f"{request.method} {request.path}", said)


def check_version(request: Request, data: Any) -> None:
    """Raises ChangedMeanwhile when the caller's `If-Match` is not this data's version; call with the row locked."""
    said = request.headers.get("If-Match")
    if said is None or said.strip() == "*":
        return
    if tag_of(data) not in parse_etags(said):
        raise ChangedMeanwhile


def tag_of(data: Any) -> str:
    """The version of an answer: it changes with any word of it, and says none."""
    return f'"{keyed_hash(JSONRenderer().render(data).decode(), "etag")[:32]}"'


def _first(view: PartnerView, post: Post, request: Request, row: Any, arguments: dict[str, Any]) -> Response:
    try:
        with transaction.atomic():
            response = post(view, request, **arguments)
            made = response.data.get("id", "") if isinstance(response.data, dict) else ""
            idempotency.finish(row, response.status_code, str(made))
    except BaseException:
        idempotency.release(row)
        raise
    return response


def _repeated(view: PartnerView, row: Any, arguments: dict[str, Any]) -> Response:
    response = view.again(row.made, **arguments)
    response.status_code = row.status
    response["Idempotency-Replayed"] = "true"
    return response


def _is_known(tag: str, known: list[str]) -> bool:
    """Compared weakly, as RFC 9110 §13.1.2 asks for `If-None-Match`."""
    return known == ["*"] or tag in {one.removeprefix("W/") for one in known}


def _credential(request: Request) -> Credential:
    found: Any = request.user
    assert isinstance(found, Credential)  # noqa: S101  HasScope let it through
    return found
