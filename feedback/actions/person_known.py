"""Who the person is, where another installation that listened to them may pass it on; and forgetting it again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from core import audit
from core.actors import Actor
from feedback.models import Case


@transaction.atomic
def note_person(case_id: Any, *, words: str, contact: str, by: Actor, at: datetime) -> Case:
    """Keeps, sealed, what came of a case that was opened without either; what was screened before."""
    case = Case.objects.select_for_update().get(pk=case_id)
    case.seal(words=words, contact=contact)
    case.save(update_fields=["words", "contact", "data_key"])
    audit.record("feedback.case.note_person", by=by, target=case, at=at)
    return case


@transaction.atomic
def forget_person(case_id: Any, *, by: Actor, at: datetime) -> Case:
    """Drops both; what the case is about stays."""
    case = Case.objects.select_for_update().get(pk=case_id)
    case.forget("words", "contact")
    case.save(update_fields=["words", "contact"])
    audit.record("feedback.case.forget_person", by=by, target=case, at=at)
    return case
