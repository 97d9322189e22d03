"""Recovery: a key that two custodians of different organisations open together, and neither alone.

Its private half is never locked by a passphrase: it lies in envelopes, one custodian's inside another's, and is put
together in memory only, for the time of one act. Breaking the glass and bringing somebody back are the same act: a case
that is open is opened at once, one that is over after a day, in which whoever must know has been told and may refuse.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.sealing import Context, SealBroken, new_data_key, new_keypair, unwrap, wrap
from core.transitions import Refused
from directory.models import User
from directory.notices import Notice
from directory.roles import IN_VAULT, Role
from psea.actions.sharing import approved_key_of, share_one
from psea.databases import VAULT
from psea.duty import readers_of, tell
from psea.enums import OVER, KeyKind
from psea.models import HandlerKey, Recovery, RecoveryShare, SealedCase
from psea.readers import Reader
from psea.standing import custodians_of
from psea.trust import Approved, approved_for, approved_keys

CUSTODIAN = Role.RECOVERY_CUSTODIAN


def make_recovery_key(*, by: User, at: datetime | None = None) -> HandlerKey:
    """A new recovery key for every pair of approved custodians of two organisations; two coordinators must approve it.

    Fresh cases get it at once. Older ones do as they are opened (`mending`) where the former no longer helps them: its
    custodians have gone, or it was retired. Raises Refused without such a pair.
    """
    _check_coordinator(by)
    moment = at or timezone.now()
    pairs = list(_pairs(custodians_of(approved_keys())))
    if not pairs:
        raise Refused(_("Il faut deux dépositaires de deux organisations, dont la clé est approuvée."))
    private, public = new_keypair()
    with transaction.atomic(using=VAULT):
        key = HandlerKey(kind=KeyKind.RECOVERY, public_key=public, created_at=moment, confirmed_at=moment)
        key.save(using=VAULT, force_insert=True)
        for first, second in pairs:
            share = RecoveryShare(recovery_key=key, first=first.key, second=second.key)
            inner = wrap(private, bytes(second.key.public_key), share_context(share, "inner"))
            share.blob = wrap(inner, bytes(first.key.public_key), share_context(share, "outer"))
            share.save(using=VAULT, force_insert=True)
        audit.record("psea.handlerkey.make_recovery", by=by, target=key, using=VAULT, at=moment, pairs=len(pairs))
    return key


def ask_recovery(
    *, colleague: User, case_id: UUID | None = None, reason: str, by: User, at: datetime | None = None
) -> Recovery:
    """Somebody of the vault asks the custodians to open a case, or all, to a person whose key is approved.

    Raises Refused without a reason, or where there is no such case.
    """
    if not by.has_role(*IN_VAULT):
        raise Refused(_("Seules les personnes du coffre le demandent."))
    if not reason.strip():
        raise Refused(_("Dites pourquoi."))
    approved_key_of(colleague)
    if case_id is not None and not SealedCase.objects.using(VAULT).filter(pk=case_id).exists():
        raise Refused(_("Ce dossier n’existe pas."))
    moment = at or timezone.now()
    asked = Recovery(user_id=colleague.pk, case_id=case_id, asked_by=by.pk, asked_at=moment)
    data_key, deciders = new_data_key(), _deciders()
    asked.seal_with(data_key, reason=reason.strip())
    asked.reason_keys = {
        str(one.key.pk): wrap(data_key, bytes(one.key.public_key), asked.sealing_context("reason_key")).hex()
        for one in deciders
    }
    with transaction.atomic(using=VAULT):
        asked.save(using=VAULT, force_insert=True)
        audit.record("psea.recovery.ask", by=by, target=asked, using=VAULT, at=moment, to=colleague.pk)
    tell(User.objects.with_role(CUSTODIAN), Notice.ACT, "recovery", asked.pk, at=moment)
    coordination = User.objects.with_role(Role.PSEA_COORDINATOR)
    informed = {user.pk: user for user in (*coordination, *_who_may_object(asked)) if user != by}
    tell(informed.values(), Notice.INFO, "recovery", asked.pk, at=moment)
    return asked


def _who_may_object(asked: Recovery) -> list[User]:
    """Whoever reads a case that is over, in the day before it opens: they can ask that it be refused.

    For all cases at once, everyone of the vault.
    """
    if asked.case_id is None:
        return list(User.objects.with_role(*IN_VAULT))
    over = SealedCase.objects.using(VAULT).filter(pk=asked.case_id, state__in=sorted(OVER)).first()
    return readers_of(over) if over is not None else []


def reason_of(asked: Recovery, reader: Reader) -> str:
    """Why it was asked, for those who decide and the coordination; '' for others."""
    wrapped = asked.reason_keys.get(str(reader.key_id))
    if wrapped is None:
        return ""
    key = unwrap(bytes.fromhex(wrapped), reader.private, asked.sealing_context("reason_key"))
    return asked.unseal_with(key, "reason")


def give_half(*, recovery_id: UUID, reader: Reader, by: User, at: datetime | None = None) -> Recovery:
    """The first custodian opens their envelope of every recovery key; what is in it opens for a second one only.

    Raises Refused for whoever is no custodian, or holds no envelope.
    """
    _check_custodian(by, reader)
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        asked = _locked(recovery_id)
        if asked.first_by is not None:
            raise Refused(_("Une première personne a déjà donné sa moitié : il manque la seconde."))
        shares = RecoveryShare.objects.using(VAULT).filter(first=reader.key_id, recovery_key__retired_at=None)
        asked.halves = {
            str(one.pk): unwrap(bytes(one.blob), reader.private, share_context(one, "outer")).hex() for one in shares
        }
        if not asked.halves:
            raise Refused(_("Votre clé n’ouvre aucune enveloppe de recouvrement."))
        asked.first_by, asked.first_at = by.pk, moment
        asked.save(using=VAULT)
        audit.record("psea.recovery.give_half", by=by, target=asked, using=VAULT, at=moment)
    tell(User.objects.with_role(CUSTODIAN).exclude(pk=by.pk), Notice.ACT, "half", asked.pk, at=moment)
    return asked


def complete_recovery(*, recovery_id: UUID, reader: Reader, by: User, at: datetime | None = None) -> int:
    """The second custodian opens the inner envelopes: the cases go to the person, each in its own transaction.

    Cases that are over wait until a day after they were asked for: this is then done again. When all that was asked is
    done, the halves are gone. Everybody who reads a case that was opened is told. Out: how many were opened now.
    """
    _check_custodian(by, reader)
    moment = at or timezone.now()
    asked = Recovery.objects.using(VAULT).get(pk=recovery_id)
    if not asked.is_open or asked.first_by is None:
        raise Refused(_("Une première personne doit d’abord donner sa moitié."))
    if asked.first_by == by.pk:
        raise Refused(_("Une seconde personne, d’une autre organisation, doit donner sa moitié."))
    keys = _put_together(asked, reader)
    colleague = User.objects.get(pk=asked.user_id)
    ready, waiting = _cases_of(asked, keys, moment)
    to = approved_key_of(colleague)
    done = [pk for pk in ready for key in keys if share_one(pk, colleague, to, key, by=by, at=moment)]
    with transaction.atomic(using=VAULT):
        asked = _locked(recovery_id)
        asked.second_by, asked.opened = by.pk, asked.opened + len(done)
        if not waiting:
            asked.done_at, asked.halves = moment, {}
        asked.save(using=VAULT)
        audit.record("psea.recovery.complete", by=by, target=asked, using=VAULT, at=moment, opened=len(done))
    _tell_everyone(done, asked, moment)
    return len(done)


def refuse_recovery(*, recovery_id: UUID, by: User, at: datetime | None = None) -> Recovery:
    """A custodian or the coordination says no: the halves are gone."""
    if not by.has_role(CUSTODIAN, Role.PSEA_COORDINATOR):
        raise Refused(_("Seuls les dépositaires et la coordination le refusent."))
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        asked = _locked(recovery_id)
        asked.refused_by, asked.refused_at, asked.halves = by.pk, moment, {}
        asked.save(using=VAULT)
        audit.record("psea.recovery.refuse", by=by, target=asked, using=VAULT, at=moment)
    tell(User.objects.active().filter(pk=asked.asked_by), Notice.INFO, "refused", asked.pk, at=moment)
    return asked


def ready_at(asked: Recovery) -> datetime:
    """From when cases that are over may be opened."""
    return asked.asked_at + timedelta(hours=settings.VAULT_BREAK_GLASS_HOURS)


def share_context(share: RecoveryShare, which: str) -> Context:
    """Where an envelope is bound: the "outer" one, or the "inner" one in it."""
    return Context("psea_recoveryshare", str(share.pk), which)


def _pairs(custodians: Iterable[Approved]) -> Iterator[tuple[Approved, Approved]]:
    for first, second in itertools.permutations(custodians, 2):
        if first.key.organisation_id != second.key.organisation_id:
            yield first, second


def _deciders() -> list[Approved]:
    keys = approved_keys()
    coordination = approved_for(Role.PSEA_COORDINATOR, keys)
    return [*custodians_of(keys), *coordination.values()]


def _put_together(asked: Recovery, reader: Reader) -> list[Reader]:
    """Every recovery key that the first one's halves and this reader open. Raises Refused if there is none."""
    shares = RecoveryShare.objects.using(VAULT).filter(pk__in=list(asked.halves), second=reader.key_id)
    found = []
    for share in shares:
        inner = bytes.fromhex(asked.halves[str(share.pk)])
        try:
            private = unwrap(inner, reader.private, share_context(share, "inner"))
        except SealBroken:
            continue
        found.append(Reader(0, share.recovery_key_id, private))
    if not found:
        raise Refused(_("Une seconde personne, d’une autre organisation, doit donner sa moitié."))
    return found


