"""The API's requests that bring a file (`multipart/form-data`), and its answers that are one."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from directory.api_door import PartnerView

# A form that leaves the field out says False.
SPELLINGS = {"true": True, "false": False, False: False}


class Multipart(MultiPartParser):
    """Form fields and files, in memory."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except (TooManyFieldsSent, TooManyFilesSent) as error:
            raise ParseError from error


class Said(serializers.BooleanField):
    """`true` or `false`, as a form field spells them, and no other way."""

    def to_internal_value(self, data: Any) -> bool:
        if data not in SPELLINGS:
            self.fail("invalid", input=data)
        return SPELLINGS[data]


class Upload(serializers.FileField):
    """A file that is sent, as bytes; never its address."""

    described: ClassVar[dict[str, str]] = {"format": "binary"}


class AsItIs(DefaultContentNegotiation):
    """A file has the type it has; what is refused is a problem in JSON, whatever the caller accepts."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class UploadView(PartnerView):
    """A view whose POST brings files: larger than others may be, and read once whose they are is known."""

    parser_classes = [Multipart]

    def check_size(self, request: Request) -> None:
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.UPLOAD_KEPT_BYTES:
            raise RequestDataTooBig

    def said_in(self, request: Request) -> bytes:
        """Fields and files: what stands between them is another in each repeat."""
        digest = hashlib.sha256()
        fields: Any = request.data
        for name, value in sorted(fields.items()):
            content = value.read() if hasattr(value, "read") else str(value).encode()
            if hasattr(value, "seek"):
                value.seek(0)
            title = str(getattr(value, "name", ""))
            digest.update(f"{name}\x1f{title}\x1f{len(content)}\x1f".encode(errors="replace") + content)
        return digest.digest()
