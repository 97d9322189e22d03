"""API: where another installation posts its envelopes (docs/exchange.md). A signature lets in, and no token."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from directory.api_description import PartnerSchema
from directory.api_door import CredentialThrottle, JsonParser
from directory.api_problems import Coded, problem_of
from referrals.enums import Taken
from referrals.exchange.refusals import Unacceptable
from referrals.exchange.shapes import EnvelopeShape
from referrals.exchange.signing import check_signature
from referrals.exchange.taking import take
from referrals.models import Peer


class NotTaken(Coded):
    """An envelope that is not taken, with its code."""

    def __init__(self, error: Unacceptable) -> None:
        super().__init__(str(error.reason))
        self.status_code, self.default_code = error.status, error.fault.value


@dataclass(frozen=True)
class Caller:
    """A peer whose signature was verified. `pk`: what its rate is counted by."""

    peer: Peer
    is_authenticated = True

    @property
    def pk(self) -> str:
        return f"peer:{self.peer.pk}"


class PeerSignature(BaseAuthentication):
    """Standard Webhooks, over the very bytes that came."""

    def authenticate(self, request: Request) -> tuple[Caller, None]:
        address: Any = request.parser_context
        peer = Peer.objects.open().filter(pk=address["kwargs"]["pk"]).first()
        if peer is None:
            raise Http404
        try:
            check_signature(peer, request.headers, request.body, timezone.now())
        except Unacceptable as error:
            raise NotTaken(error) from error
        return Caller(peer), None

    def authenticate_header(self, request: Request) -> str:
        return 'Webhook-Signature realm="jaabi"'


class IsPeer(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.user, Caller)


class TookShape(serializers.Serializer[Any]):
    """`status`: taken; known already; overtaken by a later act; or nothing of it is held."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(Taken.choices)


class SignedSchema(PartnerSchema):
    """Signed, and repeated under the envelope's own id: no idempotency key beside it."""

    def get_override_parameters(self) -> list[Any]:
        names = ("webhook-id", "webhook-timestamp", "webhook-signature")
        return [OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, required=True) for name in names]


class Exchange(APIView):
    schema = SignedSchema()
    authentication_classes = [PeerSignature]
    permission_classes = [IsPeer]
    throttle_classes = [CredentialThrottle]
    parser_classes = [JsonParser]
    problems = (409, 422)

    @extend_schema(operation_id="take_envelope", request=EnvelopeShape, responses={202: TookShape})
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Takes one envelope, once. 409: perhaps later, when what it speaks of has come; 422: not, and why."""
        caller: Any = request.user
        try:
            took = take(caller.peer, request.body)
        except Unacceptable as error:
            raise NotTaken(error) from error
        body = {"id": str(took.envelope), "status": took.taken_as.value}
        return Response(body, status=status.HTTP_202_ACCEPTED)

    def get_exception_handler(self) -> Any:
        return problem_of


class SignatureScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself on definition
    target_class = PeerSignature
    name = "peer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "apiKey", "in": "header", "name": "webhook-signature"}
