"""Saying again what is late. Notices are the fixed sentences of every lane; nobody is told what about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core import audit
from core.actors import robot
from core.models import AuditEntry
from directory.models import User
from directory.notices import Notice
from directory.roles import HANDLERS
from psea.clocks import CLOCKS, STEPS, late_calls, late_cases, late_copies, late_wishes, unread_additions
from psea.databases import VAULT
from psea.duty import coordination_of, officers_of, readers_of, tell
from psea.models import SealedCase
from psea.service_clocks import waiting_offers

JOB = robot("vault-clocks")


def remind(*, at: datetime) -> int:
    """Tells those who can act on each late case, no more often than its clock says. Returns how many are late."""
    _tell_of_additions(at)
    late: set[tuple[str, object]] = set()
    for clock in CLOCKS:
        for case, turn in late_cases(clock, at):
            people = clock.told(case)
            tell(people, Notice.LATE, clock.topic, case.pk, turn)
            if clock.name in STEPS:
                _note_step(case, clock.name, people)
            late.add((clock.topic, case.pk))
    for case, message, turn in late_calls(at):
        tell(officers_of(case), Notice.LATE, "danger", message.pk, turn)
        late.add(("danger", message.pk))
    for offer in waiting_offers(at):
        tell(officers_of(offer.survivor.case), Notice.LATE, "offer", offer.pk, at.date())
        late.add(("offer", offer.pk))
    for message in late_wishes(at):
        for asked in SealedCase.objects.using(VAULT).filter(thread_tag=message.thread_tag):
            tell(officers_of(asked), Notice.LATE, "wish", message.pk, at.date())
            late.add(("wish", message.pk))
    for copy, week in late_copies(at):
        handed_by = User.objects.active().filter(pk=copy.handed_by)
        tell([*handed_by, *coordination_of(copy.case)], Notice.LATE, "copy", copy.pk, week)
        late.add(("copy", copy.pk))
    return len(late)


def _tell_of_additions(at: datetime) -> None:
    """What a person added is said to whoever reads their case, which intake cannot know; each day until it is read."""
    for case, messages in unread_additions():
        readers = readers_of(case, *HANDLERS)
        for message in messages:
            tell(readers, Notice.ACT, "added", message.pk, max((at - message.received_at).days, 0))


def _note_step(case: SealedCase, step: str, people: Sequence[User]) -> None:
    """Once for each case and step, so that its page can say who was called, and why."""
    act = f"psea.sealedcase.{step}"
    if (
        not AuditEntry.objects.using(VAULT)
        .filter(target_table=case._meta.db_table, target_id=str(case.pk), act=act)
        .exists()
    ):
        audit.record(act, by=JOB, target=case, using=VAULT, people=len({user.pk for user in people}))
