"""Who may see, report and verify what. A permission is a queryset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from core.sheet_files import CheckedFileQuerySet, SheetFileQuerySet
from directory.roles import Role
from workplan.enums import ReadingState, Verifier
from workplan.registers.kinds import CLOSED, REGISTERS

if TYPE_CHECKING:
    from directory.models import User
    from workplan.models import (
        Activity,
        Indicator,
        PlaceNote,  # noqa: F401  names a base below, as ReadingFile does
        Plan,
        PlanFile,  # noqa: F401
        Reading,
        ReadingFile,
        RegisterEntry,  # noqa: F401
        RegisterFile,  # noqa: F401
    )

# Who draft and amend what is said back to a place; the working group approves it.
NOTE_WRITERS = (Role.OPERATOR, Role.WORKING_GROUP)


class PlaceNoteQuerySet(models.QuerySet["PlaceNote"]):
    def visible_to(self, user: User) -> Self:
        """Approved ones are for everybody; a draft is for those who write them."""
        return self if user.has_role(*NOTE_WRITERS) else self.filter(approved_at__isnull=False)


# The secretariat verifies through its own people, whichever of these roles they have.
SECRETARIAT_ROLES = (Role.WORKPLAN_LEAD, Role.WORKING_GROUP)


def closes(user: User, plan: Plan) -> bool:
    """Whether this person closes the quarters of a plan: its secretariat's people."""
    return user.has_role(*SECRETARIAT_ROLES) and plan.secretariat.filter(pk=user.organisation_id).exists()


def opens_plans(user: User) -> bool:
    """Whether this person opens and closes the public pages of plans."""
    return user.has_role(Role.WORKING_GROUP)


class PlanQuerySet(models.QuerySet["Plan"]):
    def public(self) -> Self:
        """Those that anyone may read: the working group opened their page, and did not close it since."""
        switches = self.model._meta.get_field("public_switches").related_model._default_manager
        last = switches.filter(plan=models.OuterRef("pk")).order_by("-pk").values("is_open")[:1]
        return self.alias(opened=models.Subquery(last)).filter(opened=True)

    def kept_by(self, user: User) -> Self:
        """Those whose words this person may change: the working group, and the leads of a plan's secretariat."""
        if user.has_role(Role.WORKING_GROUP):
            return self
        return self.filter(secretariat=user.organisation_id) if user.has_role(Role.WORKPLAN_LEAD) else self.none()


def imports_plans(user: User, plans: PlanQuerySet) -> bool:
    """Whether this person may bring in a plan that is not here yet: whoever keeps one of `plans`, or could."""
    return user.has_role(Role.WORKING_GROUP) or plans.kept_by(user).exists()


def _reported_by(user: User, prefix: str) -> Q:
    """The activities at `prefix` whose indicators this person reports."""
    if not user.has_role(Role.WORKPLAN_LEAD):
        return Q(pk__in=[])
    return Q(**{f"{prefix}reporters": user.organisation_id}) | Q(**{f"{prefix}open_to_every_lead": True})


def _verified_by(user: User, prefix: str) -> Q:
    """The indicators at `prefix` that this person verifies."""
    found = Q(pk__in=[])
    if user.has_role(Role.WORKING_GROUP):
        found |= Q(**{f"{prefix}verifier": Verifier.WORKING_GROUP})
    if user.has_role(Role.PSEA_COORDINATOR):
        found |= Q(**{f"{prefix}verifier": Verifier.PSEA_COORDINATOR})
    if user.has_role(*SECRETARIAT_ROLES):
        secretariat = f"{prefix}activity__objective__axis__plan__secretariat"
        found |= Q(**{f"{prefix}verifier": Verifier.SECRETARIAT, secretariat: user.organisation_id})
    return found


