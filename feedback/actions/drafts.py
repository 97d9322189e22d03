"""What an operator is still typing: kept sealed for them alone, and never when it is delicate."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core import audit
from core.actors import Actor
from directory.models import User
from feedback.enums import SafetyAnswer
from feedback.models import Draft
from feedback.screening import suggests_sea

LONGEST = 60_000
Typed = Mapping[str, list[str]]


@transaction.atomic
def keep_draft(pk: uuid.UUID, typed: Typed, *, by: User, at: datetime | None = None) -> bool:
    """Keeps the latest of what is typed into this form. False when nothing of it is kept: somebody else's, delicate."""
    text = json.dumps(dict(typed), ensure_ascii=False)
    known = Draft.objects.select_for_update().filter(pk=pk).first()
    if known is not None and known.owner_id != by.pk:
        return False
    if len(text) > LONGEST or _is_delicate(typed):
        Draft.objects.filter(pk=pk).delete()
        return False
    draft = known or Draft(pk=pk, owner=by)
    draft.saved_at = at or timezone.now()
    draft.seal(typed=text)
    draft.save()
    return True


@transaction.atomic
def discard_draft(pk: uuid.UUID, *, by: User) -> None:
    """Nothing of it stays; harmless when there is none."""
    draft = Draft.objects.visible_to(by).filter(pk=pk).first()
    if draft is not None:
        draft.delete()
        audit.record("feedback.draft.discard", by=by)


@transaction.atomic
def forget_drafts(before: datetime, *, by: Actor) -> int:
    """Drops what nobody finished since then. Out: how many."""
    count, _each = Draft.objects.filter(saved_at__lt=before).delete()
    if count:
        audit.record("feedback.draft.forget", by=by, count=count)
    return count


def typed_in(draft: Draft) -> dict[str, list[str]]:
    """What was typed, by the name of the field."""
    found: dict[str, list[str]] = json.loads(draft.unsealed("typed") or "{}")
    return found


def _is_delicate(typed: Typed) -> bool:
    safety = typed.get("safety", [])
    said = "\n".join(value for values in typed.values() for value in values)
    return any(one in (SafetyAnswer.YES, SafetyAnswer.UNSURE) for one in safety) or suggests_sea(said)
