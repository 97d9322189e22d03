"""What several organisations report of one indicator, as one value, by the rule that the indicator states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from core.periods import Quarter
from workplan.enums import Aggregate, Consolidation, ReadingState
from workplan.models import Indicator, Reading
from workplan.values import Value, combined


def expected_reporters(indicator: Indicator) -> set[int]:
    """The organisations whose parts make the value; none where the whole team leads, and whoever reports counts."""
    return {organisation.pk for organisation in indicator.activity.reporters.all()}


def consolidated(indicator: Indicator, readings: Iterable[Reading]) -> dict[Quarter, Reading]:
    """In: readings of which the later of a quarter and reporter stands. Out: by quarter, one reading, never saved.

    Only where every organisation that is expected is there: a sum that lacks one is no sum. It is verified once each
    part is.
    """
    parts: dict[Quarter, dict[int, Reading]] = defaultdict(dict)
    for reading in readings:
        if reading.reporter_id is not None:
            parts[reading.period][reading.reporter_id] = reading
    expected = expected_reporters(indicator) if parts else set()
    return {
        quarter: _whole(indicator, list(by_reporter.values()))
        for quarter, by_reporter in parts.items()
        if expected <= set(by_reporter)
    }


def value_of(rule: str, parts: Sequence[Reading]) -> Value:
    """The parts by the rule: added up, fractions too; the one that was submitted last; yes where any says yes."""
    if rule == Consolidation.LATEST:
        return max(parts, key=lambda part: (part.submitted_at is not None, part.submitted_at, part.pk)).value
    return combined([part.value for part in parts], Aggregate.SUM)


def _whole(indicator: Indicator, parts: Sequence[Reading]) -> Reading:
    is_verified = all(part.is_verified for part in parts)
    whole = Reading(
        indicator=indicator,
        year=parts[0].year,
        quarter=parts[0].quarter,
        state=ReadingState.VERIFIED if is_verified else ReadingState.SUBMITTED,
    )
    whole.value = value_of(indicator.consolidation, parts)
    return whole
