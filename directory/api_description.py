"""The description of the API, where a library cannot know: errors, versions and keys of each operation."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from directory.api_problems import PROBLEM_TYPE, Problem, title_of

EVERYWHERE = (400, 401, 403, 404, 405, 406, 413, 415, 429, 500)

IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,200}$"},
    OpenApiParameter.HEADER,
    description="1 à 200 caractères visibles. La même demande sous la même clé ne se fait qu’une fois.",
)
KEYED = ("POST", "PATCH")
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="304 si rien n’a changé."
)
IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="412 si cela a changé entre-temps."
)


class PartnerSchema(AutoSchema):
    """Adds to each operation the errors that it can answer with, and the headers that every one understands."""

    def get_override_parameters(self) -> list[Any]:
        added = [IDEMPOTENCY] if self.method in KEYED else [IF_NONE_MATCH] if self.method == "GET" else []
        if 412 in getattr(self.view, "problems", ()):
            added = [*added, *([IF_MATCH] if self.method != "GET" else [])]
        return added

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        mapped: Any = super()._map_serializer_field
        return mapped(field, direction, bypass_extensions) | getattr(field, "described", {})

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        shape: Any = self._get_response_for_code
        bodies = super()._get_response_bodies(direction=direction)
        if self.method == "GET":
            bodies["304"] = {"description": "Rien n’a changé."}
        for code in self._problems():
            problem = OpenApiResponse(Problem, description=title_of(code))
            bodies.setdefault(str(code), shape(problem, str(code), [PROBLEM_TYPE], direction))
        return bodies

    def _problems(self) -> list[int]:
        said: tuple[int, ...] = getattr(self.view, "problems", ())
        asked = said if self.method != "GET" else tuple(code for code in said if code not in (409, 412, 422))
        of_keys = (409, 422) if self.method in KEYED else ()
        return sorted({*asked, *of_keys, *EVERYWHERE})
