"""Days that staff know better than the calendar: corrected, and given back to it."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from core import audit
from core.actors import Actor
from core.models import DayCorrection


@transaction.atomic
def correct_day(day: date, *, is_worked: bool, reason: str, by: Actor) -> DayCorrection:
    """Says whether a day is worked, whatever the calendar and whoever corrected it before say."""
    said = {"is_worked": is_worked, "reason": reason}
    row, _is_new = DayCorrection.objects.update_or_create(day=day, defaults=said)
    audit.record("core.day.correct", by=by, target=row, day=str(day), is_worked=is_worked)
    return row


@transaction.atomic
def forget_correction(row: DayCorrection, *, by: Actor) -> None:
    """The day is again what the calendar says."""
    audit.record("core.day.forget", by=by, target=row, day=str(row.day))
    row.delete()
