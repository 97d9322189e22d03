"""Bringing a colleague back in: after a lost passphrase, a new arrival, or by the recovery key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import Actor
from core.sealing import WrongPassphrase, unlock_private
from core.transitions import Refused
from directory.models import User
from directory.notices import Notice
from directory.roles import HANDLERS, Role
from psea.databases import VAULT
from psea.duty import entity_keys, tell
from psea.enums import Part
from psea.facts import Facts, Guard
from psea.models import HandlerKey, SealedCase, Wrap
from psea.passphrase import as_typed
from psea.readers import EVERYTHING, FACTS_ONLY, Reader, wraps_for
from psea.rights import is_entity_handler
from psea.rota import in_conflict

ALL_BUT_WORDS = (Part.GUARD, Part.FACTS)


def retire_key(*, key_id: UUID, by: User, at: datetime | None = None) -> HandlerKey:
    """The coordination retires a key that was lost, or whose owner leaves: from now on it opens nothing here.

    Raises Refused for anyone else, and for one's own key.
    """
    if not by.has_role(Role.PSEA_COORDINATOR):
        raise Refused(_("Seule la coordination retire une clé."))
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        key = HandlerKey.objects.using(VAULT).of_people().select_for_update().get(pk=key_id)
        if key.user_id == by.pk:
            raise Refused(_("Une autre personne de la coordination doit retirer votre clé."))
        key.retired_at = moment
        key.save(using=VAULT)
        audit.record("psea.handlerkey.retire", by=by, target=key, using=VAULT, at=moment)
    tell(User.objects.active().filter(pk=key.user_id), Notice.INFO, "retired", key.pk, at=moment)
    return key


def share_cases(*, colleague: User, reader: Reader, by: User, at: datetime | None = None) -> int:
    """Wraps to a colleague's living key what their role entitles them to, out of what the actor's key opens.

    Never a case that implicates the colleague. Returns for how many cases something was added.
    """
    if not by.has_role(*HANDLERS):
        raise Refused(_("Seules les personnes habilitées partagent leurs dossiers."))
    reader.check_is(by)
    return _share(SealedCase.objects.visible_to(by).values_list("pk", flat=True), colleague, reader, by=by, at=at)


def recover_cases(*, colleague: User, recovery: Reader, by: Actor, at: datetime | None = None) -> int:
    """As `share_cases`, out of what the recovery key opens. For its custodians."""
    ids = SealedCase.objects.using(VAULT).values_list("pk", flat=True)
    return _share(ids, colleague, recovery, by=by, at=at)


def open_recovery(*, passphrase: str, by: Actor) -> Reader:
    """The recovery key that this passphrase opens. Raises Refused when it opens none."""
    for key in HandlerKey.objects.using(VAULT).recovery():
        try:
            private = unlock_private(bytes(key.locked_private), as_typed(passphrase))
        except WrongPassphrase:
            continue
        audit.record("psea.handlerkey.open_recovery", by=by, target=key, using=VAULT)
        return Reader(0, key.pk, private)
    raise Refused(_("Cette phrase n'ouvre aucune clé de recouvrement."))


def _share(ids: Iterable[UUID], colleague: User, reader: Reader, *, by: Actor, at: datetime | None) -> int:
    key = HandlerKey.objects.using(VAULT).of_people().filter(user_id=colleague.pk).first()
    if key is None:
        raise Refused(_("Cette personne n'a pas de clé active."))
    return sum(_share_one(case_id, colleague, key, reader, by=by, at=at) for case_id in list(ids))


def _share_one(
    case_id: UUID, colleague: User, key: HandlerKey, reader: Reader, *, by: Actor, at: datetime | None
) -> bool:
    """One case in its own transaction, so that a long list can be taken up again where it stopped."""
    with transaction.atomic(using=VAULT):
        case = SealedCase.objects.using(VAULT).select_for_update().get(pk=case_id)
        keys = reader.open_parts(case.pk)
        if Part.GUARD not in keys:
            return False
        guard = Guard.from_json(case.unseal_with(keys[Part.GUARD], "guard"))
        facts = Facts.from_json(case.unseal_with(keys[Part.FACTS], "facts"))
        have = set(case.wraps.using(VAULT).filter(handler_key=key).values_list("part", flat=True))
        parts = [part for part in _entitled(case, colleague, key, guard, facts) if part not in have]
        fresh = wraps_for(case.pk, keys, key, parts)
        if not fresh:
            return False
        Wrap.objects.using(VAULT).bulk_create(fresh)
        audit.record("psea.sealedcase.share", by=by, target=case, using=VAULT, at=at, to=colleague.pk)
    return True


def _entitled(case: SealedCase, user: User, key: HandlerKey, guard: Guard, facts: Facts) -> tuple[Part, ...]:
    """What this person's role entitles them to of a case, by the rules of reception and transmission."""
    if is_entity_handler(case, user) and key in entity_keys(user.organisation_id, guard):
        return EVERYTHING
    concerned = [facts.organisation_id] if facts.organisation_id is not None else []
    if not guard.implicated.spares(user) or user.pk in in_conflict({*guard.implicated.organisations, *concerned}):
        return ()
    if user.has_role(Role.PSEA_INTAKE_OFFICER):
        return ALL_BUT_WORDS if case.copy_held_at is not None else EVERYTHING
    return FACTS_ONLY if user.has_role(Role.PSEA_COORDINATOR) else ()
