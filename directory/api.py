"""API: the organisations one can write to, the services of one's own, and those of others to read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from directory.actions.services import confirm_service, keep_service
from directory.api_door import Flag, Number, Pages, PartnerView, Text, check_version, once
from directory.credentials import ApiScope
from directory.enums import OrganisationKind, Sector, ServiceType
from directory.languages import Language
from directory.models import Office, Organisation, Place, Service
from directory.querysets import ServiceQuerySet

PAGING = [
    OpenApiParameter("cursor", OpenApiTypes.STR),
    OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": 200}),
]
FLAGS = ("is_free", "is_accessible", "has_women_staff", "accepts_self_referral", "has_capacity", "is_sensitive")
TEXTS = (
    "kind", "sector", "eligibility", "directions", "hours", "languages", "contact_role", "deputy_role", "capacity",
)  # fmt: skip
OWN, OTHERS = "own", "others"


class OfficeShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    pcode = serializers.CharField()


class OrganisationShape(serializers.Serializer[Any]):
    """`is_here`: whether somebody of theirs receives referrals here; else they go by paper or telephone."""

    id = serializers.IntegerField()
    acronym = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    kind = serializers.ChoiceField(OrganisationKind.choices)
    is_here = serializers.BooleanField()
    offices = OfficeShape(many=True)


class OrganisationPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = OrganisationShape(many=True)


class ByName(Pages):
    ordering = ("name", "id")


class ById(Pages):
    ordering = ("id",)


class Organisations(PartnerView):
    required_scopes: ClassVar[tuple[str, ...]] = (ApiScope.REFERRALS_READ,)
    parameters = Pages.parameters

    @extend_schema(operation_id="list_organisations", responses={200: OrganisationPage}, parameters=PAGING)
    def get(self, request: Request) -> Response:
        """Whom a referral can be sent to, and their offices."""
        rows = Organisation.objects.active().prefetch_related("offices__place")
        here = set(Organisation.objects.receivers().values_list("pk", flat=True))
        pages = ByName()
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([_organisation(row, is_here=row.pk in here) for row in page])


class ServiceShape(serializers.Serializer[Any]):
    """Who is served, where and how; `valid_until`: vouched for until that day. `directions`: where to go, in plain
    words, for a place that is not confidential. `contact_role` and `deputy_role`: functions, never names."""

    id = serializers.IntegerField(read_only=True)
    organisation = serializers.IntegerField(read_only=True)
    valid_until = serializers.DateField(read_only=True)
    office = Number(required=False, allow_null=True)
    kind = serializers.ChoiceField(ServiceType.choices)
    sector = serializers.ChoiceField(Sector.choices, required=False, allow_blank=True)
    places = serializers.ListField(child=Text(max_length=12), min_length=1, max_length=200, help_text="P-codes.")
    eligibility = Text(max_length=200, required=False, allow_blank=True)
    directions = Text(max_length=160, required=False, allow_blank=True)
    hours = Text(max_length=120, required=False, allow_blank=True)
    languages = serializers.ListField(child=serializers.ChoiceField(Language.choices), required=False, max_length=20)
    contact_role = Text(max_length=120, required=False, allow_blank=True)
    deputy_role = Text(max_length=120, required=False, allow_blank=True)
    capacity = Text(max_length=120, required=False, allow_blank=True)
    is_free = Flag(required=False)
    is_accessible = Flag(required=False)
    has_women_staff = Flag(required=False)
    accepts_self_referral = Flag(required=False)
    has_capacity = Flag(required=False)
    is_sensitive = Flag(required=False)

    def validate_office(self, value: int | None) -> Office | None:
        if value is None:
            return None
        found = Office.objects.filter(pk=value, organisation=self.context["organisation"], is_active=True).first()
        if found is None:
            raise serializers.ValidationError(_("Ce bureau n’est pas de votre organisation."))
        return found

    def validate_places(self, value: list[str]) -> list[Place]:
        found = list(Place.objects.filter(pcode__in=value))
        if len(found) != len(set(value)):
            raise serializers.ValidationError(_("P-code inconnu."))
        return found


class ServicePage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ServiceShape(many=True)


class ServicesView(PartnerView):
    """The services of the credential's organisation, sensitive sites too: they are its own."""

    @property
    def mine(self) -> ServiceQuerySet:
        rows = Service.objects.filter(organisation=self.credential.organisation)
        return rows.select_related("office").prefetch_related("places")

    @property
    def others(self) -> ServiceQuerySet:
        """What a system that suggests receivers itself may know of."""
        rows = Service.objects.current().filter(is_sensitive=False)
        rows = rows.exclude(organisation=self.credential.organisation)
        return rows.select_related("office").prefetch_related("places")

    def one(self, pk: int) -> Service:
        return get_object_or_404(self.mine, pk=pk)

    def kept(self, service: Service, request: Request) -> Response:
        """The service with what was sent, as it now stands."""
        context = {"organisation": self.credential.organisation}
        shape = ServiceShape(data=request.data, partial=service.pk is not None, context=context)
        shape.is_valid(raise_exception=True)
        said = dict(shape.validated_data)
        places = said.pop("places") if "places" in said else list(service.places.all())
        for name, value in said.items():
            setattr(service, name, value)
        if service.is_sensitive and service.directions:
            raise serializers.ValidationError({"directions": [_("D’un lieu confidentiel, on n’écrit pas où il est.")]})
        keep_service(service, places=places, by=self.credential)
        return self.again(str(service.pk))

    def again(self, made: str, **_arguments: Any) -> Response:
        return Response(_service(self.one(int(made))))


