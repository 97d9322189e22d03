"""The rota of officers on duty: who may stand in it, who holds which week, and turns swapped between colleagues."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.transitions import Refused
from directory.enums import Sex
from directory.models import DutyOfficer, DutySwap, DutyWeek, Organisation, User
from directory.notices import Notice, notify
from directory.roles import Role
from psea.rota import check_pair, monday_of

_GONE = _("Cette demande n’attend plus de réponse.")


def describe_officer(
    *,
    user: User,
    trained_on: date | None,
    confidentiality_signed_on: date | None,
    sex: Sex,
    languages: Iterable[str],
    conflicts: Iterable[Organisation],
    by: User,
    at: datetime | None = None,
) -> DutyOfficer:
    """The coordination writes down what makes somebody fit, and the conflicts they declared. Raises Refused."""
    _check_coordination(by)
    if not user.has_role(Role.PSEA_INTAKE_OFFICER):
        raise Refused(_("Cette personne n’est pas de garde."))
    with transaction.atomic():
        profile, _made = DutyOfficer.objects.update_or_create(
            user=user,
            defaults={
                "trained_on": trained_on,
                "confidentiality_signed_on": confidentiality_signed_on,
                "sex": sex,
                "languages": list(languages),
            },
        )
        profile.conflicts.set(conflicts)
        audit.record("psea.duty.describe", by=by, target=user, at=at, conflicts=profile.conflicts.count())
    return profile


def set_week(*, monday: date, first: User, second: User, by: User, at: datetime | None = None) -> DutyWeek:
    """The coordination names the two who hold a week, this one or a later one. Raises Refused.

    They are told that there is news, and so is whoever held it before.
    """
    _check_coordination(by)
    if monday.weekday() != 0 or monday < monday_of(timezone.now()):
        raise Refused(_("Cette semaine est passée."))
    with transaction.atomic():
        before = DutyWeek.objects.select_for_update().filter(monday=monday).first()
        people = {first, second} | ({before.first, before.second} if before is not None else set())
        week = _name(before or DutyWeek(monday=monday), first, second)
        audit.record("psea.duty.set", by=by, target=week, at=at, first=first.pk, second=second.pk)
        notify([user for user in people if user != by], Notice.INFO)
    return week


def ask_swap(
    *, week: DutyWeek, colleague: User, in_exchange: DutyWeek | None = None, by: User, at: datetime | None = None
) -> DutySwap:
    """Asks a colleague to take one's turn, maybe for one of theirs. Raises Refused where the two could not hold it."""
    if not week.stands(by.pk):
        raise Refused(_("Vous n’êtes pas de garde cette semaine-là."))
    if in_exchange is not None and not in_exchange.stands(colleague.pk):
        raise Refused(_("Cette personne n’est pas de garde cette semaine-là."))
    moment = at or timezone.now()
    if week.ends_at <= moment:
        raise Refused(_("Cette semaine est passée."))
    with transaction.atomic():
        _check_swap(week, by, colleague, in_exchange)
        if DutySwap.objects.filter(week=week, asked_by=by, answered_at=None).exists():
            raise Refused(_("Une demande attend déjà une réponse pour cette semaine."))
        swap = DutySwap.objects.create(
            week=week, asked_by=by, asked_of=colleague, in_exchange=in_exchange, asked_at=moment
        )
        audit.record("psea.duty.ask_swap", by=by, target=swap, at=moment, of=colleague.pk)
        notify([colleague], Notice.ACT)
    return swap


def answer_swap(*, swap_id: int, is_accepted: bool, by: User, at: datetime | None = None) -> DutySwap:
    """The colleague takes the turn, or does not. Raises Refused; DutySwap.DoesNotExist for anyone else."""
    moment = at or timezone.now()
    with transaction.atomic():
        swap = DutySwap.objects.select_for_update().get(pk=swap_id, asked_of=by)
        if swap.answered_at is not None or swap.week.ends_at <= moment:
            raise Refused(_GONE)
        if is_accepted:
            _exchange(swap)
        swap.answered_at, swap.was_accepted = moment, is_accepted
        swap.save()
        audit.record("psea.duty.answer_swap", by=by, target=swap, at=moment, accepted=is_accepted)
        coordination = User.objects.with_role(Role.PSEA_COORDINATOR) if is_accepted else []
        notify({swap.asked_by, *coordination}, Notice.INFO)
    return swap


def _check_coordination(by: User) -> None:
    if not by.has_role(Role.PSEA_COORDINATOR):
        raise Refused(_("Seule la coordination fixe la garde."))


def _name(week: DutyWeek, first: User, second: User) -> DutyWeek:
    check_pair(first, second)
    week.first, week.second = first, second
    week.first_organisation, week.second_organisation = first.organisation, second.organisation
    week.save()
    return week


def _exchange(swap: DutySwap) -> None:
    weeks = {row.pk: row for row in _locked(swap)}
    week = weeks[swap.week_id]
    other = weeks[swap.in_exchange_id] if swap.in_exchange_id is not None else None
    if not week.stands(swap.asked_by_id) or (other is not None and not other.stands(swap.asked_of_id)):
        raise Refused(_("La garde a changé entre-temps."))
    _name(week, *_with(week, swap.asked_by, swap.asked_of))
    if other is not None:
        _name(other, *_with(other, swap.asked_of, swap.asked_by))


def _locked(swap: DutySwap) -> list[DutyWeek]:
    ids = [pk for pk in (swap.week_id, swap.in_exchange_id) if pk is not None]
    return list(DutyWeek.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _check_swap(week: DutyWeek, by: User, colleague: User, in_exchange: DutyWeek | None) -> None:
    if week.stands(colleague.pk) or (in_exchange is not None and in_exchange.stands(by.pk)):
        raise Refused(_("Cette personne est déjà de garde cette semaine-là."))
    check_pair(*_with(week, by, colleague))
    if in_exchange is not None:
        check_pair(*_with(in_exchange, colleague, by))


def _with(week: DutyWeek, leaving: User, coming: User) -> tuple[User, User]:
    """The two of a week once one of them is replaced, in their order."""
    return (coming, week.second) if week.first_id == leaving.pk else (week.first, coming)