class ActivityQuerySet(models.QuerySet["Activity"]):
    model: type[Activity]

    def reported_by(self, user: User) -> Self:
        return self.filter(_reported_by(user, "")).distinct()


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    model: type[Indicator]

    def reported_by(self, user: User) -> Self:
        """Those a person fills in: of their organisation's activities, and not computed by the platform."""
        return self.filter(_reported_by(user, "activity__"), measure="").distinct()

    def verified_by(self, user: User) -> Self:
        return self.filter(_verified_by(user, "")).distinct()

    def keeping(self, register: str) -> Self:
        """Those that could be counted from this register."""
        return self.filter(register__kind=register)

    def of_plan(self, plan_id: int) -> Self:
        return self.filter(activity__objective__axis__plan=plan_id)


class ReadingQuerySet(models.QuerySet["Reading"]):
    model: type[Reading]

    def visible_to(self, user: User) -> Self:
        """Verified ones for everyone signed in; the others for those who report or verify them.

        The draft of one organisation's part is that organisation's.
        """
        theirs = Q(reporter=None) | Q(reporter=user.organisation_id) | ~Q(state=ReadingState.DRAFT)
        return self.filter(
            Q(state=ReadingState.VERIFIED)
            | Q(_in_subquery(self._indicators().reported_by(user))) & theirs
            | Q(_in_subquery(self._indicators().verified_by(user))) & ~Q(state=ReadingState.DRAFT)
        )

    def to_verify(self, user: User) -> Self:
        """What waits for this person; nobody verifies their own."""
        waiting = self.filter(_in_subquery(self._indicators().verified_by(user)), state=ReadingState.SUBMITTED)
        return waiting.exclude(submitted_by=user).exclude(drafted_by=user)

    def _indicators(self) -> IndicatorQuerySet:
        related = self.model._meta.get_field("indicator").related_model
        return IndicatorQuerySet(related)


class ReadingFileQuerySet(models.QuerySet["ReadingFile"]):
    model: type[ReadingFile]

    def visible_to(self, user: User) -> Self:
        """To whoever may read the value that they are joined to."""
        readings = ReadingQuerySet(self.model._meta.get_field("reading").related_model)
        return self.filter(reading__in=readings.visible_to(user).order_by().values("pk"))

    def for_a_list(self) -> Self:
        """Without what they hold."""
        return self.defer("content")


# Who keep the plan, and so read registers that are not for all staff.
PLAN_KEEPERS = (Role.WORKPLAN_LEAD, Role.WORKING_GROUP)


def registers_read_by(user: User) -> frozenset[str]:
    """The registers whose entries this person may read."""
    if not user.is_active:
        return frozenset()
    every = frozenset(REGISTERS)
    return every if user.has_role(*PLAN_KEEPERS) else every - CLOSED


class RegisterEntryQuerySet(models.QuerySet["RegisterEntry"]):
    def living(self) -> Self:
        """Those that count."""
        return self.filter(struck_at=None)

    def visible_to(self, user: User) -> Self:
        return self.filter(kind__in=registers_read_by(user))

    def for_a_list(self) -> Self:
        """Without what they only tell."""
        return self.defer("words").select_related("place", "organisation", "keeper")

    def whole(self) -> Self:
        return self.select_related(
            "plan", "place", "organisation", "keeper", "entered_by", "struck_by", "follows__place"
        )

    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        rows = self.order_by().values("kind").annotate(n=models.Count("pk"))
        return {row["kind"]: row["n"] for row in rows}

    def kept_by(self, user: User) -> Self:
        """Those that this person may change: of their organisation; of all, for the working group."""
        if user.has_role(Role.WORKING_GROUP):
            return self
        return self.filter(keeper=user.organisation_id) if user.has_role(Role.WORKPLAN_LEAD) else self.none()


class PlanFileQuerySet(SheetFileQuerySet["PlanFile"]):
    def visible_to(self, user: User) -> Self:
        """One's own, for as long as one may keep a plan."""
        return self.filter(owner=user) if user.has_role(*PLAN_KEEPERS) else self.none()


class RegisterFileQuerySet(CheckedFileQuerySet["RegisterFile"]):
    def visible_to(self, user: User) -> Self:
        """One's own, for as long as one may keep registers."""
        return self.filter(owner=user) if user.has_role(*PLAN_KEEPERS) else self.none()


def _in_subquery(indicators: IndicatorQuerySet) -> Q:
    return Q(indicator__in=indicators.order_by().values("pk"))
