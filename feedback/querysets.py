"""Which cases exist, for whom. What `visible_to` leaves out is a 404 (DESIGN §4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Case as FirstOf
from django.db.models import Exists, IntegerField, OuterRef, Q, Sum, When
from django.db.models.functions import TruncDate

from core.sheet_files import CheckedFileQuerySet, SheetFileQuerySet
from directory.models import Organisation, Place, User
from directory.roles import RESTRICTED_ROLES, WHO_CALL, Role
from feedback.enums import LIVE, Came, CaseState, Delivery, DepositKind, Lane

if TYPE_CHECKING:
    from feedback.models import (
        Case,
        DataRequest,  # noqa: F401  named in a type argument, as four below
        Deposit,
        ReadyAnswer,  # noqa: F401
        Sheet,  # noqa: F401
        SourceFile,  # noqa: F401
        SourceWord,  # noqa: F401
    )

NOTHING = Q(pk__in=[])
# Of what a case was joined to: it goes on, or was joined to another in turn.
STILL_LED_ON = [*LIVE, CaseState.MERGED]
IN_DANGER = Q(danger_at__isnull=False, danger_over_at__isnull=True)
UNREAD = Q(has_unread_words=True)
TO_SPEAK_WITH = Q(to_speak_with_at__isnull=False)
UNTOLD = Q(delivery__in=[Delivery.WAITING, Delivery.FAILED])


def naming(person: Any, organisation: Any, office: Any) -> Q:
    """Of rows of who is implicated: those that name this person, their organisation, or their office if any."""
    theirs = Q(user=person) | Q(organisation=organisation)
    return theirs if office is None else theirs | Q(office=office)


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> Self:
        """Cases this person may read, by role, place, lane and implication. A protected one is nobody's.

        Ordinary: operators, from the first word on; focal points, once sorted, where their organisation is
        concerned or took the matter in; security and protection contacts while somebody in it is in danger.
        Restricted: the named recipients of its kind. Those who read a case through a
        referral are on the right (`Referral.objects.visible_to`).
        """
        if not user.is_active:
            return self.none()
        by_zone = (_as_operator(user) | _as_focal_point(user)) & _in_zone(user)
        lanes = by_zone | self._as_named_recipient(user) | self._as_who_must_call(user)
        return self.unprotected().filter(lanes).exclude_implicated(user)

    def open_to_system_of(self, organisation: Organisation) -> Self:
        """What an organisation's own system may know of: as its focal points do, and nothing that implicates anyone
        of theirs, whoever reads on the other side."""
        mine = Q(concerned=organisation) | Q(entered_for=organisation)
        ordinary = self.unprotected().filter(mine, lane=Lane.ORDINARY, triaged_at__isnull=False)
        theirs = Q(implicated_rows__organisation=organisation) | Q(implicated_rows__office__organisation=organisation)
        return ordinary.exclude(theirs | Q(implicated_rows__user__organisation=organisation))

    def exclude_implicated(self, user: User) -> Self:
        """Without those that implicate this person, their office or their organisation."""
        mine = naming(user.pk, user.organisation_id, user.office_id)
        rows = self.model._meta.get_field("implicated_rows").related_model._default_manager
        return self.exclude(Exists(rows.filter(mine, case=OuterRef("pk"))))

    def _as_named_recipient(self, user: User) -> Q:
        mine = NOTHING
        for kind, role in RESTRICTED_ROLES.items():
            if user.has_role(role):
                mine |= Q(lane=Lane.RESTRICTED, restricted_kind=kind) & self._in_zone_of_one(user, role)
        return mine

    def _as_who_must_call(self, user: User) -> Q:
        if not user.has_role(*WHO_CALL):
            return NOTHING
        return Q(lane=Lane.ORDINARY) & IN_DANGER & self._in_zone_of_one(user, *WHO_CALL)

    def _in_zone_of_one(self, user: User, *roles: Role) -> Q:
        """Theirs; and a place that is in nobody's, of those who have such a role and whom the case spares: they are
        told of it all (`feedback.recipients`), and else nobody would read it."""
        if not user.pcodes:
            return Q()
        covering = Q(place_scope=None) | Q(place_scope=OuterRef("place")) | Q(place_scope=OuterRef("place__parent"))
        theirs = naming(OuterRef("pk"), OuterRef("organisation"), OuterRef("office"))
        rows = self.model._meta.get_field("implicated_rows").related_model._default_manager
        implicated = Exists(rows.filter(theirs, case=OuterRef(OuterRef("pk"))))
        near = User.objects.active().filter(covering, ~implicated, role_rows__role__in=roles)
        return _in_zone(user) | Q(~Exists(near))

    def unprotected(self) -> Self:
        return self.exclude(state=CaseState.PROTECTED)

    def live(self) -> Self:
        """Not closed, merged or protected."""
        return self.filter(state__in=LIVE)

    def going_on(self) -> Self:
        """Live, or joined to one that is: what was asked of whoever said it may still be answered."""
        return self.filter(Q(state__in=LIVE) | Q(state=CaseState.MERGED, merged_into__state__in=STILL_LED_ON))

    def counted(self) -> Self:
        """What figures are made of: tests and duplicates out; a protected one stays as a bare number (DESIGN §5)."""
        return self.filter(is_test=False, merged_into=None).exclude(state=CaseState.MERGED)

    def in_danger(self) -> Self:
        """Somebody must call: words suggest danger, and nobody has said that it is over."""
        return self.filter(IN_DANGER)

    def to_triage(self) -> Self:
        """Never sorted, or reopened and waiting to be sorted again."""
        return self.filter(state__in=[CaseState.NEW, CaseState.REOPENED])

    def of_phone(self, phone_hash: str) -> Self:
        """The cases of a telephone, latest first; none for an empty hash."""
        if not phone_hash:
            return self.none()
        return self.unprotected().filter(phone_hash=phone_hash).order_by("-last_spoke_at")


Owned = TypeVar("Owned", bound=models.Model)


class OwnedQuerySet(models.QuerySet[Owned]):
    """What somebody has at hand and nobody else sees."""

    def visible_to(self, user: User) -> Self:
        return self.filter(owner=user) if user.is_active else self.none()


class OwnSheetQuerySet(SheetFileQuerySet["Sheet"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(owner=user) if user.is_active else self.none()


class SourceFileQuerySet(CheckedFileQuerySet["SourceFile"]):
    def visible_to(self, user: User) -> Self:
        """One's own, of the kinds that one may take in."""
        return self.filter(owner=user, kind__in=kinds_taken_in_by(user))


