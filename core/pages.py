"""Small things every page of a list needs."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

Row = TypeVar("Row", bound=Model)


def page_of(rows: QuerySet[Row], request: HttpRequest, *, per_page: int = 25, parameter: str = "page") -> Page[Row]:
    """The page that the address asks for; a wrong number gives the nearest page."""
    return Paginator(rows, per_page).get_page(request.GET.get(parameter))


def safe_next(request: HttpRequest, default: str) -> str:
    """Where the form wants to go next, if that is ours; else `default`."""
    wanted: Any = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=False)
    return str(wanted) if wanted and ours else default
