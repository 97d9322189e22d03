"""Who is told of a restricted matter: the named people of its kind and place, nobody whom it implicates."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.transitions import Refused
from directory.enums import RestrictedKind
from directory.models import User
from directory.notices import Notice, notify, present
from directory.roles import RESTRICTED_ROLES, WHO_CALL, Role
from feedback.models import Case


class NobodyReads(Refused):
    """A restricted matter for which nobody is named whom it spares."""


def named_recipients(case: Case) -> list[User]:
    """The focal points of the case's kind whose zone covers its place; of every zone if there is none: those who then
    read it (`Case.objects.visible_to`). Nobody whom it implicates."""
    if not case.is_restricted:
        return []
    role = RESTRICTED_ROLES[RestrictedKind(case.restricted_kind)]
    implicated = case.implicated()
    near = [user for user in User.objects.with_role(role, place=case.place) if implicated.spares(user)]
    return near or [user for user in User.objects.with_role(role) if implicated.spares(user)]


def check_somebody_reads(case: Case) -> None:
    """Raises NobodyReads for a restricted matter that spares nobody who is named for it."""
    if case.is_restricted and not named_recipients(case):
        raise NobodyReads(
            _(
                "Personne ne pourrait lire ce dossier : aucun point focal de ce genre n’est désigné et hors de cause. "
                "Laissez-le où il est, et dites-le de vive voix à la coordination entre organisations."
            )
        )


def danger_contacts(case: Case) -> list[User]:
    """Who must call when words suggest danger: the security and protection contacts whose zone covers the place, else
    of the country, else the listening team. Of a restricted matter, its named recipients alone.
    """
    if case.is_restricted:
        return named_recipients(case)
    implicated = case.implicated()
    near, country, team = (
        User.objects.with_role(*WHO_CALL, place=case.place),
        User.objects.with_role(*WHO_CALL),
        User.objects.with_role(Role.OPERATOR),
    )
    found = ([user for user in people if implicated.spares(user)] for people in (near, country, team))
    return next((people for people in found if people), [])


def tell_named_recipients(case: Case, *, but: object = None) -> list[User]:
    """Sends them, or who stands in for them, the fixed sentence. `but`: whoever acted, who need not be told.

    Nobody whom the case implicates is reached as a deputy either.
    """
    return notify(_standing(case, [user for user in named_recipients(case) if user != but]), Notice.ACT)


def late_contacts(case: Case) -> list[User]:
    """Who is told that a case is late, or who stands in for them: its named recipients; else the operators whose zone
    covers the place, of the organisation that took it in if it has any. Nobody whom it implicates.
    """
    if case.is_restricted:
        return _standing(case, named_recipients(case))
    near = list(User.objects.with_role(Role.OPERATOR, place=case.place))
    theirs = [user for user in near if user.organisation_id == case.entered_for_id]
    return next((found for people in (theirs, near) if (found := _standing(case, people))), [])


def _standing(case: Case, people: list[User]) -> list[User]:
    implicated = case.implicated()
    standing = [present(user) for user in people if implicated.spares(user)]
    return [user for user in standing if user is not None and implicated.spares(user)]
