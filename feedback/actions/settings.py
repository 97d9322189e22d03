"""What the working group keeps: categories and deadlines."""

from __future__ import annotations

from django.db import transaction

from core import audit
from core.actors import Actor
from feedback.models import Category, DeadlineRule


@transaction.atomic
def keep_setting(row: Category | DeadlineRule, *, by: Actor) -> None:
    """Saves a setting that was added or changed, and says so in the audit."""
    act = "add" if row._state.adding else "change"
    row.save()
    audit.record(f"{row._meta.label_lower}.{act}", by=by, target=row)
