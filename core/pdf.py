"""Pages as PDF, where the extra `pdf` and the libraries it needs are installed; elsewhere people print the page."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.staticfiles import finders


@cache
def makes_pdf() -> bool:
    """Whether this installation can. `weasyprint` is heavy and optional: loaded where a PDF is asked for."""
    try:
        import weasyprint  # noqa: PLC0415, F401  lazily, see above
    except (ImportError, OSError):
        return False
    return True


def pdf_of(html: str, style: str) -> bytes:
    """In: a whole page, and the name of the style sheet among ours that lays it out. Out: a tagged PDF.

    The page fetches nothing, from anywhere.
    """
    import weasyprint  # noqa: PLC0415  lazily, see above

    page = weasyprint.HTML(string=html, url_fetcher=_nothing)
    made: bytes = page.write_pdf(stylesheets=[weasyprint.CSS(filename=finders.find(style))], pdf_tags=True)
    return made


def _nothing(url: str, *args: Any, **kwargs: Any) -> Any:
    raise ValueError("a page that becomes a PDF fetches nothing")
