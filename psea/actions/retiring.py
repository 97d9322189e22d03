"""A key goes: lost, stolen, or of somebody who leaves. What it could open is sealed anew by whoever opens it next."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import audit
from core.actors import Actor
from core.transitions import Refused
from directory.models import User
from directory.notices import Notice
from directory.roles import Role
from psea.databases import VAULT
from psea.duty import tell
from psea.models import HandlerKey, SealedCase
from psea.standing import recovery_until, thin_cases
from psea.trust import approved_keys


def retire_key(*, key_id: UUID, is_lost: bool = False, by: User, at: datetime | None = None) -> HandlerKey:
    """The coordination retires a key: from now on it opens nothing here.

    Refused while a case would be left to fewer than two living handlers, or without recovery: it must be shared first.
    Likewise while no two custodians would be left who open the recovery key.
    Not so when the key `is_lost` to somebody else: then it goes at once, and such cases show in red until mended.
    Raises Refused for anyone else, and for one's own key.
    """
    if not by.has_role(Role.PSEA_COORDINATOR):
        raise Refused(_("Seule la coordination retire une clé."))
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        key = HandlerKey.objects.using(VAULT).living().select_for_update().get(pk=key_id)
        if key.user_id == by.pk:
            raise Refused(_("Une autre personne de la coordination doit retirer votre clé."))
        if not is_lost:
            _check_others_remain(key)
        _retire(key, by=by, at=moment)
    tell(User.objects.active().filter(pk=key.user_id), Notice.INFO, "retired", key.pk, at=moment)
    return key


def retire_closed_accounts(*, by: Actor, at: datetime) -> int:
    """The keys of people whose accounts were closed. Out: how many."""
    keys = list(HandlerKey.objects.using(VAULT).of_people())
    active = set(User.objects.active().filter(pk__in=[key.user_id for key in keys]).values_list("pk", flat=True))
    gone = [key for key in keys if key.user_id not in active]
    for key in gone:
        with transaction.atomic(using=VAULT):
            _retire(key, by=by, at=at)
    return len(gone)


def _check_others_remain(key: HandlerKey) -> None:
    with_words = SealedCase.objects.opened_by(key.pk).filter(words_destroyed_at=None)
    cases = list(with_words.values_list("pk", flat=True))
    left = set(thin_cases(cases, without=key.pk)) - set(thin_cases(cases))
    if left:
        said = ngettext(
            "%(count)s dossier resterait à moins de deux personnes : ouvrez-le d’abord à une autre.",
            "%(count)s dossiers resteraient à moins de deux personnes : ouvrez-les d’abord à une autre.",
            len(left),
        )
        raise Refused(said % {"count": len(left)})
    approved = approved_keys()
    if recovery_until(approved) and not recovery_until([one for one in approved if one.key.pk != key.pk]):
        raise Refused(
            _("Plus personne n’ouvrirait le recouvrement : nommez d’autres dépositaires et faites-en une autre clé.")
        )


def _retire(key: HandlerKey, *, by: Actor, at: datetime) -> None:
    """In the caller's transaction."""
    cases = list(SealedCase.objects.opened_by(key.pk).values_list("pk", flat=True))
    HandlerKey.objects.using(VAULT).filter(pk=key.pk).update(retired_at=at)
    key.retired_at = at
    SealedCase.objects.using(VAULT).filter(pk__in=cases, rekey_since=None).update(rekey_since=at)
    audit.record("psea.handlerkey.retire", by=by, target=key, using=VAULT, at=at)
