"""What keeps a case from being destroyed: a legal hold, set and lifted by two people, or an open conflict."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.transitions import Refused
from directory.models import User
from directory.notices import Notice
from directory.roles import Role
from psea.actions.opening import locked_case_for
from psea.databases import VAULT
from psea.duty import coordination_of, readers_of, tell
from psea.enums import Part
from psea.models import LegalHold, SealedCase
from psea.readers import Reader

_ANOTHER = _("Une autre personne doit le confirmer.")


def ask_hold(*, case_id: UUID, reason: str, reader: Reader, by: User, at: datetime | None = None) -> LegalHold:
    """Asks that nothing of the case be destroyed; the reason is sealed. Stands for three days until it is confirmed."""
    if not reason.strip():
        raise Refused(_("Écrivez pourquoi rien ne doit être détruit."))
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        case = locked_case_for(case_id, by)
        reader.check_is(by)
        if standing_hold(case, moment) is not None:
            raise Refused(_("Une conservation est déjà demandée pour ce dossier."))
        # One that nobody confirmed in time stands no more.
        case.holds.using(VAULT).filter(lifted_at=None).delete()
        hold = LegalHold(case=case, asked_by=by.pk, asked_at=moment)
        hold.seal_with(reader.data_key(case.pk, Part.FACTS), reason=reason.strip())
        hold.save(using=VAULT, force_insert=True)
        audit.record("psea.sealedcase.ask_hold", by=by, target=case, using=VAULT, at=moment)
    _tell_others(case, by, "hold", moment, at)
    return hold


def confirm_hold(*, case_id: UUID, by: User, at: datetime | None = None) -> LegalHold:
    """A second person confirms it: nothing is destroyed until two lift it."""
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        case = locked_case_for(case_id, by)
        hold = _standing(case)
        if hold is None or hold.confirmed_at is not None:
            raise Refused(_("Aucune conservation n’attend d’être confirmée."))
        if hold.asked_by == by.pk:
            raise Refused(_ANOTHER)
        hold.confirmed_by, hold.confirmed_at = by.pk, moment
        hold.save(using=VAULT)
        audit.record("psea.sealedcase.confirm_hold", by=by, target=case, using=VAULT, at=moment)
    return hold


def lift_hold(*, case_id: UUID, by: User, at: datetime | None = None) -> LegalHold:
    """One person asks that the hold end, another one ends it. Nobody confirmed it yet: whoever asked takes it back."""
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        case = locked_case_for(case_id, by)
        hold = _standing(case)
        if hold is None:
            raise Refused(_("Aucune conservation n’est posée."))
        if hold.confirmed_at is None:
            _take_back(hold, by)
        elif hold.lift_asked_by is None:
            hold.lift_asked_by, hold.lift_asked_at = by.pk, moment
            hold.save(using=VAULT)
        elif hold.lift_asked_by == by.pk:
            raise Refused(_ANOTHER)
        else:
            hold.lifted_by, hold.lifted_at = by.pk, moment
            hold.save(using=VAULT)
        act = "lift_hold" if hold.lifted_at is not None else "ask_lift"
        audit.record(f"psea.sealedcase.{act}", by=by, target=case, using=VAULT, at=moment)
    if hold.lifted_at is None:
        _tell_others(case, by, "lift", moment, at)
    return hold


def raise_conflict(*, case_id: UUID, by: User, at: datetime | None = None) -> SealedCase:
    """Says that whoever has the case should perhaps not: until the coordination settles it, nothing is destroyed."""
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        case = locked_case_for(case_id, by)
        if case.conflict_at is not None:
            raise Refused(_("Un conflit d’intérêts est déjà signalé."))
        _set_conflict(case, moment)
        audit.record("psea.sealedcase.raise_conflict", by=by, target=case, using=VAULT, at=moment)
    tell(coordination_of(case), Notice.ACT, "conflict", case.pk, moment, at=at)
    return case


def settle_conflict(*, case_id: UUID, by: User, at: datetime | None = None) -> SealedCase:
    """The coordination says that the conflict is over."""
    if not by.has_role(Role.PSEA_COORDINATOR):
        raise Refused(_("Seule la coordination règle un conflit d’intérêts."))
    with transaction.atomic(using=VAULT):
        case = locked_case_for(case_id, by)
        if case.conflict_at is None:
            raise Refused(_("Aucun conflit d’intérêts n’est signalé."))
        _set_conflict(case, None)
        audit.record("psea.sealedcase.settle_conflict", by=by, target=case, using=VAULT, at=at)
    return case


def standing_hold(case: SealedCase, at: datetime) -> LegalHold | None:
    """The hold that keeps this case, if there is one."""
    return case.holds.using(VAULT).standing(at).first()


def kept_cases(at: datetime) -> list[UUID]:
    """The cases that a hold keeps."""
    return list(LegalHold.objects.using(VAULT).standing(at).values_list("case_id", flat=True))


def _standing(case: SealedCase) -> LegalHold | None:
    return standing_hold(case, timezone.now())


def _take_back(hold: LegalHold, by: User) -> None:
    if hold.asked_by != by.pk:
        raise Refused(_("Personne ne l’a encore confirmée : qui l’a demandée peut la reprendre."))
    hold.delete(using=VAULT)


def _set_conflict(case: SealedCase, at: datetime | None) -> None:
    case.conflict_at = at
    SealedCase.objects.using(VAULT).filter(pk=case.pk).update(conflict_at=at)


def _tell_others(case: SealedCase, by: User, about: str, moment: datetime, at: datetime | None) -> None:
    tell([user for user in readers_of(case) if user != by], Notice.ACT, about, case.pk, moment, at=at)
