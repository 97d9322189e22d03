"""Saying again what is late. Notices are the fixed sentences of every lane; nobody is told what about."""

from __future__ import annotations

from datetime import datetime

from directory.notices import Notice
from psea.clocks import CLOCKS, OFFICERS, late_calls, late_cases, late_wishes, waiting_offers
from psea.databases import VAULT
from psea.duty import readers_of, tell
from psea.models import SealedCase


def remind(*, at: datetime) -> int:
    """Tells those who can act on each late case, no more often than its clock says. Returns how many are late."""
    late = 0
    for clock in CLOCKS:
        for case, times in late_cases(clock, at):
            tell(readers_of(case, *clock.roles), Notice.LATE, clock.name, case.pk, times)
            late += 1
    for case, message, times in late_calls(at):
        tell(readers_of(case, *OFFICERS), Notice.LATE, "danger", message.pk, times)
        late += 1
    for offer in waiting_offers(at):
        _remind_of_offer(offer.survivor.case, offer.pk, at)
        late += 1
    for message in late_wishes(at):
        for asked in SealedCase.objects.using(VAULT).filter(thread_tag=message.thread_tag):
            tell(readers_of(asked, *OFFICERS), Notice.LATE, "wish", message.pk, at.date())
            late += 1
    return late


def _remind_of_offer(case: SealedCase, offer_id: object, at: datetime) -> None:
    tell(readers_of(case, *OFFICERS), Notice.LATE, "offer", offer_id, at.date())
