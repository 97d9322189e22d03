"""Which promise applies to a matter, and when it is over (facts.md §1.4). A late one is a flag, never a state."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from feedback.enums import CLOCKS_OF_THE_VAULT, Clock, Priority
from feedback.models import Category, DeadlineRule

URGENT = frozenset({Priority.URGENT, Priority.EMERGENCY})


def rule_for(clock: Clock, *, category: Category | None = None, priority: str = "") -> DeadlineRule | None:
    """The nearest rule: of this category (or the one above it) and priority first, then ever more general ones.

    What is urgent waits no longer than urgent matters do, whatever its category has time for.
    """
    return nearest(DeadlineRule.objects.filter(clock=clock), category, priority)


def nearest(rules: Iterable[DeadlineRule], category: Category | None, priority: str) -> DeadlineRule | None:
    """The same, among the rules of one clock that were read already."""
    families = _family(category)
    fitting = {
        (rule.category_id, rule.priority): rule
        for rule in rules
        if rule.category_id in families and rule.priority in ("", priority)
    }
    places = [(family, each) for family in families for each in dict.fromkeys([priority, ""])]
    found = next((fitting[place] for place in places if place in fitting), None)
    urgent = fitting.get((None, priority)) if priority in URGENT else None
    if found is None or urgent is None or found.priority:
        return found
    now = timezone.now()
    return min(found, urgent, key=lambda rule: rule.after(now))


def due_at(clock: Clock, start: datetime, *, category: Category | None = None, priority: str = "") -> datetime | None:
    """When that promise, begun at `start`, is over; None where nothing is promised."""
    rule = rule_for(clock, category=category, priority=priority)
    return rule.after(start) if rule is not None else None


def hours_in_the_vault() -> dict[str, int]:
    """What staff set for the vault, whose promises run round the clock for every matter, by clock."""
    rules = DeadlineRule.objects.filter(clock__in=CLOCKS_OF_THE_VAULT, category=None, priority="")
    return {rule.clock: (rule.hours or 0) + 24 * (rule.days or 0) for rule in rules}


def _family(category: Category | None) -> list[str | None]:
    """The code, the code above it, then None: any category."""
    if category is None:
        return [None]
    return [category.pk, None] if category.parent_id is None else [category.pk, category.parent_id, None]
