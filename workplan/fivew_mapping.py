"""The 5W mapping of the plan's geographic focus: who does what where, from the directory's services and 5W tables.

No entries of its own. Confidential places are for whoever the directory shows them to, and never in a count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from core.formats import alphabetical
from directory.enums import Sector
from directory.models import Intervention, Organisation, Place, Scope, Service, User


@dataclass
class Row:
    """One organisation: in which cercles, in which sectors, and how much of each kind of source says so."""

    organisation: Organisation
    places: set[str] = field(default_factory=set)
    sectors: set[str] = field(default_factory=set)
    services: int = 0
    interventions: int = 0

    @property
    def place_names(self) -> list[str]:
        return sorted(self.places, key=alphabetical)

    @property
    def sector_names(self) -> list[str]:
        return sorted(self.sectors, key=alphabetical)


@dataclass(frozen=True)
class Mapping:
    """`silent`: the cercles of the scope in which nobody says to be. `told_on`: the day of the newest source."""

    scope: Scope | None
    rows: Sequence[Row]
    silent: Sequence[str]
    told_on: date | None

    @property
    def service_count(self) -> int:
        return sum(row.services for row in self.rows)

    @property
    def intervention_count(self) -> int:
        return sum(row.interventions for row in self.rows)


def mapping_of(user: User, today: date | None = None) -> Mapping:
    """What stands today in the scope that is the plan's focus; nothing where no scope is."""
    scope = Scope.objects.filter(is_focus=True).first()
    if scope is None:
        return Mapping(None, [], [], None)
    day = today or timezone.localdate()
    cercles = {place.pk: place for place in scope.places.select_related("parent")}
    rows: dict[int, Row] = {}
    told = [_services(rows, cercles, user), _interventions(rows, cercles, user, day)]
    known = {name for row in rows.values() for name in row.places}
    silent = sorted({place.name for place in cercles.values()} - known, key=alphabetical)
    in_order = sorted(rows.values(), key=lambda row: alphabetical(str(row.organisation)))
    return Mapping(scope, in_order, silent, max((one for one in told if one), default=None))


def _services(rows: dict[int, Row], cercles: dict[int, Place], user: User) -> date | None:
    """Services given in a cercle of the scope, or in a region that holds one. Out: when the last was vouched for."""
    regions: dict[int, list[Place]] = defaultdict(list)
    for place in cercles.values():
        if place.parent_id is not None:
            regions[place.parent_id].append(place)
    found = Service.objects.visible_to(user).current().filter(is_sensitive=False)
    found = found.filter(Q(places__in=cercles) | Q(places__in=regions)).distinct()
    newest: date | None = None
    for service in found.select_related("organisation").prefetch_related("places"):
        row = rows.setdefault(service.organisation_id, Row(service.organisation))
        row.services += 1
        row.sectors |= {str(Sector(service.sector).label)} if service.sector else set()
        for place in service.places.all():
            within = [place] if place.pk in cercles else regions.get(place.pk, [])
            row.places |= {one.name for one in within}
        vouched = service.valid_until - timedelta(days=settings.SERVICE_VALID_DAYS)
        newest = vouched if newest is None else max(newest, vouched)
    return newest


def _interventions(rows: dict[int, Row], cercles: dict[int, Place], user: User, today: date) -> date | None:
    running = Intervention.objects.visible_to(user).filter(place__in=cercles)
    running = running.filter(Q(starts_on=None) | Q(starts_on__lte=today), Q(ends_on=None) | Q(ends_on__gte=today))
    newest: date | None = None
    for one in running.select_related("organisation", "place"):
        row = rows.setdefault(one.organisation_id, Row(one.organisation))
        row.interventions += 1
        row.places.add(one.place.name)
        row.sectors.add(str(Sector(one.sector).label))
        changed = timezone.localdate(one.changed_at)
        newest = changed if newest is None else max(newest, changed)
    return newest
