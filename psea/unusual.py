"""Who opened more cases in an hour than a day's work asks for: two colleagues are told."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from core.models import AuditEntry
from directory.models import User
from directory.notices import Notice, present
from directory.roles import Role
from psea.databases import VAULT
from psea.duty import tell

READ = "psea.sealedcase.read"
TOLD = 2
LOOKED_BACK = timedelta(days=7)


@dataclass(frozen=True)
class ManyReads:
    """So many cases were opened by this person in the hour that began then."""

    user: User
    hour: datetime
    cases: int


def tell_of_many_reads(by: User, at: datetime) -> None:
    """Once an hour at most, when this person has opened more cases than `VAULT_READS_AN_HOUR` within one hour."""
    if _read_since(by, at - timedelta(hours=1)) <= settings.VAULT_READS_AN_HOUR:
        return
    colleagues = User.objects.with_role(Role.PSEA_COORDINATOR, Role.PSEA_INTAKE_OFFICER).exclude(pk=by.pk)
    coordination_first = sorted(colleagues, key=lambda user: (not user.has_role(Role.PSEA_COORDINATOR), user.pk))
    there = [user for user in coordination_first if present(user) is not None]
    tell(there[:TOLD], Notice.ACT, "many", by.pk, _hour(at), at=at)


def many_reads(now: datetime) -> list[ManyReads]:
    """The hours of the last week in which somebody opened more cases than that, newest first."""
    rows = _reads().filter(recorded_at__gte=now - LOOKED_BACK).values_list("actor_id", "recorded_at", "target_id")
    found: dict[tuple[int, datetime], set[str]] = defaultdict(set)
    for actor_id, moment, case_id in rows:
        found[(int(actor_id), _hour(moment))].add(case_id)
    many = {key: len(cases) for key, cases in found.items() if len(cases) > settings.VAULT_READS_AN_HOUR}
    people = {user.pk: user for user in User.objects.filter(pk__in={pk for pk, _hour_ in many})}
    reads = [ManyReads(people[pk], hour, cases) for (pk, hour), cases in many.items() if pk in people]
    return sorted(reads, key=lambda one: one.hour, reverse=True)


def _read_since(by: User, since: datetime) -> int:
    rows = _reads().filter(actor_kind=by.actor_kind, actor_id=by.actor_id, recorded_at__gte=since)
    return rows.values("target_id").distinct().count()


def _reads() -> QuerySet[AuditEntry]:
    return AuditEntry.objects.using(VAULT).filter(act=READ)


def _hour(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(minute=0, second=0, microsecond=0)
