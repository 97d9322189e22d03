"""From values to lengths and shades."""

from __future__ import annotations

import math
from collections.abc import Iterable

from workplan.charts.svg import SHADES

_ROUND = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


def top_of(values: Iterable[float | None]) -> float:
    """A round number at or above the greatest value, close to it. 1 when there is nothing above zero."""
    greatest = max((value for value in values if value is not None), default=0.0)
    if greatest <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(greatest))
    return next(step * power for step in _ROUND if step * power >= greatest)


def shade_of(value: float | None, greatest: float) -> int:
    """0 unknown, 1 for zero, then up to 5 by equal steps of the greatest value."""
    if value is None:
        return 0
    if value <= 0 or greatest <= 0:
        return 1
    return min(SHADES, 1 + math.ceil((SHADES - 1) * value / greatest))
