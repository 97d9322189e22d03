"""API: the signed checkpoints of the audit, for a system that keeps them out of our reach."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.models import Checkpoint
from directory.api import PAGING
from directory.api_door import Pages, PartnerView
from directory.credentials import ApiScope

HEXADECIMAL = r"^[0-9a-f]{64}$"


class CheckpointShape(serializers.Serializer[Any]):
    """As it was signed (docs/audit.md): keep it word for word. One signature for each key, in order."""

    number = serializers.IntegerField(min_value=1)
    at = serializers.DateTimeField()
    keys = serializers.ListField(child=serializers.CharField())
    ordinary = serializers.RegexField(HEXADECIMAL)
    vault = serializers.RegexField(HEXADECIMAL)
    previous = serializers.RegexField(HEXADECIMAL)
    signatures = serializers.ListField(child=serializers.CharField())


class CheckpointPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CheckpointShape(many=True)


class ByNumber(Pages):
    ordering = ("number",)


class Checkpoints(PartnerView):
    required_scopes: ClassVar[tuple[str, ...]] = (ApiScope.AUDIT_READ,)
    parameters = Pages.parameters | {"after"}

    @extend_schema(
        operation_id="list_checkpoints",
        responses={200: CheckpointPage},
        parameters=[
            *PAGING,
            OpenApiParameter("after", {"type": "integer", "minimum": 0}, description="Ceux d’après ce numéro."),
        ],
    )
    def get(self, request: Request) -> Response:
        """Oldest first. Each names the hash of the one before: the newest binds all of them."""
        pages = ByNumber()
        rows = Checkpoint.objects.filter(number__gt=_after(request))
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([json.loads(row.line) for row in page])


def _after(request: Request) -> int:
    said = request.query_params.getlist("after")
    if not said:
        return 0
    try:
        number: int = serializers.IntegerField(min_value=0, max_value=2**63 - 1).run_validation(said[-1])
    except ValidationError as error:
        raise ValidationError({"after": error.detail}) from error
    return number
