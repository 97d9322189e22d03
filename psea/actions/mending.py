"""What an open key mends: cases that too few people can open, or that somebody could open who no longer may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from core import audit
from core.actors import Actor
from directory.models import User
from directory.notices import Notice
from directory.roles import HANDLERS, Role
from psea.actions.leaving_out import guard_of
from psea.actions.rekeying import rekey
from psea.actions.retiring import retire_closed_accounts
from psea.databases import VAULT
from psea.duty import officers_of, people_of, readers_of, stand_in, tell
from psea.enums import Part
from psea.facts import Facts
from psea.models import SealedCase
from psea.readers import Reader
from psea.standing import LIVING_HANDLERS, thin_cases
from psea.trust import approved_keys, recovery_keys
from psea.wraps import ALL_BUT_WORDS, EVERYTHING, add_wraps

AT_ONCE = 25
TO_MEND = Q(rekey_since__isnull=False) | Q(thin_since__isnull=False)
# Those that could not be mended come last the next time: they must not keep the others waiting for ever.
IN_TURN = (F("mend_tried_at").asc(nulls_first=True), "received_at", "pk")


@dataclass(frozen=True)
class Mended:
    """How many cases were sealed anew, how many were given to somebody more, and how many wait for the next time."""

    rekeyed: int = 0
    joined: int = 0
    left: int = 0


def watch_readers(*, by: Actor, at: datetime | None = None) -> int:
    """Marks the cases that fewer than two approved handlers and recovery can open, and retires keys of closed accounts.

    Not those whose words are destroyed: what is left of them is dates and facts for figures. Needs no key. Out: how
    many cases are marked. The coordination is told of those that were not before.
    """
    moment = at or timezone.now()
    retire_closed_accounts(by=by, at=moment)
    cases = SealedCase.objects.using(VAULT)
    thin = thin_cases(cases.filter(words_destroyed_at=None).values_list("pk", flat=True))
    cases.exclude(thin_since=None).exclude(pk__in=thin).update(thin_since=None)
    if cases.filter(pk__in=thin, thin_since=None).update(thin_since=moment):
        tell(User.objects.with_role(Role.PSEA_COORDINATOR), Notice.ACT, "thin", moment.date(), at=moment)
    return len(thin)


def mend(*, reader: Reader, by: User, at: datetime | None = None, most: int = AT_ONCE) -> Mended:
    """Mends what this reader can, at most so many cases, each in its own transaction; the others wait for the next.

    A case that is thin goes to officers on duty whom it spares, and to recovery; one that somebody lost is sealed anew.
    """
    reader.check_is(by)
    moment = at or timezone.now()
    marked = list(SealedCase.objects.using(VAULT).filter(TO_MEND).values_list("pk", flat=True))
    visible = SealedCase.objects.visible_to(by, *marked).order_by(*IN_TURN)
    waiting = list(visible.values_list("pk", flat=True)) if marked else []
    done = [_mend_one(case_id, reader, by, moment) for case_id in waiting[:most]]
    return Mended(sum(one.rekeyed for one in done), sum(one.joined for one in done), len(waiting) - len(done))


def _mend_one(case_id: UUID, reader: Reader, by: User, at: datetime) -> Mended:
    with transaction.atomic(using=VAULT):
        case = SealedCase.objects.using(VAULT).select_for_update().get(pk=case_id)
        SealedCase.objects.using(VAULT).filter(pk=case_id).update(mend_tried_at=at)
        keys = reader.open_parts(case_id)
        if Part.GUARD not in keys:
            return Mended()
        joined = _join(case, keys, at) if case.thin_since is not None else 0
        rekeyed = case.rekey_since is not None and rekey(case, reader, at=at)
        if joined or rekeyed:
            audit.record("psea.sealedcase.mend", by=by, target=case, using=VAULT, at=at, joined=joined, rekeyed=rekeyed)
        if not thin_cases([case_id]):
            SealedCase.objects.using(VAULT).filter(pk=case_id).update(thin_since=None)
    return Mended(int(rekeyed), int(bool(joined)))


def _join(case: SealedCase, keys: dict[Part, bytes], at: datetime) -> int:
    """Wraps the case to whoever is missing; in the caller's transaction. Out: how many wraps were added."""
    guard = guard_of(case, keys[Part.GUARD])
    facts = Facts.from_json(case.unseal_with(keys[Part.FACTS], "facts"))
    joining, approved = [], approved_keys()
    stand = {key.user_id for key in approved}
    if len([user for user in readers_of(case, *HANDLERS) if user.pk in stand]) < LIVING_HANDLERS:
        staying = [user for user in officers_of(case) if user.pk in stand]
        joining = stand_in(staying, guard.implicated, facts.organisation_id)
    parts = ALL_BUT_WORDS if case.copy_held_at is not None else EVERYTHING
    recovery = [(key, EVERYTHING) for key in recovery_keys(approved)]
    added = add_wraps(case.pk, keys, [*((key, parts) for key in joining), *recovery])
    tell(people_of(joining), Notice.ACT, "joined", case.pk, at, at=at)
    return added
