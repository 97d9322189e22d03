"""Telling those who keep the lines that the day's budget runs out: a sentence without content, once a level and day."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from core.day_budget import ALARMS, budgets
from core.index import keyed_hash
from directory.models import User
from directory.notices import Notice, notify
from directory.roles import Role

TOLD = (Role.ADMINISTRATOR, Role.WORKING_GROUP)


def warn_of_budget(now: datetime) -> int:
    """Returns how many alarms stand today. Safe to run as often as one likes."""
    day = timezone.localdate(now)
    reached = [(budget.line, level) for budget in budgets(day) for level in ALARMS if budget.alarm >= level]
    for line, level in reached:
        key = keyed_hash(f"{day}:{line}:{level}", "budget")[:40]
        is_over = level == max(ALARMS)
        people = User.objects.with_role(*TOLD)
        notify(people, Notice.ACT if is_over else Notice.INFO, dedupe_key=key, is_urgent=is_over)
    return len(reached)
