"""The plan as a document: the table that people print, on screen, in PDF and in Word."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.formats import DASH
from workplan.document.elements import Element, Key, elements_of
from workplan.document.history import as_of, keys_changed, later_changes
from workplan.document.tree import rooted
from workplan.models import Plan


@dataclass(frozen=True)
class PaperRow:
    """One indicator, or an activity without any. `quarters`: of each year of the plan, as text."""

    indicator: Element | None
    quarters: list[str]
    changed: bool = False


@dataclass(frozen=True)
class PaperActivity:
    element: Element
    rows: list[PaperRow]
    changed: bool = False


@dataclass(frozen=True)
class PaperObjective:
    element: Element
    activities: list[PaperActivity]
    changed: bool = False


@dataclass(frozen=True)
class PaperAxis:
    element: Element
    objectives: list[PaperObjective]
    changed: bool = False


@dataclass(frozen=True)
class Paper:
    """`day`: the day it was so; None for today. What was changed since then is marked."""

    plan: Element
    axes: list[PaperAxis]
    day: date | None = None

    @property
    def years(self) -> list[int]:
        years: list[int] = self.plan.values["years"]
        return years


def paper_of(plan: Plan, day: date | None = None) -> Paper:
    """The plan as it stands, or as it was when `day` ended."""
    if day is None:
        return _paper(rooted(elements_of(plan)), frozenset(), None)
    return _paper(rooted(as_of(plan, day)), keys_changed(later_changes(plan, day)), day)


def _paper(root: Element, changed: Collection[Key], day: date | None) -> Paper:
    years: list[int] = root.values["years"]

    def is_changed(element: Element) -> bool:
        return element.key in changed

    def activity(element: Element) -> PaperActivity:
        rows = [
            PaperRow(each, quarters_by_year(each.values["windows"], element.values["windows"], years), is_changed(each))
            for each in element.parts
        ]
        blank = PaperRow(None, quarters_by_year(None, element.values["windows"], years))
        return PaperActivity(element, rows or [blank], is_changed(element))

    def objective(element: Element) -> PaperObjective:
        return PaperObjective(element, [activity(each) for each in element.parts], is_changed(element))

    axes = [PaperAxis(each, [objective(one) for one in each.parts], is_changed(each)) for each in root.parts]
    return Paper(root, axes, day)


def quarters_by_year(own: Any, of_activity: Any, years: list[int]) -> list[str]:
    """ "T3-T4" for each year, a dash where nothing is planned."""
    windows = of_activity if own is None else own
    return [windows.get(str(year), "").replace("Q", "T") or DASH for year in years]
