"""Who could answer: ranked receivers for a case, each with its reasons in words. Those implicated are left out."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.formats import format_date
from directory.enums import OrganisationKind, RestrictedKind, Sector, ServiceType
from directory.joining import missing_of, with_joining
from directory.models import Intervention, Office, Organisation, Place, Service, User
from feedback.enums import Lane
from feedback.models import Case
from referrals.agency_statistics import prompt_organisations
from referrals.models import Referral
from referrals.peers import reached_elsewhere
from referrals.people import receiving_role

# Whom the last receiver named as competent, then whoever is concerned, come before all; a service here that is vouched
# for, before all that speaks for others together.
COMPETENT, CONCERNED, SERVICE_HERE = 400, 200, 70
OFFICE_HERE, SECTOR, ACTIVE_HERE, COORDINATION, VERSED, ACTIVE_ONCE, PROMPT, FALLBACK = 25, 15, 12, 10, 8, 6, 5, 1
# So many of each organisation's answers are looked at for the categories that it deals with.
LATEST_ANSWERS = 50
SHOWN = 6
COORDINATING = (OrganisationKind.CLUSTER, OrganisationKind.SUB_CLUSTER, OrganisationKind.REGIONAL_GROUP)


@dataclass
class Suggestion:
    """One receiver, why, and how strongly."""

    organisation: Organisation
    office: Office | None = None
    score: int = 0
    reasons: list[str | Promise] = field(default_factory=list)

    @property
    def key(self) -> str:
        """How a form names the receiver: `12` or `12:34`."""
        return f"{self.organisation.pk}:{self.office.pk}" if self.office else str(self.organisation.pk)

    @property
    def name(self) -> str:
        return str(self.office or self.organisation)

    def because(self, points: int, reason: str | Promise) -> None:
        self.score += points
        self.reasons.append(reason)


@dataclass(frozen=True)
class _Known:
    """Of all organisations: who answers in time; who answered a matter of this category; who is active here after the
    5W, and when it was last said so; who was said to be competent, and by whom."""

    prompt: Container[int]
    versed: Container[int]
    active: Mapping[int, datetime]
    competent: Mapping[int, str]


def suggest(
    case: Case,
    *,
    sender: Organisation,
    service: str = "",
    without: Iterable[int] = (),
    refused: Referral | None = None,
    limit: int = SHOWN,
) -> list[Suggestion]:
    """In: a case, who asks, a service if one is wanted, receivers already tried, the referral that came back.

    Out: the best first.

    When nobody has a reason, the inter-agency coordinators are the fall-back.
    """
    left_out = {*without, *case.implicated().organisations}
    named = _named_by(refused)
    known = _Known(prompt_organisations(timezone.now()), _versed(case), _active(case), named)
    found = [_weigh(case, one, service, known) for one in _candidates(case, named) if one.pk not in left_out]
    others = [one for one in found if one.organisation.pk != sender.pk or one.office is not None]
    ranked = sorted((one for one in others if one.score > 0), key=lambda one: (-one.score, one.name))
    return ranked[:limit] or [_fallback(one) for one in others if _coordinates(one.organisation)][:limit]


def _named_by(refused: Referral | None) -> dict[int, str]:
    """Whom "not us" named as competent, and who said so."""
    if refused is None or refused.competent_id is None:
        return {}
    return {refused.competent_id: str(refused.receiver)}


def _candidates(case: Case, named: Iterable[int]) -> list[Organisation]:
    """Organisations with somebody who may receive a matter of this lane, with what is weighed, in four queries.

    Of an ordinary matter `named` too: it reaches them by paper or telephone.
    """
    role = receiving_role(case.lane, case.restricted_kind)
    implicated = case.implicated()
    people = User.objects.with_role(role, place=case.place).exclude(pk__in=implicated.users)
    offices = Office.objects.filter(is_active=True).select_related("place").prefetch_related("covers")
    services = Service.objects.current().filter(has_capacity=True).prefetch_related("places")
    if case.restricted_kind != RestrictedKind.PROTECTION:
        # of those who read cases, only protection focal points are named to know where a confidential place is
        services = services.filter(is_sensitive=False)
    by_paper = Q(pk__in=named) if case.lane == Lane.ORDINARY else Q(pk__in=[])
    reached = Q(people__in=people) | Q(pk__in=reached_elsewhere(case)) | by_paper
    rows = Organisation.objects.active().filter(reached).distinct()
    return list(
        with_joining(rows).prefetch_related(
            Prefetch("offices", offices, to_attr="open_offices"),
            Prefetch("services", services, to_attr="current_services"),
        )
    )


def _active(case: Case) -> dict[int, datetime]:
    """Organisations that the 5W says are at work in the matter's sector and place, and when it last said so."""
    if case.place is None or not case.sector:
        return {}
    return Intervention.objects.active_around(case.place, case.sector, timezone.localdate()).last_told()


