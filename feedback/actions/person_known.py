"""Who the person is, where another installation that listened to them may pass it on; and forgetting it again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from core import audit
from core.actors import Actor
from feedback.models import Case

LONGEST_NAME = 120


@transaction.atomic
def note_person(case_id: Any, *, words: str, name: str, contact: str, by: Actor, at: datetime) -> Case:
    """Keeps, sealed, what came of a case that was opened without any of it; what was screened before."""
    case = Case.objects.select_for_update().get(pk=case_id)
    case.seal(words=words, name=name, contact=contact)
    case.save(update_fields=["words", "name", "contact", "data_key"])
    audit.record("feedback.case.note_person", by=by, target=case, at=at)
    return case


@transaction.atomic
def forget_person(case_id: Any, *, by: Actor, at: datetime) -> Case:
    """Drops all three; what the case is about stays."""
    case = Case.objects.select_for_update().get(pk=case_id)
    case.forget("words", "name", "contact")
    case.save(update_fields=["words", "name", "contact"])
    audit.record("feedback.case.forget_person", by=by, target=case, at=at)
    return case


@transaction.atomic
def note_name(case_id: Any, name: str, *, by: Actor, at: datetime) -> None:
    """Keeps, sealed, how the person wishes to be named to others; the last they said counts."""
    case = Case.objects.select_for_update().get(pk=case_id)
    case.seal(name=name)
    case.save(update_fields=["name", "data_key"])
    audit.record("feedback.case.note_name", by=by, target=case, at=at)
