"""Values over time: each line has its own dash and its own mark, and is named at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from django.utils.translation import gettext as _

from core.formats import DASH
from workplan.charts.bars import nothing
from workplan.charts.data import Chart, Series
from workplan.charts.scale import top_of
from workplan.charts.svg import drawing, hint, number, tag, text

WIDTH, HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _FLOOR = 40, 40, 48, 250
_DASHES = (None, "8 4", "2 4", "10 3 2 3")
_MARKS = ("M-4-4h8v8h-8z", "M0-5l5 9h-10z", "M0-5l5 5-5 5-5-5z", "M-4 0h8M0-4v8")
# More than this many points and their visible labels would cover each other: hover and the table say them.
_LABELLED = 13
_LABEL_HEIGHT = 13.0

Point = tuple[int, float, float]


def lines(
    name: str,
    title: str,
    description: str,
    periods: Sequence[str],
    series: Sequence[Series],
    target: tuple[float, str] | None = None,
) -> Chart:
    """Draw `series` over `periods`; `target` is a value and its words, drawn across. None values leave gaps.

    Raises ValueError when a series has not one value and one text per period.
    """
    for line in series:
        if not len(periods) == len(line.values) == len(line.shown):
            raise ValueError(f"{line.label}: {len(line.values)} values for {len(periods)} periods")
    top = top_of([value for line in series for value in line.values] + [target[0] if target else None])
    parts = _parts(periods, series, target, top) if periods and series else [nothing(WIDTH)]
    svg = drawing(name, title, description, width=WIDTH, height=HEIGHT, parts=parts, kind="lines")
    rows = tuple((period, *(line.shown[i] for line in series)) for i, period in enumerate(periods))
    return Chart(title, svg, (_("Période"), *(line.label for line in series)), rows)


def _parts(
    periods: Sequence[str], series: Sequence[Series], target: tuple[float, str] | None, top: float
) -> Iterator[str]:
    yield tag("path", d=f"M{_LEFT} {_FLOOR}H{WIDTH - _RIGHT}", class_="chart-axis")
    step = max(1, -(-len(periods) // _LABELLED))
    for i, period in enumerate(periods):
        if i % step == 0:
            yield text(period, _x(i, len(periods)), _FLOOR + 34, anchor="middle", size=12, class_="chart-tick")
    if target:
        y = _y(target[0], top)
        yield tag("path", d=f"M{_LEFT} {number(y)}H{WIDTH - _RIGHT}", class_="chart-target", stroke_dasharray="3 3")
        yield _target_key(target[1], len(series))
    for order, line in enumerate(series):
        yield _line(line, order, top)
        yield _key(line, order)
    if len(periods) <= _LABELLED:
        for i in range(len(periods)):
            yield from _labels(series, i, top)


def _labels(series: Sequence[Series], i: int, top: float) -> Iterator[str]:
    """What stands above the marks of one period, each above the one below: none covers another.

    A gap that has a word for it ("n. p.") says it under the axis: there is a number, and it is not given.
    """
    x = _x(i, len(series[0].values))
    known = {(_y(v, top), line.shown[i]) for line in series if (v := line.values[i]) is not None}
    gaps = {line.shown[i] for line in series if line.values[i] is None} - {DASH, ""}
    for word in sorted(gaps):
        yield text(word, x, _FLOOR + 16, anchor="middle", size=11, class_="chart-gap chart-halo")
    free = float(_FLOOR + _LABEL_HEIGHT)
    for y, shown in sorted(known, reverse=True):
        free = min(y - 9, free - _LABEL_HEIGHT)
        yield text(shown, x, free, anchor="middle", size=12, class_="chart-value chart-halo")


def _line(line: Series, order: int, top: float) -> str:
    points = [(i, _x(i, len(line.values)), _y(v, top)) for i, v in enumerate(line.values) if v is not None]
    marks = [_mark(line, point, order) for point in points]
    path = tag("path", d=_path(points), class_=f"chart-line chart-line-{order % 4 + 1}", **_dash(order))
    return tag("g", path, *marks) if points else ""


def _path(points: Sequence[Point]) -> str:
    """Moves at every gap: consecutive periods are joined, others are not."""
    runs = groupby(enumerate(points), key=lambda pair: pair[1][0] - pair[0])
    return "".join("M" + "L".join(f"{number(x)} {number(y)}" for _order, (_i, x, y) in run) for _gap, run in runs)


def _mark(line: Series, point: Point, order: int) -> str:
    i, x, y = point
    return tag(
        "path",
        hint(f"{line.label} : {line.shown[i]}"),
        d=_MARKS[order % 4],
        transform=f"translate({number(x)} {number(y)})",
        class_=f"chart-mark chart-line-{order % 4 + 1}",
    )


def _key(line: Series, order: int) -> str:
    x = _LEFT + 170 * (order % 4)
    return tag(
        "g",
        tag("path", d=f"M{x} 12h28", class_=f"chart-line chart-line-{order % 4 + 1}", **_dash(order)),
        tag(
            "path",
            d=_MARKS[order % 4],
            transform=f"translate({x + 14} 12)",
            class_=f"chart-mark chart-line-{order % 4 + 1}",
        ),
        text(line.label, x + 36, 16, class_="chart-key"),
    )


def _target_key(words: str, place: int) -> str:
    x = _LEFT + 170 * place
    line = tag("path", d=f"M{x} 12h28", class_="chart-target", stroke_dasharray="3 3")
    return tag("g", line, text(words, x + 36, 16, class_="chart-key"))


def _dash(order: int) -> dict[str, str | None]:
    return {"stroke_dasharray": _DASHES[order % 4]}


def _x(i: int, count: int) -> float:
    span = WIDTH - _LEFT - _RIGHT
    return _LEFT + (span * i / (count - 1) if count > 1 else span / 2)


def _y(value: float, top: float) -> float:
    return _FLOOR - (_FLOOR - _TOP) * max(value, 0) / top