class SourceWordQuerySet(models.QuerySet["SourceWord"]):
    def decided(self) -> Self:
        return self.filter(decided_at__isnull=False)


class DepositQuerySet(models.QuerySet["Deposit"]):
    def by_day(self) -> models.QuerySet[Deposit, Any]:
        """What came of each source on each day, summed by form and way; latest first."""
        counts = {came.value: Sum(f"{came.value}_count") for came in Came}
        rows = self.order_by().values("source", "kind", "way", day=TruncDate("deposited_at"))
        return rows.annotate(**counts).order_by("-day", "source", "kind", "way")


def kinds_taken_in_by(user: User) -> list[str]:
    """Which deposits of other organisations this person takes in: words go to the listening team alone."""
    if not user.is_active:
        return []
    if user.has_role(Role.OPERATOR):
        return [DepositKind.CASES, DepositKind.FIGURES]
    return [DepositKind.FIGURES] if user.has_role(Role.WORKING_GROUP) else []


# Asked without the code that opens the thread, where it is read. Of what was erased, nothing says whom to tell.
DECISION_UNTOLD = Q(decision__gt="", had_code=False, told_at=None, case__forgotten_at=None)


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def undecided(self) -> Self:
        return self.filter(decision="")

    def untold(self) -> Self:
        """Decided, and still to be told by somebody."""
        return self.filter(DECISION_UNTOLD)

    def waiting(self) -> Self:
        """To be decided, or to be told."""
        return self.filter(Q(decision="") | DECISION_UNTOLD)


class ReadyAnswerQuerySet(models.QuerySet["ReadyAnswer"]):
    def fitting(self, case: Case) -> Self:
        """Those offered for a case: of its category, the one above it, or any; of its place, its region, or anywhere.

        What fits closest comes first: category, then place, then the person's language, then the most used.
        """
        families = [case.category_id, case.category.parent_id] if case.category is not None else []
        places = [case.place_id, case.place.parent_id] if case.place is not None else []
        offered = self.filter(_one_of("category", families), _one_of("place", places), is_active=True)
        return offered.annotate(
            far_in_matter=_distance("category", families),
            far_in_place=_distance("place", places),
            other_language=FirstOf(When(language=case.language, then=0), default=1, output_field=IntegerField()),
        ).order_by("far_in_matter", "far_in_place", "other_language", "-use_count", "title", "pk")


def _one_of(field: str, known: list[Any]) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__in": [one for one in known if one]})


def _distance(field: str, known: list[Any]) -> FirstOf:
    """0 for the very one, 1 for what is above it, 2 for one that fits any."""
    near = [When(**{field: one}, then=far) for far, one in enumerate(known) if one]
    return FirstOf(*near, default=2, output_field=IntegerField())


def _as_operator(user: User) -> Q:
    return Q(lane=Lane.ORDINARY) if user.has_role(Role.OPERATOR) else NOTHING


def _as_focal_point(user: User) -> Q:
    if not user.has_role(Role.FOCAL_POINT):
        return NOTHING
    mine = Q(concerned=user.organisation_id) | Q(entered_for=user.organisation_id)
    return mine & Q(lane=Lane.ORDINARY, triaged_at__isnull=False)


def _in_zone(user: User) -> Q:
    """An unknown place is in everyone's zone: else nobody would read it."""
    if not user.pcodes:
        return Q()
    covered = Place.objects.filter(Q(pcode__in=user.pcodes) | Q(parent__pcode__in=user.pcodes))
    return Q(place=None) | Q(place__in=covered)
