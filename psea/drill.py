"""The quarter's exercise: whoever holds a key opens it once, so that a lost one shows before it is needed."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from core.periods import Quarter
from directory.models import User
from directory.notices import Notice
from psea.databases import VAULT
from psea.duty import tell
from psea.models import HandlerKey


def is_proved(key: HandlerKey, now: datetime | None = None) -> bool:
    """Whether its owner opened it in the present quarter."""
    return key.proved_at is not None and key.proved_at >= Quarter.of(now or timezone.now()).period.start


def remind_of_drill(now: datetime) -> int:
    """Tells everyone who has not opened their key this quarter, once a week. Out: how many."""
    keys = [key for key in HandlerKey.objects.using(VAULT).of_people() if not is_proved(key, now)]
    quarter = Quarter.of(now)
    week = (timezone.localdate(now) - quarter.first_day).days // 7
    people = User.objects.active().filter(pk__in=[key.user_id for key in keys])
    tell(people, Notice.ACT, "drill", quarter.code, week, at=now)
    return len(keys)
