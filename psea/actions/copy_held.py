"""The entity holds its own copy: the words leave the vault (DESIGN §4, facts.md §4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import Actor
from core.transitions import Refused
from directory.models import User
from directory.roles import Role
from psea.actions.opening import case_for
from psea.actions.routing import change_facts
from psea.databases import VAULT
from psea.duty import readers_of
from psea.enums import TAKEN_UP, KeyKind, Part
from psea.models import HandlerKey, PhoneTrace, Receipt, SealedCase, SealedMessage
from psea.readers import Reader
from psea.rights import is_entity_handler
from psea.tags import thread_tag

Trace = TypeVar("Trace", Receipt, PhoneTrace)


def confirm_copy_held(
    *, case_id: UUID, reference: str, reader: Reader, by: User, at: datetime | None = None
) -> SealedCase:
    """The entity's investigation function states that it holds its own copy, under its own reference.

    The officers' wraps of the words go at once; the words themselves after the days of the settings. Officers keep the
    facts, to follow the assistance, and who is implicated, so that a reopened case is never sent to them.
    An acknowledgement alone never does this. Raises Refused.
    """
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        case = SealedCase.objects.using(VAULT).select_for_update().get(pk=case_for(case_id, by).pk)
        _check(case, reader, by, reference)
        change_facts(case, reader, {"copy_reference": reference.strip()})
        SealedCase.objects.using(VAULT).filter(pk=case.pk).update(copy_held_at=moment)
        case.copy_held_at = moment
        _drop_officers_wraps(case)
        audit.record("psea.sealedcase.confirm_copy_held", by=by, target=case, using=VAULT, at=moment)
    return case


def destroy_due(*, by: Actor, at: datetime | None = None) -> int:
    """Destroys the words of every case whose entity has held its copy as long as the settings say. Returns how many."""
    moment = at or timezone.now()
    stand = timedelta(days=settings.RETENTION_SEALED_WORDS_DAYS)
    due = SealedCase.objects.using(VAULT).filter(
        copy_held_at__lte=moment - stand, words_destroyed_at=None, state__in=sorted(TAKEN_UP)
    )
    ids = list(due.values_list("pk", flat=True))
    for case_id in ids:
        destroy_words(case_id=case_id, by=by, at=moment)
    return len(ids)


def destroy_words(*, case_id: UUID, by: Actor, at: datetime) -> None:
    """Drops the words, the contact, notes and additions, and every wrap that opened them. For jobs and releases."""
    with transaction.atomic(using=VAULT):
        case = SealedCase.objects.using(VAULT).select_for_update().get(pk=case_id)
        _close_mailbox(case)
        case.wraps.using(VAULT).filter(part=Part.WORDS).delete()
        case.notes.using(VAULT).all().delete()
        case.questions.using(VAULT).all().delete()
        gone = SealedCase.objects.using(VAULT).filter(pk=case.pk)
        gone.update(words=None, contact=None, mailbox_private=None, words_destroyed_at=at)
        audit.record("psea.sealedcase.destroy_words", by=by, target=case, using=VAULT, at=at)


def _check(case: SealedCase, reader: Reader, by: User, reference: str) -> None:
    reader.check_is(by)
    key = HandlerKey.objects.using(VAULT).get(pk=reader.key_id)
    if not is_entity_handler(case, by) or key.kind != KeyKind.INVESTIGATION:
        raise Refused(_("Seule la fonction d'enquête de l'entité confirme qu'elle détient sa propre copie."))
    if case.state not in TAKEN_UP:
        raise Refused(_("L'entité doit d'abord accuser réception."))
    if not reference.strip():
        raise Refused(_("Donnez la référence de votre copie."))


def _drop_officers_wraps(case: SealedCase) -> None:
    officers = readers_of(case, Role.PSEA_INTAKE_OFFICER)
    others = [user.pk for user in officers if not is_entity_handler(case, user)]
    case.wraps.using(VAULT).filter(part=Part.WORDS, handler_key__user_id__in=others).delete()


def traces_of(case: SealedCase) -> tuple[QuerySet[Receipt], QuerySet[PhoneTrace]]:
    """The rows by which the receipt number and the telephone of this case, and no other, lead to its mailbox."""
    return _leading_to(case, Receipt.objects.using(VAULT)), _leading_to(case, PhoneTrace.objects.using(VAULT))


def _leading_to(case: SealedCase, rows: QuerySet[Trace]) -> QuerySet[Trace]:
    known = rows.exclude(mailbox=None).values_list("pk", "mailbox")
    return rows.filter(pk__in=[pk for pk, mailbox in known if thread_tag(bytes(mailbox or b"")) == case.thread_tag])


def _close_mailbox(case: SealedCase) -> None:
    """What the person sends from now on is a new sealed case: nobody could open it in this one."""
    SealedMessage.objects.using(VAULT).filter(thread_tag=case.thread_tag).delete()
    for rows in traces_of(case):
        rows.update(mailbox=None)
