"""API: an organisation's own system reads the referrals it received and sent, and sends some."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import confidential_read
from core.transitions import locked
from directory.api import PAGING
from directory.api_door import Pages, PartnerView, check_version, once
from directory.credentials import ApiScope
from referrals import actions
from referrals.api_requests import CaseToSend, ToSend
from referrals.api_shapes import PageShape, ReferralShape, line_of, whole_of
from referrals.enums import ReferralState, Side
from referrals.late import AGENDA_AFTER
from referrals.models import Referral
from referrals.querysets import ReferralQuerySet

AGENDA = ["on", "off"]
READ = (ApiScope.REFERRALS_READ,)
WRITE = (ApiScope.REFERRALS_READ, ApiScope.REFERRALS_WRITE)


class NewestFirst(Pages):
    ordering = ("-first_sent_at", "-id")


class ReferralsView(PartnerView):
    """What the credential's organisation received or sent."""

    required_scopes: ClassVar[tuple[str, ...]] = READ

    def mine(self) -> ReferralQuerySet:
        rows = Referral.objects.of_system(self.credential.organisation)
        return rows.with_names().select_related("consent", "competent", "created_by", "case__concerned")

    def one(self, pk: uuid.UUID) -> Referral:
        """The referral, or the 404 of what does not exist."""
        return get_object_or_404(self.mine().prefetch_related("messages", "pauses"), pk=pk)

    def locked(self, request: Request, pk: uuid.UUID) -> Referral:
        """The same, kept from others until the act is done. Raises ChangedMeanwhile if it is not what they saw."""
        self.one(pk)
        locked(Referral, pk)
        referral = self.one(pk)
        check_version(request, whole_of(referral, self.credential))
        return referral

    def whole(self, referral: Referral) -> Response:
        """The referral in full; a read of what touches the person is audited."""
        body = whole_of(referral, self.credential)
        if body["person"] is not None:
            confidential_read(referral, by=self.credential)
        return Response(body)

    def sent(self, pk: uuid.UUID) -> Response:
        """The answer to whoever has just sent one."""
        response = self.whole(self.one(pk))
        response.status_code = status.HTTP_201_CREATED
        return response

    def again(self, made: str, **_arguments: Any) -> Response:
        return self.whole(self.one(uuid.UUID(made)))


class Referrals(ReferralsView):
    parameters = Pages.parameters | {"state", "side", "agenda"}
    problems = (422,)
    scopes_of: ClassVar[dict[str, tuple[str, ...]]] = {"GET": READ, "POST": WRITE}

    @extend_schema(
        operation_id="list_referrals",
        responses={200: PageShape},
        parameters=[
            OpenApiParameter("side", OpenApiTypes.STR, enum=Side.values, default=Side.RECEIVER.value),
            OpenApiParameter("state", OpenApiTypes.STR, enum=ReferralState.values),
            OpenApiParameter("agenda", OpenApiTypes.STR, enum=AGENDA),
            *PAGING,
        ],
    )
    def get(self, request: Request) -> Response:
        """Newest first: those received, or sent with `side=sender`. `cursor` comes from `next` and `previous`.

        `agenda=on`: of these, what stands on the working group's agenda, late by more than a week. A system reads
        there what concerns its own organisation; the whole agenda is the working group's, on its page.
        """
        side = self.choice("side", Side.values) or Side.RECEIVER
        state = self.choice("state", ReferralState.values)
        rows = self.mine().filter(**{side: self.credential.organisation})
        if state:
            rows = rows.shown_as(state)
        if self.choice("agenda", AGENDA) == "on":
            rows = rows.late(timezone.now() - AGENDA_AFTER)
        pages = NewestFirst()
        page = pages.paginate_queryset(rows, request, view=self) or []
        return pages.get_paginated_response([line_of(row, self.credential) for row in page])

    @extend_schema(operation_id="send_referral", request=CaseToSend, responses={201: ReferralShape})
    @once
    def post(self, request: Request) -> Response:
        """Sends a case: level 1, or level 2 with what the person `said`. 422 when it cannot go, and why."""
        shape = CaseToSend(data=request.data, context={"organisation": self.credential.organisation})
        shape.is_valid(raise_exception=True)
        case = shape.validated_data["case"]
        if shape.noted is not None:
            actions.note_said(case.pk, shape.to, shape.noted, by=self.credential)
        return self.sent(actions.create_and_send(case.pk, shape.wish(), by=self.credential).pk)


class ReferralDetail(ReferralsView):
    @extend_schema(operation_id="read_referral", responses={200: ReferralShape})
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Level 1: the matter. Level 2, once accepted: what the person allowed."""
        return self.whole(self.one(pk))


class Forward(ReferralsView):
    required_scopes: ClassVar[tuple[str, ...]] = WRITE
    problems = (409, 412, 422)

    @extend_schema(operation_id="forward_referral", request=ToSend, responses={201: ReferralShape})
    @once
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """The next hop of a referral that came back: out comes the new one."""
        refused = self.locked(request, pk)
        shape = ToSend(data=request.data)
        shape.is_valid(raise_exception=True)
        if Side.SENDER not in Referral.objects.sides_of(refused, self.credential):
            raise Http404
        if shape.noted is not None:
            actions.note_said(refused.case_id, shape.to, shape.noted, by=self.credential)
        return self.sent(actions.forward(refused.pk, shape.wish(), by=self.credential).pk)
