"""Indicators as a plan had them on a day: their words, their windows, who led their activities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from core.periods import Quarter, quarters
from workplan.document.history import as_of
from workplan.document.kinds import ACTIVITY, INDICATOR
from workplan.document.windows import spans_of
from workplan.models import Indicator, Plan

# What a page says of an indicator, and what is owed of it.
WORDS = ("number", "title", "focus", "recurrence", "aggregate", "consolidation", "direction", "target")


def indicators_then(
    plan: Plan, indicators: Iterable[Indicator], day: date
) -> tuple[list[Indicator], dict[int, Sequence[str]]]:
    """In: indicators as they stand. Out: the same, changed in memory to what they were when that day ended, without
    those that came later; and the leads of each (by id). Nothing is to be saved of them.
    """
    elements = as_of(plan, day)
    found, leads = [], {}
    for indicator in indicators:
        element = elements.get((INDICATOR, indicator.pk))
        activity = elements.get((ACTIVITY, indicator.activity_id))
        if element is None or activity is None:
            continue
        for name in WORDS:
            setattr(indicator, name, element.values[name])
        own = element.values["windows"]
        indicator.planned_then = list(_planned(activity.values["windows"] if own is None else own))
        found.append(indicator)
        leads[indicator.pk] = activity.values["leads"]
    return found, leads


def _planned(windows: Mapping[str, str]) -> Iterable[Quarter]:
    for year, text in windows.items():
        for first, last in spans_of(text):
            yield from quarters(Quarter(int(year), first), Quarter(int(year), last))