def _cases_of(asked: Recovery, keys: list[Reader], at: datetime) -> tuple[list[UUID], list[UUID]]:
    """What is to be opened now, and what must wait, of what was asked."""
    opened = {pk for key in keys for pk in SealedCase.objects.opened_by(key.key_id).values_list("pk", flat=True)}
    wanted = SealedCase.objects.using(VAULT).filter(pk__in=opened)
    wanted = wanted.filter(pk=asked.case_id) if asked.case_id is not None else wanted
    over = set(wanted.filter(state__in=sorted(OVER)).values_list("pk", flat=True)) if at < ready_at(asked) else set()
    return [pk for pk in wanted.values_list("pk", flat=True) if pk not in over], list(over)


def _tell_everyone(done: list[UUID], asked: Recovery, at: datetime) -> None:
    people = {user.pk: user for pk in done for user in readers_of(SealedCase.objects.using(VAULT).get(pk=pk))}
    people |= {user.pk: user for user in User.objects.with_role(CUSTODIAN, Role.PSEA_COORDINATOR)}
    tell(people.values(), Notice.INFO, "recovered", asked.pk, at, at=at)


def _check_coordinator(by: User) -> None:
    if not by.has_role(Role.PSEA_COORDINATOR):
        raise Refused(_("Seule la coordination le fait."))


def _check_custodian(by: User, reader: Reader) -> None:
    reader.check_is(by)
    if not by.has_role(CUSTODIAN):
        raise Refused(_("Seuls les dépositaires le font."))


def _locked(recovery_id: UUID) -> Recovery:
    asked = Recovery.objects.using(VAULT).select_for_update().get(pk=recovery_id)
    if not asked.is_open:
        raise Refused(_("Cette demande est déjà close."))
    return asked