class Services(ServicesView):
    parameters = Pages.parameters | {"of"}
    scopes_of: ClassVar[dict[str, tuple[str, ...]]] = {
        "GET": (ApiScope.SERVICES_READ,),
        "POST": (ApiScope.SERVICES_READ, ApiScope.SERVICES_WRITE),
    }

    @extend_schema(
        operation_id="list_services",
        responses={200: ServicePage},
        parameters=[OpenApiParameter("of", OpenApiTypes.STR, enum=[OWN, OTHERS], default=OWN), *PAGING],
    )
    def get(self, request: Request) -> Response:
        """One's own services; with `of=others`, those of other organisations that somebody vouches for today.

        A confidential site is in its own organisation's list alone. Those of others are to read, here and nowhere else.
        """
        pages = ById()
        rows = self.others if self.choice("of", [OWN, OTHERS]) == OTHERS else self.mine
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([_service(row) for row in page])

    @extend_schema(operation_id="create_service", request=ServiceShape, responses={201: ServiceShape})
    @once
    def post(self, request: Request) -> Response:
        response = self.kept(Service(organisation=self.credential.organisation), request)
        response.status_code = status.HTTP_201_CREATED
        return response


class ServiceDetail(ServicesView):
    problems = (412,)
    scopes_of: ClassVar[dict[str, tuple[str, ...]]] = {
        "GET": (ApiScope.SERVICES_READ,),
        "PATCH": (ApiScope.SERVICES_READ, ApiScope.SERVICES_WRITE),
    }

    @extend_schema(operation_id="read_service", responses={200: ServiceShape})
    def get(self, request: Request, pk: int) -> Response:
        return Response(_service(self.one(pk)))

    @extend_schema(operation_id="change_service", request=ServiceShape, responses={200: ServiceShape})
    @once
    def patch(self, request: Request, pk: int) -> Response:
        """Changes what is sent, and nothing else."""
        service = get_object_or_404(self.mine.select_for_update(of=("self",)), pk=pk)
        check_version(request, _service(service))
        return self.kept(service, request)


class ServiceConfirm(ServicesView):
    problems = (412,)
    required_scopes: ClassVar[tuple[str, ...]] = (ApiScope.SERVICES_READ, ApiScope.SERVICES_WRITE)

    @extend_schema(operation_id="confirm_service", request=None, responses={200: ServiceShape})
    @once
    def post(self, request: Request, pk: int) -> Response:
        """It still stands: valid for another ninety days."""
        service = get_object_or_404(self.mine.select_for_update(of=("self",)), pk=pk)
        check_version(request, _service(service))
        confirm_service(service, by=self.credential)
        return Response(_service(self.one(pk)))

    def again(self, made: str, **arguments: Any) -> Response:
        return Response(_service(self.one(arguments["pk"])))


def _organisation(row: Organisation, *, is_here: bool) -> dict[str, Any]:
    offices = [one for one in row.offices.all() if one.is_active]
    return {
        "id": row.pk,
        "acronym": row.acronym,
        "name": row.name,
        "kind": row.kind,
        "is_here": is_here,
        "offices": [{"id": one.pk, "name": one.name, "pcode": one.place.pcode} for one in offices],
    }


def _service(row: Service) -> dict[str, Any]:
    return {
        "id": row.pk,
        "organisation": row.organisation_id,
        "valid_until": row.valid_until.isoformat(),
        "office": row.office_id,
        **{name: getattr(row, name) for name in (*TEXTS, *FLAGS)},
        "places": row.pcodes,
    }
