"""Which promise applies to a matter, and when it is over (facts.md §1.4). A late one is a flag, never a state."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from feedback.enums import Clock, Priority
from feedback.models import Category, DeadlineRule

URGENT = frozenset({Priority.URGENT, Priority.EMERGENCY})


def rule_for(clock: Clock, *, category: Category | None = None, priority: str = "") -> DeadlineRule | None:
    """The nearest rule: of this category (or the one above it) and priority first, then ever more general ones.

    What is urgent waits no longer than urgent matters do, whatever its category has time for.
    """
    families = _family(category)
    rules = {
        (rule.category_id, rule.priority): rule
        for rule in DeadlineRule.objects.filter(clock=clock)
        if rule.category_id in families and rule.priority in ("", priority)
    }
    places = [(family, each) for family in families for each in dict.fromkeys([priority, ""])]
    nearest = next((rules[place] for place in places if place in rules), None)
    urgent = rules.get((None, priority)) if priority in URGENT else None
    if nearest is None or urgent is None or nearest.priority:
        return nearest
    now = timezone.now()
    return min(nearest, urgent, key=lambda rule: rule.after(now))


def due_at(clock: Clock, start: datetime, *, category: Category | None = None, priority: str = "") -> datetime | None:
    """When that promise, begun at `start`, is over; None where nothing is promised."""
    rule = rule_for(clock, category=category, priority=priority)
    return rule.after(start) if rule is not None else None


def _family(category: Category | None) -> list[str | None]:
    """The code, the code above it, then None: any category."""
    if category is None:
        return [None]
    return [category.pk, None] if category.parent_id is None else [category.pk, category.parent_id, None]
