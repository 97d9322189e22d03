"""A person asks to see, correct or erase what they said in a sealed case: an officer decides, before a date."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.transitions import Refused
from directory.models import User
from psea.actions.copy_held import destroy_words
from psea.actions.opening import read_case
from psea.actions.telling import add_note
from psea.databases import VAULT
from psea.enums import OUTCOMES, CaseState, Wish
from psea.mailboxes import traces_of
from psea.models import SealedCase, SealedMessage
from psea.readers import Reader
from psea.rights import assistance_refused


def decide_wish(
    *,
    case_id: UUID,
    message_id: UUID,
    is_granted: bool,
    reason: str,
    reader: Reader,
    by: User,
    at: datetime | None = None,
) -> SealedCase:
    """Grants or refuses; `reason` is sealed among the notes. Granted, an erasure destroys the words at once.

    Not before somebody who inquires holds the matter: an erasure must not be the way to bury a report. Raises Refused;
    SealedMessage.DoesNotExist for what is no open request of this case.
    """
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        opened = read_case(case_id=case_id, reader=reader, by=by)
        case = SealedCase.objects.using(VAULT).select_for_update().get(pk=opened.case.pk)
        _check(case, by, is_granted=is_granted, reason=reason)
        message = _request(case, message_id)
        said = opened.narrative.messages if opened.narrative is not None else []
        wish = next((one.wish for one in said if one.message_id == message.pk), "")
        if not wish:
            raise SealedMessage.DoesNotExist
        SealedMessage.objects.using(VAULT).filter(pk=message.pk).update(decided_at=moment)
        if reason.strip():
            add_note(case_id=case.pk, words=reason, reader=reader, by=by, at=moment)
        if is_granted and wish == Wish.ERASE:
            _erase(case, by=by, at=moment)
        audit.record(
            "psea.sealedcase.decide_wish", by=by, target=case, using=VAULT, at=moment, wish=wish, is_granted=is_granted
        )
    return case


def may_be_erased(case: SealedCase) -> bool:
    """Whether nobody needs these words any more: the entity holds its copy, it is decided, or it is no SEA."""
    return case.copy_held_at is not None or case.state in OUTCOMES | {CaseState.RECLASSIFIED}


def _check(case: SealedCase, by: User, *, is_granted: bool, reason: str) -> None:
    refused = assistance_refused(case, by)
    if refused is not None:
        raise Refused(refused)
    if not is_granted and not reason.strip():
        raise Refused(_("Notez pourquoi, et dites-le à la personne."))


def _request(case: SealedCase, message_id: UUID) -> SealedMessage:
    waiting = SealedMessage.objects.using(VAULT).filter(thread_tag=case.thread_tag, decided_at=None)
    return waiting.exclude(decide_by=None).get(pk=message_id)


def _erase(case: SealedCase, *, by: User, at: datetime) -> None:
    if not may_be_erased(case):
        raise Refused(
            _("Tant que l’entité ne détient pas sa copie, effacer empêcherait l’enquête : dites-le à la personne.")
        )
    # As in the other lanes: the number leads nowhere from now on.
    for rows in traces_of(case):
        rows.delete()
    destroy_words(case_id=case.pk, by=by, at=at)
