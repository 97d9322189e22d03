"""The picture of an indicator's series, with its target."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from workplan.charts import Chart, Series, lines
from workplan.models import Indicator
from workplan.series import Point, brief, height
from workplan.values import Value


def series_chart(indicator: Indicator, points: Sequence[Point]) -> Chart | None:
    """As reported, and as of now where the platform counts; None while there is nothing to draw."""
    reported = [point.reading.value if point.reading else Value() for point in points]
    drawn = [_series(_("Tel que rapporté"), reported)]
    if any(point.now for point in points):
        drawn.append(_series(_("À ce jour"), [point.now or Value() for point in points]))
    if all(value is None for series in drawn for value in series.values):
        return None
    return lines(
        f"series-{indicator.pk}",
        _("Valeurs par trimestre"),
        _("Indicateur %(number)s, de %(first)s à %(last)s. Le tableau qui suit donne les mêmes chiffres.")
        % {"number": indicator.number, "first": points[0].quarter, "last": points[-1].quarter},
        [str(point.quarter) for point in points],
        drawn,
        target=(indicator.target, _("Cible : %(target)s") % {"target": indicator.target}) if indicator.target else None,
    )


def _series(label: str, values: Sequence[Value]) -> Series:
    return Series(label, tuple(height(value) for value in values), tuple(brief(value) for value in values))
