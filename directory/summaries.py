"""One summary instead of a flood: what somebody was not told at once, by number and without any content."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext, override

from core.working_time import is_working_day
from directory.enums import Notice, NoticePace
from directory.models import StaffNotice, User
from directory.notices import GRAVEST_FIRST, gravest_of, present, send, was_just_told

MORNING = time(7, 30)
KEPT = timedelta(days=60)


def send_summaries(now: datetime) -> int:
    """Tells everyone what waits for them and is due; drops notices told long ago. Out: how many were told."""
    StaffNotice.objects.filter(told_at__lt=now - KEPT).delete()
    waiting = User.objects.filter(notices__told_at=None).distinct()
    return sum(_tell(person, now) for person in waiting if _is_due(person, now))


def _is_due(person: User, now: datetime) -> bool:
    if person.notices_pace == NoticePace.HOURLY:
        return not was_just_told(person, now)
    here = timezone.localtime(now)
    morning = here.replace(hour=MORNING.hour, minute=MORNING.minute, second=0, microsecond=0)
    is_over = here >= morning and is_working_day(here.date())
    return is_over and person.notices.filter(told_at=None, made_at__lt=morning).exists()


@transaction.atomic
def _tell(person: User, now: datetime) -> bool:
    """To whoever stands in for them, if they left meanwhile; while nobody does, it waits."""
    standing = present(person)
    rows = list(person.notices.select_for_update().filter(told_at=None))
    if standing is None or not rows:
        return False
    counts = Counter(Notice(row.sentence) for row in rows)
    with override(standing.language):
        more = "\n".join(_line(sentence, counts[sentence]) for sentence in GRAVEST_FIRST if counts[sentence])
    sent = send(standing, gravest_of(rows), more=more)
    StaffNotice.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=now, outbound=sent)
    return True


def _line(sentence: Notice, count: int) -> str:
    """How many notices of one kind came since the last mail, in the active language."""
    lines = {
        Notice.LATE: ngettext("– %(n)s avis de retard", "– %(n)s avis de retard", count),
        Notice.ACT: ngettext("– %(n)s action à faire", "– %(n)s actions à faire", count),
        Notice.INFO: ngettext("– %(n)s nouvelle", "– %(n)s nouvelles", count),
    }
    return lines[sentence] % {"n": count}
