"""The rota of officers on duty: which two hold a week, what is amiss with it, and whose conflicts keep them out.

It stands in the ordinary database, for the vault's intake role reads nothing of it: it names staff, never a case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.formats import format_date
from core.transitions import Refused, Sentence
from directory.enums import Sex
from directory.languages import national_languages
from directory.models import DutyOfficer, DutyWeek, User
from directory.roles import Role
from psea.databases import VAULT
from psea.models import HandlerKey
from psea.trust import Approved, approved_for, approved_keys

WEEK = timedelta(weeks=1)
WEEKS_AHEAD = 12
# So long before an approval of a key ends, it is said.
SAID_AHEAD = timedelta(days=45)


def monday_of(moment: datetime) -> date:
    """The Monday of the duty week that holds a moment; the week turns at the hour of the handover."""
    day = (timezone.localtime(moment) - timedelta(hours=settings.DUTY_HANDOVER_HOUR)).date()
    return day - timedelta(days=day.weekday())


def turn_at(moment: datetime) -> DutyWeek | None:
    """The week on duty at a moment; None where the rota has a gap."""
    return DutyWeek.objects.filter(monday=monday_of(moment)).first()


def in_conflict(organisations: Iterable[int]) -> set[int]:
    """The people who declared a conflict with any of these organisations, by id."""
    rows = DutyOfficer.objects.filter(conflicts__in=set(organisations))
    return set(rows.values_list("user_id", flat=True))


def pair_of(named: Sequence[User], others: Iterable[User]) -> list[User]:
    """Those named, and of the others as many as make them two people of two organisations, in order.

    Where no second organisation is to be had, a second person of the first one is better than one alone.
    """
    found, spare = list(named), [user for user in others if user not in named]
    for is_strict in (True, False):
        for user in spare:
            if _are_enough(found, is_strict=is_strict):
                break
            if user not in found and (not is_strict or user.organisation_id not in _organisations(found)):
                found.append(user)
    return found


def _are_enough(users: Sequence[User], *, is_strict: bool) -> bool:
    return len(_organisations(users) if is_strict else users) >= 2


def _organisations(users: Iterable[User]) -> set[int]:
    return {user.organisation_id for user in users}


@dataclass(frozen=True)
class Officer:
    """One person of the rota, what they still lack to stand in it, and until when their key is approved for it."""

    user: User
    profile: DutyOfficer | None
    lacks: list[Sentence] = field(default_factory=list)
    approved_until: date | None = None

    @property
    def lapses_soon(self) -> bool:
        return self.approved_until is not None and self.approved_until - timezone.localdate() <= SAID_AHEAD


@dataclass(frozen=True)
class Week:
    """One week of the calendar; `faults` are in red, `remarks` are not."""

    monday: date
    turn: DutyWeek | None
    is_current: bool
    faults: list[Sentence]
    remarks: list[Sentence]

    @property
    def last_day(self) -> date:
        return self.monday + WEEK - timedelta(days=1)


def officers() -> list[Officer]:
    """Everyone with the role, by organisation and name."""
    people = User.objects.with_role(Role.PSEA_INTAKE_OFFICER).select_related("organisation", "duty_officer")
    people = people.prefetch_related("duty_officer__conflicts", "role_rows").order_by("organisation__acronym", "name")
    with_key = set(HandlerKey.objects.using(VAULT).of_people().values_list("user_id", flat=True))
    approved = approved_for(Role.PSEA_INTAKE_OFFICER, approved_keys())
    return [_officer(user, approved.get(user.pk), has_key=user.pk in with_key) for user in people]


def calendar(known: Sequence[Officer], now: datetime, weeks: int = WEEKS_AHEAD) -> list[Week]:
    """This week and those that follow, with every gap said."""
    current = monday_of(now)
    mondays = [current + WEEK * number for number in range(weeks)]
    people = ("first__organisation", "second__organisation")
    turns = {turn.monday: turn for turn in DutyWeek.objects.filter(monday__in=mondays).select_related(*people)}
    by_id = {officer.user.pk: officer for officer in known}
    return [_week(monday, turns.get(monday), by_id, is_current=monday == current) for monday in mondays]


def check_pair(first: User, second: User) -> None:
    """Raises Refused unless these are two people of two organisations, each trained and bound."""
    if first == second or first.organisation_id == second.organisation_id:
        raise Refused(_("Une garde tient à deux personnes, de deux organisations."))
    for user in (first, second):
        profile = DutyOfficer.objects.filter(user=user).first()
        if not user.has_role(Role.PSEA_INTAKE_OFFICER) or _unfit(profile):
            raise Refused(
                _("%(name)s n’est pas encore prêt pour la garde : formation et confidentialité d’abord.")
                % {"name": user}
            )


def _officer(user: User, approved: Approved | None, *, has_key: bool) -> Officer:
    profile = getattr(user, "duty_officer", None)
    lacks = _unfit(profile)
    if approved is None:
        lacks.append(_("clé non approuvée") if has_key else _("pas encore de clé"))
    return Officer(user, profile, lacks, approved.until if approved is not None else None)


def _unfit(profile: DutyOfficer | None) -> list[Sentence]:
    lacks: list[Sentence] = []
    if profile is None or profile.trained_on is None:
        lacks.append(_("formation non notée"))
    if profile is None or profile.confidentiality_signed_on is None:
        lacks.append(_("confidentialité non signée"))
    return lacks


def _week(monday: date, turn: DutyWeek | None, by_id: Mapping[int, Officer], *, is_current: bool) -> Week:
    if turn is None:
        return Week(monday, None, is_current, [_("Personne n’est de garde.")], [])
    faults: list[Sentence] = []
    pair = [(user, by_id.get(user.pk)) for user in (turn.first, turn.second)]
    for user, officer in pair:
        missing = _missing(officer, monday + WEEK - timedelta(days=1))
        faults += [_("%(name)s : %(what)s") % {"name": user, "what": what} for what in missing]
        if is_current and user.is_away:
            faults.append(_("%(name)s : en absence") % {"name": user})
    if turn.first.organisation_id == turn.second.organisation_id:
        faults.append(_("Les deux personnes sont à présent de la même organisation."))
    remarks = _remarks([officer for _user, officer in pair])
    remarks += [
        _("%(name)s n’a pas de téléphone noté : la nuit, un courriel seul ne réveille pas.") % {"name": user}
        for user, _officer_ in pair
        if not user.phone
    ]
    return Week(monday, turn, is_current, faults, remarks)


def _missing(officer: Officer | None, last_day: date) -> list[Sentence]:
    if officer is None:
        return [_("n’est plus de garde")]
    until = officer.approved_until
    if until is None or until >= last_day or not officer.lapses_soon:
        return officer.lacks
    return [*officer.lacks, _("clé approuvée jusqu’au %(day)s seulement") % {"day": format_date(until)}]


def _remarks(pair: Iterable[Officer | None]) -> list[Sentence]:
    """What whoever reports may miss that week: a woman to speak with, somebody of their language."""
    profiles = [officer.profile for officer in pair if officer is not None and officer.profile is not None]
    found: list[Sentence] = []
    if not any(profile.sex == Sex.FEMALE for profile in profiles):
        found.append(_("Aucune femme de garde cette semaine."))
    national = set(national_languages())
    if national and national.isdisjoint(code for profile in profiles for code in profile.languages):
        found.append(_("Personne de garde ne parle une langue nationale cette semaine."))
    return found
