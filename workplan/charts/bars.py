"""Lying bars, and the funnel from said to settled: label and value in words above each bar."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from workplan.charts.data import Bar, Chart
from workplan.charts.svg import drawing, hint, tag, text

WIDTH = 360
_STEP = 32
_THICK = 8
# A longer label would run into its value: the hint and the table say it in full.
_ROOM = 42


def bars(
    name: str, title: str, description: str, items: Sequence[Bar], headings: tuple[str, str] | None = None
) -> Chart:
    """Compare values by length. `strong` bars (one's own agency) are hatched and set in bold."""
    return _chart(name, title, description, items, headings, kind="bars", centred=False)


def funnel(
    name: str, title: str, description: str, items: Sequence[Bar], headings: tuple[str, str] | None = None
) -> Chart:
    """Steps in order, each against the first: said, triaged, referred, answered, told, settled."""
    return _chart(name, title, description, items, headings, kind="funnel", centred=True)


def _chart(
    name: str,
    title: str,
    description: str,
    items: Sequence[Bar],
    headings: tuple[str, str] | None,
    *,
    kind: str,
    centred: bool,
) -> Chart:
    top = max((item.value or 0 for item in items), default=0) or 1
    parts = [_bar(item, row * _STEP, top, centred) for row, item in enumerate(items)] or [nothing(WIDTH)]
    svg = drawing(name, title, description, width=WIDTH, height=max(1, len(items)) * _STEP, parts=parts, kind=kind)
    rows = tuple((item.label, item.shown) for item in items)
    return Chart(title, svg, headings or (_("Libellé"), _("Valeur")), rows)


def nothing(width: float) -> str:
    """What a picture says when there is nothing to draw."""
    return text(_("Aucune donnée"), width / 2, 24, anchor="middle", class_="chart-empty")


def _bar(item: Bar, y: float, top: float, centred: bool) -> str:
    length = WIDTH * max(item.value or 0, 0) / top
    weight = "chart-strong" if item.strong else ""
    return tag(
        "g",
        hint(f"{item.label} : {item.shown}"),
        text(_short(item.label), 0, y + 14, class_=f"chart-label {weight}".strip()),
        text(item.shown, WIDTH, y + 14, class_=f"chart-value {weight}".strip(), anchor="end"),
        tag("rect", x=0, y=y + 19, width=WIDTH, height=_THICK, class_="chart-track"),
        tag(
            "rect",
            x=(WIDTH - length) / 2 if centred else 0,
            y=y + 19,
            width=length,
            height=_THICK,
            class_="chart-bar chart-bar-strong" if item.strong else "chart-bar",
        ),
    )


def _short(label: str) -> str:
    return label if len(label) <= _ROOM else f"{label[: _ROOM - 1].rstrip(' ,')}…"
