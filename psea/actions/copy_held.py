"""The entity holds its own copy: the words leave the vault (DESIGN §4, facts.md §4)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import Actor
from core.transitions import Refused
from directory.models import User
from directory.roles import Role
from psea.actions.holds import kept_cases, standing_hold
from psea.actions.opening import locked_case_for
from psea.actions.routing import change_facts
from psea.databases import VAULT
from psea.duty import keys_of, readers_of
from psea.enums import TAKEN_UP, Part
from psea.mailboxes import traces_of
from psea.models import SealedCase, SealedMessage
from psea.readers import Reader
from psea.rights import is_entity_handler
from psea.trust import INVESTIGATION, is_approved_for
from psea.wraps import drop_wraps

# Whatever the settings say, words that the entity holds are never kept longer than this (facts.md §4).
MOST_DAYS = 30
STATEMENT = _("nous détenons notre copie")
MARKS = str.maketrans("’.!«»\u00a0", "' " + " " * 4)


def confirm_copy_held(
    *,
    case_id: UUID,
    reference: str,
    held_on: date,
    statement: str,
    reader: Reader,
    by: User,
    at: datetime | None = None,
) -> SealedCase:
    """The entity's investigation function states that it holds its own copy, under its own reference, since a day.

    `statement`: the sentence `STATEMENT` as they typed it. Refused while a conflict of interest is open.

    The officers' wraps of the words go at once; the words themselves after the days of the settings. Officers keep the
    facts, to follow the assistance, and who is implicated, so that a reopened case is never sent to them.
    An acknowledgement alone never does this. Raises Refused.
    """
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        case = locked_case_for(case_id, by)
        _check(case, reader, by)
        note_stated(case, reader, reference=reference, held_on=held_on, statement=statement, at=moment)
        mark_held(case, by=by, at=moment)
    return case


def destroy_due(*, by: Actor, at: datetime | None = None) -> int:
    """Destroys the words of every case whose entity has held its copy as long as the settings say. Returns how many.

    Never under a legal hold, nor while a conflict of interest or "not ours" is open.
    """
    moment = at or timezone.now()
    due = SealedCase.objects.using(VAULT).filter(
        copy_held_at__lte=moment - _stand(), words_destroyed_at=None, conflict_at=None, state__in=sorted(TAKEN_UP)
    )
    due = due.exclude(pk__in=kept_cases(moment))
    return sum(_destroyed(case_id, by=by, at=moment) for case_id in list(due.values_list("pk", flat=True)))


def words_go_at(case: SealedCase) -> datetime | None:
    """When the words are due to be destroyed; None while the entity has not confirmed its copy."""
    return None if case.copy_held_at is None or case.state not in TAKEN_UP else case.copy_held_at + _stand()


def _stand() -> timedelta:
    return timedelta(days=min(settings.RETENTION_SEALED_WORDS_DAYS, MOST_DAYS))


def _destroyed(case_id: UUID, *, by: Actor, at: datetime) -> bool:
    """False where a hold or a conflict came up since the list was made."""
    try:
        destroy_words(case_id=case_id, by=by, at=at)
    except Refused:
        return False
    return True


def destroy_words(*, case_id: UUID, by: Actor, at: datetime) -> None:
    """Drops the words, the contact, notes and additions, and every wrap that opened them. For jobs and releases.

    Raises Refused under a legal hold or while a conflict of interest is open.
    """
    with transaction.atomic(using=VAULT):
        case = SealedCase.objects.using(VAULT).select_for_update().get(pk=case_id)
        check_may_be_destroyed(case, at)
        _close_mailbox(case)
        case.wraps.using(VAULT).filter(part=Part.WORDS).delete()
        case.notes.using(VAULT).all().delete()
        case.questions.using(VAULT).all().delete()
        gone = SealedCase.objects.using(VAULT).filter(pk=case.pk)
        gone.update(words=None, contact=None, mailbox_private=None, words_destroyed_at=at)
        audit.record("psea.sealedcase.destroy_words", by=by, target=case, using=VAULT, at=at)


def check_may_be_destroyed(case: SealedCase, at: datetime) -> None:
    """Raises Refused under a legal hold or while a conflict of interest is open."""
    if case.conflict_at is not None:
        raise Refused(_("Un conflit d’intérêts est ouvert : rien n’est détruit."))
    if standing_hold(case, at) is not None:
        raise Refused(_("Une conservation légale est posée : rien n’est détruit."))


def _check(case: SealedCase, reader: Reader, by: User) -> None:
    reader.check_is(by)
    if not is_entity_handler(case, by) or not is_approved_for(reader.key_id, INVESTIGATION):
        raise Refused(_("Seule la fonction d'enquête de l'entité confirme qu'elle détient sa propre copie."))
    if case.state not in TAKEN_UP:
        raise Refused(_("L'entité doit d'abord accuser réception."))
    if case.conflict_at is not None:
        raise Refused(_("Un conflit d’intérêts est ouvert : la coordination le règle d’abord."))


def note_stated(
    case: SealedCase, reader: Reader, *, reference: str, held_on: date, statement: str, at: datetime
) -> None:
    """Keeps with the facts what the entity said of its copy; in the caller's transaction.

    Raises Refused unless there are a reference, a day that has come, and the sentence in full.
    """
    if not reference.strip():
        raise Refused(_("Donnez la référence de votre copie."))
    if held_on > timezone.localdate(at):
        raise Refused(_("Cette date est dans l'avenir."))
    if as_said(statement) != as_said(str(STATEMENT)):
        raise Refused(_("Tapez la phrase en entier : « %(sentence)s ».") % {"sentence": STATEMENT})
    stated = {"copy_reference": reference.strip(), "copy_held_on": held_on, "copy_statement": statement.strip()}
    change_facts(case, reader, stated)


def mark_held(case: SealedCase, *, by: User, at: datetime) -> None:
    """The copy is held from now on, and the officers' wraps of the words go; in the caller's transaction."""
    SealedCase.objects.using(VAULT).filter(pk=case.pk).update(copy_held_at=at)
    case.copy_held_at = at
    _drop_officers_wraps(case)
    audit.record("psea.sealedcase.confirm_copy_held", by=by, target=case, using=VAULT, at=at)


def as_said(sentence: str) -> str:
    """A typed sentence without what does not matter in it: capitals, marks, spaces."""
    return " ".join(sentence.translate(MARKS).casefold().split())


def _drop_officers_wraps(case: SealedCase) -> None:
    """Officers on duty read the words no more, but for those who are of the entity."""
    officers = readers_of(case, Role.PSEA_INTAKE_OFFICER)
    others = [user for user in officers if not is_entity_handler(case, user)]
    drop_wraps(case.pk, keys_of(others), (Part.WORDS,))


def _close_mailbox(case: SealedCase) -> None:
    """What the person sends from now on is a new sealed case: nobody could open it in this one."""
    SealedMessage.objects.using(VAULT).filter(thread_tag=case.thread_tag).delete()
    for rows in traces_of(case):
        rows.update(mailbox=None)
