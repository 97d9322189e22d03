"""The picture of an indicator's series, with its target; what adds up is drawn added up beside it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from workplan.charts import Chart, Series, lines
from workplan.enums import Aggregate, Kind
from workplan.models import Indicator
from workplan.series import Point, brief
from workplan.trend import target_in_words
from workplan.values import Value, combined, height


def series_chart(indicator: Indicator, points: Sequence[Point]) -> Chart | None:
    """As reported, and as of now where the platform counts; None while there is nothing to draw."""
    reported = [point.reading.value if point.reading else Value() for point in points]
    drawn = [_series(_("Tel que rapporté"), reported)]
    if any(point.now for point in points):
        drawn.append(_series(_("À ce jour"), [point.now or Value() for point in points]))
    if indicator.target and indicator.aggregate == Aggregate.SUM and indicator.kind != Kind.PERCENT:
        drawn.append(_series(_("Depuis le début"), _added_up(reported)))
    if all(value is None for series in drawn for value in series.values):
        return None
    return lines(
        f"series-{indicator.pk}",
        _("Valeurs par trimestre"),
        _("Indicateur %(number)s, de %(first)s à %(last)s. Le tableau qui suit donne les mêmes chiffres.")
        % {"number": indicator.number, "first": points[0].quarter, "last": points[-1].quarter},
        [str(point.quarter) for point in points],
        drawn,
        target=(indicator.target, _("Cible : %(target)s") % {"target": target_in_words(indicator)})
        if indicator.target
        else None,
    )


def _added_up(reported: Sequence[Value]) -> list[Value]:
    """What was reported until each quarter of which something was."""
    return [
        combined(reported[: place + 1], Aggregate.SUM) if not value.is_blank else Value()
        for place, value in enumerate(reported)
    ]


def _series(label: str, values: Sequence[Value]) -> Series:
    return Series(label, tuple(height(value) for value in values), tuple(brief(value) for value in values))
