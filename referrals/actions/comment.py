"""An organisation's own words beside its figures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.periods import Quarter
from core.transitions import Refused
from directory.models import User
from feedback.level_one import why_not_neutral
from referrals.models import AgencyComment


@transaction.atomic
def comment(quarter: Quarter, words: str, *, by: User, at: datetime | None = None) -> None:
    """In: what the organisation of `by` says of its figures of a quarter; "" takes it back.

    Others read it: raises Refused where it holds a number that leads to a person, or suggests SEA.
    """
    said = words.strip()
    if (reason := why_not_neutral(said)) is not None:
        raise Refused(reason)
    of_quarter: dict[str, Any] = {"organisation": by.organisation, "year": quarter.year, "quarter": quarter.number}
    if said:
        now = {"words": said, "author": by, "said_at": at or timezone.now()}
        AgencyComment.objects.update_or_create(**of_quarter, defaults=now)
    else:
        AgencyComment.objects.filter(**of_quarter).delete()
    audit.record("referrals.comment.say", by=by, target=by.organisation, at=at, quarter=quarter.code)
