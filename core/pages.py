"""Small things every page of a list needs."""

from __future__ import annotations

from secrets import token_hex
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme

PAD = "<!-- {} -->"
Row = TypeVar("Row", bound=Model)


class CountedTo(Paginator[Row]):
    """A page costs the same however long the list is: it is counted no further than `most`, and which rows are on the
    page is found first, so that what is joined to a row is read of those alone."""

    def __init__(self, rows: QuerySet[Row], per_page: int, most: int) -> None:
        super().__init__(rows, per_page)
        self.rows, self.most = rows, most

    @cached_property
    def counted(self) -> int:
        return self.rows.order_by().values("pk")[: self.most + 1].count()

    def page(self, number: int | str) -> Page[Row]:
        page = super().page(number)
        begin = (page.number - 1) * self.per_page
        end = min(begin + self.per_page, self.count)
        page.object_list = self.rows.filter(pk__in=list(self.rows.values_list("pk", flat=True)[begin:end]))
        return page

    @property
    def is_longer(self) -> bool:
        """The list goes on where the count stopped."""
        return self.counted > self.most

    @cached_property
    def count(self) -> int:
        return min(self.counted, self.most)


class Found(Paginator[Any]):
    """Pages of keys that were found already, up to one more than `most`: then the list goes on."""

    def __init__(self, keys: list[Any], per_page: int, most: int) -> None:
        super().__init__(keys[:most], per_page)
        self.is_longer = len(keys) > most


def page_of(
    rows: QuerySet[Row],
    request: HttpRequest,
    *,
    per_page: int = 25,
    parameter: str = "page",
    counted_to: int | None = None,
) -> Page[Row]:
    """The page that the address asks for; a wrong number gives the nearest page. `counted_to`: see `CountedTo`."""
    pages = Paginator(rows, per_page) if counted_to is None else CountedTo(rows, per_page, counted_to)
    return pages.get_page(request.GET.get(parameter))


def padded(response: HttpResponse, step: int = 8192) -> HttpResponse:
    """The page with a comment that makes its size a multiple of `step`, so that its size does not tell which it is."""
    missing = -(len(response.content) + len(PAD.format(""))) % step
    response.content += PAD.format(token_hex(missing)[:missing]).encode()
    return response


def safe_next(request: HttpRequest, default: str) -> str:
    """Where the form wants to go next, if that is ours; else `default`."""
    wanted: Any = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=False)
    return str(wanted) if wanted and ours else default
