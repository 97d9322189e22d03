"""API: an agency's own system hands over what somebody said, screened as at any door; and reads what was sorted."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from core.actors import Actor
from core.phones import normalise
from core.receipt_number import grouped
from directory.api import PAGING
from directory.api_door import Flag, Pages, PartnerView, Text, fingerprint_of, key_of, once
from directory.credentials import ApiScope
from directory.enums import NOT_SAID, AgeGroup, Disability, PopulationStatus, Sex
from directory.languages import Language
from directory.models import Organisation, Place
from feedback import kept_forms
from feedback.actions.receive import Spoken, receive
from feedback.enums import CaseState, Channel, Priority, SafeContact, SpeakerMode
from feedback.models import Case
from feedback.querysets import CaseQuerySet
from feedback.source_keys import receipt_number
from psea.actions.receive import NobodyCanRead

WORDS_LIMIT = 10_000
PROFILE = ("sex", "age_group", "disability", "population_status", "language")


class NewCase(serializers.Serializer[Any]):
    """What somebody said, and what is known of them."""

    words = Text(min_length=1, max_length=WORDS_LIMIT, help_text="Les mots de la personne.")
    said_at = serializers.DateTimeField(required=False, allow_null=True, help_text="Quand cela a été dit.")
    place = serializers.SlugRelatedField(
        slug_field="pcode", queryset=Place.objects.all(), required=False, allow_null=True, help_text="P-code."
    )
    place_said = Text(max_length=200, required=False, allow_blank=True)
    concerned = Text(
        max_length=160, required=False, allow_blank=True, help_text="Sigle ou nom de l’organisation concernée."
    )
    mode = serializers.ChoiceField(SpeakerMode.choices, default=SpeakerMode.SELF)
    sex = serializers.ChoiceField(Sex.choices, default=NOT_SAID)
    age_group = serializers.ChoiceField(AgeGroup.choices, default=NOT_SAID)
    disability = serializers.ChoiceField(Disability.choices, default=NOT_SAID)
    population_status = serializers.ChoiceField(PopulationStatus.choices, default=NOT_SAID)
    language = serializers.ChoiceField(Language.choices, default=NOT_SAID)
    phone = Text(max_length=30, required=False, allow_blank=True)
    safe_contact = serializers.ChoiceField(SafeContact.choices, default=SafeContact.NONE)
    sms_may_be_read = Flag(default=False)
    objects_to_sharing = Flag(default=False, help_text="La personne ne veut pas de transmission.")

    def validate_said_at(self, value: Any) -> Any:
        if value is not None and value > timezone.now():
            raise serializers.ValidationError(_("Cette date n’est pas encore venue."))
        return value

    def validate_phone(self, value: str) -> str:
        number = normalise(value) if value else ""
        if number is None:
            raise serializers.ValidationError(_("Ce n’est pas un numéro de téléphone."))
        return number

    def validate_concerned(self, value: str) -> Organisation | None:
        if not value:
            return None
        known = Organisation.objects.active()
        found = known.filter(acronym__iexact=value).first() or known.filter(name__iexact=value).first()
        if found is None:
            raise serializers.ValidationError(_("Organisation inconnue."))
        return found


class Receipt(serializers.Serializer[Any]):
    """The number to give to the person: nobody can find it again for them."""

    receipt_number = serializers.CharField()
    status = serializers.ChoiceField(["received"])


class CasePlace(serializers.Serializer[Any]):
    pcode = serializers.CharField()
    name = serializers.CharField()


class CaseLine(serializers.Serializer[Any]):
    """A sorted case, by its neutral line. No receipt number: who deposited what is not told here."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    state = serializers.ChoiceField(CaseState.choices)
    category = serializers.CharField(allow_blank=True)
    summary = serializers.CharField(allow_blank=True)
    priority = serializers.ChoiceField(Priority.choices)
    place = CasePlace(allow_null=True)
    sex = serializers.ChoiceField(Sex.choices)
    age_group = serializers.ChoiceField(AgeGroup.choices)
    disability = serializers.ChoiceField(Disability.choices)
    population_status = serializers.ChoiceField(PopulationStatus.choices)
    language = serializers.ChoiceField(Language.choices)
    objects_to_sharing = serializers.BooleanField()
    received_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)


