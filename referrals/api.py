"""API: an organisation's own system reads the referrals addressed to it, and acts on them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import confidential_read
from directory.api_door import Pages, PartnerView, check_version, once
from directory.credentials import ApiScope
from directory.models import Organisation, User
from referrals import actions
from referrals.api_shapes import (
    AcceptShape,
    AnswerShape,
    AskShape,
    PageShape,
    ReferralShape,
    RefuseShape,
    SeenShape,
    line_of,
    whole_of,
)
from referrals.disclosure import disclosed_to_receiver
from referrals.enums import ReferralState
from referrals.models import Referral
from referrals.people import receivers_of
from referrals.querysets import ReferralQuerySet


class NewestFirst(Pages):
    ordering = ("-first_sent_at", "-id")


class ReferralsView(PartnerView):
    """What is addressed to the credential's organisation."""

    required_scopes: ClassVar[tuple[str, ...]] = (ApiScope.REFERRALS_READ,)

    def addressed(self) -> ReferralQuerySet:
        rows = Referral.objects.addressed_to(self.credential.organisation)
        return rows.with_names().select_related("consent")

    def one(self, pk: uuid.UUID) -> Referral:
        """The referral, or the 404 of what does not exist."""
        return get_object_or_404(self.addressed(), pk=pk)

    def whole(self, referral: Referral) -> Response:
        """The referral in full; a read of what touches the person is audited."""
        if disclosed_to_receiver(referral).person:
            confidential_read(referral, by=self.credential)
        return Response(whole_of(referral))


class ReferralList(ReferralsView):
    parameters = frozenset({"state", "cursor", "page_size"})

    @extend_schema(
        operation_id="list_referrals",
        responses={200: PageShape},
        parameters=[
            OpenApiParameter("state", OpenApiTypes.STR, enum=ReferralState.values),
            OpenApiParameter("cursor", OpenApiTypes.STR),
            OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": 200}),
        ],
    )
    def get(self, request: Request) -> Response:
        """Newest first. `state` narrows; `cursor` comes from `next` and `previous`."""
        rows = self.addressed()
        state = request.query_params.get("state", "")
        if "state" in request.query_params and state not in ReferralState.values:
            raise ValidationError({"state": [_("État inconnu.")]})
        if state:
            rows = rows.filter(state=state)
        pages = NewestFirst()
        page = pages.paginate_queryset(rows, request, view=self) or []
        return pages.get_paginated_response([line_of(row) for row in page])


class ReferralDetail(ReferralsView):
    @extend_schema(operation_id="read_referral", responses={200: ReferralShape})
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Level 1: the matter. Level 2, once accepted: what the person allowed."""
        return self.whole(self.one(pk))


class ActView(ReferralsView):
    """One act. 412 or 409 when somebody acted since `If-Match` or `seen`; 422 when it cannot be done, and why."""

    required_scopes: ClassVar[tuple[str, ...]] = (ApiScope.REFERRALS_READ, ApiScope.REFERRALS_WRITE)
    problems = (409, 412, 422)
    shape: ClassVar[Any] = SeenShape
    do: ClassVar[Callable[..., Referral]]

    def act(self, request: Request, pk: uuid.UUID) -> Response:
        referral = self.one(pk)
        Referral.objects.select_for_update().get(pk=pk)
        check_version(request, whole_of(self.one(pk)))
        shape = self.shape(data=request.data)
        shape.is_valid(raise_exception=True)
        type(self).do(referral.pk, by=self.credential, **self.details(referral, dict(shape.validated_data)))
        return self.whole(self.one(pk))

    def again(self, made: str, **arguments: Any) -> Response:
        return self.whole(self.one(arguments["pk"]))

    def details(self, referral: Referral, said: dict[str, Any]) -> dict[str, Any]:
        """What the action takes."""
        return said


class Accept(ActView):
    shape = AcceptShape
    do = staticmethod(actions.accept)

    @extend_schema(operation_id="accept_referral", request=AcceptShape, responses={200: ReferralShape})
    @once
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        return self.act(request, pk)

    def details(self, referral: Referral, said: dict[str, Any]) -> dict[str, Any]:
        colleagues = User.objects.filter(pk__in=[person.pk for person in receivers_of(referral)])
        person = colleagues.filter(email__iexact=said["responsible"]).first()
        if person is None:
            raise ValidationError({"responsible": [_("Cette personne ne peut pas recevoir ce référencement.")]})
        return {**said, "responsible": person}


class Refuse(ActView):
    shape = RefuseShape
    do = staticmethod(actions.refuse)

    @extend_schema(operation_id="refuse_referral", request=RefuseShape, responses={200: ReferralShape})
    @once
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        return self.act(request, pk)

    def details(self, referral: Referral, said: dict[str, Any]) -> dict[str, Any]:
        name = said.pop("competent", "")
        competent = Organisation.objects.active().filter(acronym__iexact=name).first() if name else None
        if name and competent is None:
            raise ValidationError({"competent": [_("Organisation inconnue.")]})
        return {**said, "competent": competent}


class Ask(ActView):
    shape = AskShape
    do = staticmethod(actions.ask)

    @extend_schema(operation_id="ask_about_referral", request=AskShape, responses={200: ReferralShape})
    @once
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        return self.act(request, pk)


class Answer(ActView):
    shape = AnswerShape
    do = staticmethod(actions.answer)

    @extend_schema(operation_id="answer_referral", request=AnswerShape, responses={200: ReferralShape})
    @once
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        return self.act(request, pk)


class Start(ActView):
    do = staticmethod(actions.start)

    @extend_schema(operation_id="start_referral", request=SeenShape, responses={200: ReferralShape})
    @once
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        return self.act(request, pk)
