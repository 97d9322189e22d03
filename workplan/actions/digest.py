"""Once a week, by mail, what each lead owes of the plan: numbers and titles of a public document, no value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from core.formats import format_date
from core.index import keyed_hash
from core.outbox import queue_mail
from core.periods import Quarter
from core.working_time import is_working_day
from directory.models import User
from directory.notices import present
from directory.roles import Role
from workplan.enums import Due
from workplan.models import Plan
from workplan.owing import Owed, Owes, indicators_owed, of_person, owed

# What is older stays on the pages: a mail about what nobody will report any more is not read.
QUARTERS = 4
TITLE = 90


def send_digests(now: datetime) -> int:
    """On the first working day of each week, to each lead who owes something. Out: to how many people.

    Whoever is away is replaced by their deputy, as for any notice. Once a week for each, however often it runs.
    """
    today = timezone.localdate(now)
    if not is_working_day(today):
        return 0
    oldest = Quarter.of(now)
    for _step in range(QUARTERS):
        oldest = oldest.previous
    rows = [each for each in owed(indicators_owed(Plan.objects.all()), now) if each.quarter >= oldest]
    year, week, _day = today.isocalendar()
    told = 0
    for lead in User.objects.with_role(Role.WORKPLAN_LEAD).select_related("organisation", "deputy"):
        mine, reader = of_person(rows, lead), present(lead)
        if mine.every and reader is not None:
            key = keyed_hash(f"digest:{year}:{week}:{lead.pk}", "notice")[:40]
            _mail(reader, mine, key)
            told += 1
    return told


def _mail(reader: User, mine: Owes, key: str) -> None:
    with override(reader.language):
        blocks = [
            _block(_("En retard"), mine.late),
            _block(_("Bientôt dû"), mine.soon),
            _block(_("À rapporter"), mine.open),
        ]
        count = len(mine.every)
        subject = ngettext(
            "Plan de travail : %(n)s valeur à rapporter", "Plan de travail : %(n)s valeurs à rapporter", count
        ) % {"n": count}
        body = _("%(organisation)s\n\n%(blocks)s\n\n%(url)s") % {
            "organisation": mine.organisation,
            "blocks": "\n\n".join(filter(None, blocks)),
            "url": f"{settings.PUBLIC_URL}{reverse('workplan:report')}",
        }
    queue_mail(reader.email, subject, body, dedupe_key=key)


def _block(title: str, rows: Sequence[Owed]) -> str:
    """What is owed, quarter by quarter; what is late by its numbers alone, for it may be much."""
    if not rows:
        return ""
    said = [title]
    for quarter, of_quarter in groupby(rows, key=lambda each: each.quarter):
        owed_then = list(of_quarter)
        numbers = [each.indicator.number for each in owed_then]
        said.append(_("– %(quarter)s, %(left)s : %(numbers)s") % _words(quarter, owed_then[0], numbers))
        if owed_then[0].due != Due.LATE:
            said += [f"   {each.indicator.number} {Truncator(each.indicator.title).chars(TITLE)}" for each in owed_then]
    return "\n".join(said)


def _words(quarter: Quarter, owed_then: Owed, numbers: list[str]) -> dict[str, object]:
    left = f"{_left(owed_then)} ({format_date(timezone.localdate(owed_then.clock.due_at))})"
    return {"quarter": quarter, "left": left, "numbers": ", ".join(numbers)}


def _left(each: Owed) -> str:
    days = abs(each.clock.working_days)
    if each.due == Due.LATE:
        return ngettext("%(n)s jour ouvré de retard", "%(n)s jours ouvrés de retard", days) % {"n": days}
    return ngettext("reste %(n)s jour ouvré", "reste %(n)s jours ouvrés", days) % {"n": days}
