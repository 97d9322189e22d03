"""When a telephone spoke, by when it sent its words and not by when they came: networks go down for days.

Two moments are remembered, of its latest conversation and of another: the one before, or one that came late.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from feedback.models import PhonePreference
from feedback.outgoing import language_of

# Carriers' clocks are not ours: what was sent this little before a question of ours may answer it
CLOCKS_DIFFER = timedelta(minutes=10)


def spoke_just_now(phone: str, phone_hash: str, *, said_at: datetime) -> bool:
    """Notes that this telephone spoke then, and says whether it had done so within the joining time of that moment.

    The same in every lane. For a transaction.
    """
    preference, _created = PhonePreference.objects.select_for_update().get_or_create(
        phone_hash=phone_hash, defaults={"language": language_of(phone)}
    )
    latest, other = preference.last_spoke_at, preference.spoke_before_at
    if latest is None or _are_near(said_at, latest):
        preference.last_spoke_at = max(latest or said_at, said_at)
    elif said_at > latest:
        preference.last_spoke_at, preference.spoke_before_at = said_at, latest
    else:
        preference.spoke_before_at = max(other, said_at) if other is not None and _are_near(said_at, other) else said_at
    preference.save(update_fields=["last_spoke_at", "spoke_before_at"])
    return any(moment is not None and _are_near(said_at, moment) for moment in (latest, other))


def _are_near(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= timedelta(minutes=settings.CONVERSATION_JOIN_MINUTES)