class WholeCase(CaseLine):
    words = serializers.CharField(allow_null=True, help_text="À l’organisation qui les a recueillis, à nulle autre.")


class CasePage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CaseLine(many=True)


class LatestFirst(Pages):
    ordering = ("-received_at", "-id")


class CasesView(PartnerView):
    @property
    def mine(self) -> CaseQuerySet:
        return Case.objects.open_to_system_of(self.credential.organisation).select_related("place", "category")


class Cases(CasesView):
    """Deposit what somebody said; read what was sorted of it, and what concerns one's own organisation."""

    problems = (503,)
    parameters = Pages.parameters
    scopes_of: ClassVar[dict[str, tuple[str, ...]]] = {
        "POST": (ApiScope.CASES_WRITE,),
        "GET": (ApiScope.CASES_READ,),
    }

    @extend_schema(operation_id="list_cases", responses={200: CasePage}, parameters=PAGING)
    def get(self, request: Request) -> Response:
        """Ordinary cases, once sorted; latest first."""
        pages = LatestFirst()
        page = pages.paginate_queryset(self.mine, request, view=self) or []
        return pages.get_paginated_response([_line(case) for case in page])

    @extend_schema(operation_id="create_case", request=NewCase, responses={201: Receipt})
    @once
    def post(self, request: Request) -> Response:
        """The same answer whatever the matter. With `Idempotency-Key`, a repeat deposits nothing new."""
        shape = NewCase(data=request.data)
        shape.is_valid(raise_exception=True)
        source = self._source()
        _take_in(_spoken(dict(shape.validated_data), source, self.credential.organisation), by=self.credential)
        return _receipt(source)

    def again(self, made: str, **_arguments: Any) -> Response:
        """Nothing of a deposit is kept to answer its repeat: key and request alone give its number."""
        return _receipt(self._source())

    def _source(self) -> str:
        """Names the message: the words too, so that a key used again long after cannot swallow other words."""
        once_only = (
            fingerprint_of(self.request, self.said_in(self.request)) if key_of(self.request) else str(uuid.uuid4())
        )
        return f"api:{self.credential.organisation.pk}:{once_only}"


class CaseDetail(CasesView):
    required_scopes = (ApiScope.CASES_READ,)

    @extend_schema(operation_id="read_case", responses={200: WholeCase})
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        case = get_object_or_404(self.mine, pk=pk)
        collected = case.entered_for_id == self.credential.organisation_id
        return Response({**_line(case), "words": case.unsealed("words") if collected else None})


class Unready(APIException):
    """No key is in place: a confidential matter could not be kept. The caller tries again later."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = _("Le service ne peut pas recevoir pour le moment. Réessayez plus tard.")


def _take_in(spoken: Spoken, *, by: Actor) -> None:
    """Where nobody can read it yet it is kept, and taken in later: the answer is the same."""
    try:
        receive(spoken, by=by)
    except NobodyCanRead:
        kept_forms.keep(spoken)


def _line(case: Case) -> dict[str, Any]:
    place, names = case.place, ("reference", "state", "summary", "priority", "received_at", "due_at")
    return {
        "id": str(case.pk),
        **{name: getattr(case, name) for name in (*names, *PROFILE, "objects_to_sharing")},
        "category": case.category.code if case.category is not None else "",
        "place": {"pcode": place.pcode, "name": place.name} if place is not None else None,
    }


def _receipt(source: str) -> Response:
    body = {"receipt_number": grouped(receipt_number(source)), "status": "received"}
    return Response(body, status=status.HTTP_201_CREATED)


def _spoken(said: dict[str, Any], source: str, organisation: Organisation) -> Spoken:
    said["concerned"] = said.get("concerned") or None
    return Spoken(
        source_key=source,
        receipt_number=receipt_number(source),
        channel=Channel.API,
        received_at=timezone.now(),
        entered_for=organisation,
        **said,
    )
