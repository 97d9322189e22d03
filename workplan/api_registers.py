"""API: the registers behind the plan's counts, which an organisation's own system may keep for what it reports.

Registers that are not for all staff do not exist here.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from directory.api_door import Flag, Number, Pages, PartnerView, Text, once
from directory.credentials import ApiScope
from directory.models import Organisation, Place
from workplan.actions.registers import keep_entry
from workplan.models import Plan, RegisterEntry
from workplan.registers.given import Given, sorted_out
from workplan.registers.kinds import REGISTERS, Register

PAGING = [
    OpenApiParameter("cursor", OpenApiTypes.STR),
    OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": 200}),
]


class EntryShape(serializers.Serializer[Any]):
    """One entry. `facts`: the register's own fields, countable ones and words, by name. `about_focus`: null leaves it
    to the place. The same `source_id` again is the same entry, changed.
    """

    id = serializers.UUIDField(read_only=True)
    keeper = serializers.IntegerField(read_only=True)
    source_id = Text(max_length=200, required=False, allow_blank=True, write_only=True)
    day = serializers.DateField()
    until = serializers.DateField(required=False, allow_null=True)
    line = Text(max_length=300, help_text="One line that names nobody and tells of no case.")
    pcode = Text(max_length=12, required=False, allow_blank=True)
    about_focus = Flag(required=False, allow_null=True)
    organisation = Number(required=False, allow_null=True)
    link = serializers.URLField(max_length=500, required=False, allow_blank=True)
    facts = serializers.DictField(required=False)

    def validate_pcode(self, value: str) -> Place | None:
        found = Place.objects.filter(pcode=value).first()
        if value and found is None:
            raise serializers.ValidationError(_("P-code inconnu."))
        return found

    def validate_organisation(self, value: int | None) -> Organisation | None:
        found = Organisation.objects.filter(pk=value).first() if value is not None else None
        if value is not None and found is None:
            raise serializers.ValidationError(_("Organisation inconnue."))
        return found


class EntryPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = EntryShape(many=True)


class ByDay(Pages):
    ordering = ("-day", "id")


class Entries(PartnerView):
    parameters = Pages.parameters
    scopes_of: ClassVar[dict[str, tuple[str, ...]]] = {
        "GET": (ApiScope.WORKPLAN_READ,),
        "POST": (ApiScope.WORKPLAN_READ, ApiScope.WORKPLAN_WRITE),
    }

    @extend_schema(operation_id="list_entries", responses={200: EntryPage}, parameters=PAGING)
    def get(self, request: Request, code: str, kind: str) -> Response:
        """The living entries of one register, of every organisation."""
        plan, register = _register(code, kind)
        rows = RegisterEntry.objects.living().filter(plan=plan, kind=register.code).select_related("place")
        pages = ByDay()
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([_entry(row) for row in page])

    @extend_schema(operation_id="keep_entry", request=EntryShape, responses={201: EntryShape})
    @once
    def post(self, request: Request, code: str, kind: str) -> Response:
        """An entry of one's own organisation, for a register that counts what it reports."""
        plan, register = _register(code, kind)
        shape = EntryShape(data=request.data)
        shape.is_valid(raise_exception=True)
        given = _given(register, shape.validated_data)
        kept = keep_entry(plan, register, given, keeper=self.credential.organisation, by=self.credential)
        return Response(_entry(kept.entry), status=status.HTTP_201_CREATED)

    def again(self, made: str, **_arguments: Any) -> Response:
        return Response(_entry(get_object_or_404(RegisterEntry, pk=uuid.UUID(made))))


def _register(code: str, kind: str) -> tuple[Plan, Register]:
    register = REGISTERS.get(kind)
    if register is None or register.is_closed:
        raise Http404
    return get_object_or_404(Plan, code=code), register


def _given(register: Register, said: dict[str, Any]) -> Given:
    """Raises ValidationError: a field that the register does not have, or a value that it cannot have."""
    told: dict[str, Any] = said.get("facts", {})
    facts, words, wrong = sorted_out(register, told)
    wrong += [name for name in told if register.field(name) is None]
    if wrong:
        raise ValidationError({"facts": {name: [_("Valeur inconnue ou manquante.")] for name in wrong}})
    return Given(
        day=said["day"],
        until=said.get("until"),
        line=said["line"],
        place=said.get("pcode") or None,
        about_focus=said.get("about_focus"),
        organisation=said.get("organisation"),
        link=said.get("link", ""),
        facts=facts,
        words=words,
        source_id=said.get("source_id", ""),
    )


def _entry(row: RegisterEntry) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "keeper": row.keeper_id,
        "day": row.day.isoformat(),
        "until": row.until.isoformat() if row.until else None,
        "line": row.line,
        "pcode": row.place.pcode if row.place else "",
        "about_focus": row.about_focus,
        "organisation": row.organisation_id,
        "link": row.link,
        "facts": {**row.facts, **row.told},
    }
