"""What was reported of an indicator place by place, beside what was reported of the whole country."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.periods import Quarter
from workplan.enums import Aggregate, Kind
from workplan.models import Indicator, Reading
from workplan.values import Value, combined


@dataclass(frozen=True)
class ByPlace:
    """The readings that stand, one for each place, and what they make together."""

    quarter: Quarter | None
    readings: Sequence[Reading]
    together: Value
    whole: Value | None

    @property
    def differs(self) -> bool:
        """Whether the places do not make what was reported of the country. A flag: some things have no place."""
        whole = self.whole
        if whole is None or whole.is_blank or whole.yes is not None or self.together.is_blank:
            return False
        together = self.together
        return (together.number, together.numerator) != (whole.number, whole.numerator)


def latest_places(indicator: Indicator, readings: Sequence[Reading]) -> ByPlace | None:
    """The places of the latest quarter that has any; None where there is none."""
    latest = max((each.period for each in readings if each.place_id is not None), default=None)
    return by_place(indicator, [each for each in readings if each.period == latest]) if latest else None


def by_place(indicator: Indicator, readings: Iterable[Reading]) -> ByPlace:
    """In: readings of one quarter that the reader may see, of any place. Out: one for each place, in their order."""
    stands: dict[int | None, Reading] = {}
    for reading in sorted(readings, key=lambda each: (each.is_verified, each.version)):
        stands[reading.place_id] = reading
    whole = stands.pop(None, None)
    rows = sorted(stands.values(), key=lambda each: each.place.pcode if each.place else "")
    values = [row.value for row in rows]
    # Places are added whatever the rule for quarters: a stock of two places is both stocks.
    together = Value() if indicator.kind == Kind.YES_NO else combined(values, Aggregate.SUM)
    return ByPlace(rows[0].period if rows else None, rows, together, whole.value if whole else None)
