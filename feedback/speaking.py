"""When a telephone spoke, by when it sent its words and not by when they came: networks go down for days.

Two moments are remembered, of its latest conversation and of another: the one before, or one that came late.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from feedback.models import PhonePreference

# Carriers' clocks are not ours: what was sent this little before a question of ours may answer it
CLOCKS_DIFFER = timedelta(minutes=10)


def spoke_just_now(known: PhonePreference, said_at: datetime) -> bool:
    """Whether this telephone had spoken within the joining time of that moment. The same in every lane."""
    remembered = (known.last_spoke_at, known.spoke_before_at)
    return any(moment is not None and _are_near(said_at, moment) for moment in remembered)


def of_speaking(known: PhonePreference, said_at: datetime) -> dict[str, datetime | None]:
    """What is learnt of this telephone from its speaking then."""
    latest, other = known.last_spoke_at, known.spoke_before_at
    if latest is None or _are_near(said_at, latest):
        return {"last_spoke_at": max(latest or said_at, said_at)}
    if said_at > latest:
        return {"last_spoke_at": said_at, "spoke_before_at": latest}
    return {"spoke_before_at": max(other, said_at) if other is not None and _are_near(said_at, other) else said_at}


def _are_near(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= timedelta(minutes=settings.CONVERSATION_JOIN_MINUTES)
