"""API: files that go along with a referral, as its page shows them to each side."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.documents import KINDS, handed, packed_document
from directory.api_door import once, tag_of
from directory.api_files import AsItIs, Said, Upload, UploadView
from feedback.forms.attached import too_heavy
from referrals import actions
from referrals.api import READ, WRITE, ReferralsView
from referrals.api_shapes import AttachmentShape, attachments_of
from referrals.forms.files import MEGABYTES, NOT_READ
from referrals.models import ReferralFile


class FileToSend(serializers.Serializer[Any]):
    """One file. The sender's touches the person, unless it says that nothing of them is in it."""

    file = Upload(help_text=f"Photo, PDF ou message vocal, {MEGABYTES} Mo au plus.")
    is_neutral = Said(default=False, help_text="Émetteur : ce fichier ne contient rien de la personne. C’est noté.")

    def validate_file(self, value: Any) -> Any:
        refusal = too_heavy(value.size, MEGABYTES)
        if refusal:
            raise ValidationError(refusal)
        try:
            return value.name, packed_document(value.read())
        except ValueError as error:
            raise ValidationError(NOT_READ) from error

    def details(self) -> dict[str, Any]:
        """What `attach` takes; call after `is_valid`."""
        name, content = self.validated_data["file"]
        return {"name": name, "content": content, "is_neutral": self.validated_data["is_neutral"]}


class AttachmentList(serializers.Serializer[Any]):
    results = AttachmentShape(many=True)


class Attachments(UploadView, ReferralsView):
    problems = (409, 412, 422)
    scopes_of: ClassVar[dict[str, tuple[str, ...]]] = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="list_attachments", responses={200: AttachmentList})
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Those that your side may open now: the person's own, only as far as their consent goes, once accepted."""
        return Response({"results": attachments_of(self.one(pk), self.credential)})

    @extend_schema(operation_id="add_attachment", request=FileToSend, responses={201: AttachmentShape})
    @once
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Joins a file, sealed. The sender's needs the person's consent for their words, unless `is_neutral`."""
        referral = self.locked(request, pk)
        shape = FileToSend(data=request.data)
        shape.is_valid(raise_exception=True)
        file = actions.attach(referral.pk, by=self.credential, **shape.details())
        return self._line(pk, str(file.pk), status.HTTP_201_CREATED)

    def again(self, made: str, **arguments: Any) -> Response:
        return self._line(arguments["pk"], made, status.HTTP_201_CREATED)

    def _line(self, pk: uuid.UUID, file: str, code: int) -> Response:
        for line in attachments_of(self.one(pk), self.credential):
            if line["id"] == file:
                return Response(line, status=code)
        raise Http404


class Attachment(ReferralsView):
    content_negotiation_class = AsItIs
    required_scopes: ClassVar[tuple[str, ...]] = READ

    @extend_schema(
        operation_id="read_attachment", responses={(200, kind): OpenApiTypes.BINARY for kind in sorted(KINDS)}
    )
    def get(self, request: Request, pk: uuid.UUID, file: uuid.UUID) -> HttpResponse:
        """The file itself, without what a camera or telephone had noted beside it. Each reading is in the audit."""
        get_object_or_404(self.mine(), pk=pk)
        try:
            answer = handed(actions.open_file(pk, file, by=self.credential))
        except ReferralFile.DoesNotExist as error:
            raise Http404 from error
        answer["ETag"] = tag_of({"attachment": str(file)})
        return answer
