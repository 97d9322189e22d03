"""Staff pages that only some roles have: to the others they do not exist."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from directory.models import User
from directory.requests import StaffRequest
from directory.roles import Role
from feedback.models import Case

P = ParamSpec("P")
View = Callable[Concatenate[StaffRequest, P], HttpResponse]


def for_roles(*roles: Role) -> Callable[[View[P]], View[P]]:
    """404 for whoever has none of these roles."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.has_role(*roles):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def case_or_404(user: User, pk: uuid.UUID) -> Case:
    """The case if this person may read it; else what does not exist."""
    return get_object_or_404(Case.objects.visible_to(user), pk=pk)


def case_to_show(user: User, pk: uuid.UUID) -> Case:
    """The same, with all that its page tells of it: planning that takes longer than many an act."""
    cases = Case.objects.visible_to(user).select_related(
        "place__parent", "category__parent", "concerned", "entered_by", "entered_for", "source", "merged_into"
    )
    return get_object_or_404(cases, pk=pk)