def _versed(case: Case) -> frozenset[int]:
    """Organisations (ids) whose latest answers in the ordinary lane were also to a matter of this category."""
    if case.category is None or case.lane != Lane.ORDINARY:
        return frozenset()
    answered = Referral.objects.filter(receiver=OuterRef(OuterRef("pk")), answered_at__isnull=False)
    latest = answered.order_by("-answered_at").values("pk")[:LATEST_ANSWERS]
    codes = {case.category.pk, case.category.parent_id}
    of_the_kind = Referral.objects.filter(pk__in=latest, category_code__in=codes - {None}, case__lane=Lane.ORDINARY)
    rows = Organisation.objects.active().filter(Exists(of_the_kind))
    return frozenset(rows.values_list("pk", flat=True))


def _weigh(case: Case, organisation: Organisation, service: str, known: _Known) -> Suggestion:
    one = Suggestion(organisation, office=_office_here(organisation, case))
    if organisation.pk in known.competent:
        one.because(COMPETENT, _("compétent selon %(who)s") % {"who": known.competent[organisation.pk]})
    if organisation.pk == case.concerned_id:
        one.because(CONCERNED, _("organisation concernée par ce qui est dit"))
    offered = _service_here(organisation, case, service)
    if offered is not None:
        one.because(SERVICE_HERE, _service_reason(offered, case))
    elif case.sector and _works_in(organisation, case.sector):
        one.because(SECTOR, _("travaille dans le secteur : %(sector)s") % {"sector": Sector(case.sector).label})
    if offered is None and organisation.pk in known.active and not missing_of(organisation):
        one.because(*_active_reason(known.active[organisation.pk]))
    if one.office is not None and one.score:
        one.because(OFFICE_HERE, _("a un bureau qui couvre ce lieu : %(office)s") % {"office": one.office.name})
    if _coordinates_lane(organisation, case):
        one.because(COORDINATION, _("coordonne les organisations sur ces questions"))
    if one.score and organisation.pk in known.versed:
        one.because(VERSED, _("a répondu il y a peu à une demande de cette catégorie"))
    if one.score and organisation.pk in known.prompt:
        # a habit, not a figure: those of others are not everyone's to read (DESIGN §5)
        one.because(PROMPT, _("répond d’ordinaire dans les délais"))
    return one


def _service_reason(offered: Service, case: Case) -> str:
    return _("offre « %(service)s » à %(place)s (confirmé jusqu’au %(day)s)") % {
        "service": ServiceType(offered.kind).label,
        "place": case.place or _("ce lieu"),
        "day": format_date(offered.valid_until),
    }


def _active_reason(told_at: datetime) -> tuple[int, str]:
    """What the 5W says was true when it was taken in; an old one counts for less, and says so."""
    day = {"day": format_date(told_at)}
    if timezone.now() - told_at > timedelta(days=settings.SERVICE_VALID_DAYS):
        return ACTIVE_ONCE, _("présente dans ce lieu d’après le 5W repris le %(day)s, ancien : à confirmer") % day
    return ACTIVE_HERE, _("présente dans ce lieu d’après le 5W repris le %(day)s") % day


def _office_here(organisation: Organisation, case: Case) -> Office | None:
    implicated = case.implicated().offices
    offices: list[Office] = organisation.open_offices  # type: ignore[attr-defined]  # prefetched above
    here = [one for one in offices if one.pk not in implicated and _covers([one.place, *one.covers.all()], case.place)]
    return here[0] if here else None


def _service_here(organisation: Organisation, case: Case, service: str) -> Service | None:
    rows: list[Service] = organisation.current_services  # type: ignore[attr-defined]  # prefetched above
    fitting = [row for row in rows if row.kind == service or (not service and row.sector and row.sector == case.sector)]
    return next((row for row in fitting if _covers(row.places.all(), case.place)), None)


def _works_in(organisation: Organisation, sector: str) -> bool:
    rows: list[Service] = organisation.current_services  # type: ignore[attr-defined]  # prefetched above
    return any(row.sector == sector for row in rows)


def _covers(places: Iterable[Place], place: Place | None) -> bool:
    """Whether one of these places is, contains or is in the matter's place."""
    if place is None:
        return False
    wanted = {place.pk, place.parent_id}
    return any(one.pk in wanted for one in places)


def _coordinates(organisation: Organisation) -> bool:
    return organisation.kind in (*COORDINATING, OrganisationKind.COMMON_SERVICE)


def _coordinates_lane(organisation: Organisation, case: Case) -> bool:
    if case.lane == Lane.RESTRICTED:
        return organisation.kind == OrganisationKind.SUB_CLUSTER
    return organisation.kind in COORDINATING and bool(case.sector) and _works_in(organisation, case.sector)


def _fallback(one: Suggestion) -> Suggestion:
    one.because(FALLBACK, _("coordination inter-organisations, quand personne d’autre ne peut répondre"))
    return one
