"""Somebody met sexual exploitation or abuse in an ordinary or restricted case: it goes to the vault, and leaves here.

Vault first, then here; each step is harmless to repeat, so that a failure between the two is mended by running again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.actors import SYSTEM, Actor
from core.models import AuditEntry, Outbound
from core.receipt_number import new_number
from core.transitions import Conflict, Refused, move, react
from directory.models import User
from feedback import sealed_door
from feedback.bringing import phone_of
from feedback.danger import call_by_if_danger
from feedback.enums import CaseState, MessageDirection
from feedback.models import Answer, Case
from feedback.source_keys import sealed_source
from psea.actions.receive import NobodyCanRead
from psea.enums import Known

# Of a case: those who could read of it through what stands to the right, in words (`settings.READ_ELSEWHERE`).
ReadElsewhere = Callable[[Any], Iterator[str]]


@transaction.atomic
def protect(case_id: Any, *, by: Actor, at: datetime | None = None, seen: str | None = None) -> Case:
    """Seals the case in the vault under the same receipt number, then keeps nothing of it but a bare number.

    Whatever was joined to it goes too, and what it was joined to: they say the same, and what was said later of one is
    kept with the other. A case that is protected already is returned as it is. Raises Refused.
    """
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.state == CaseState.PROTECTED:
        return case
    _check(case, by, seen)
    _seal(case, by=by, at=at or timezone.now())
    react(case, "seal", by=by, at=at or timezone.now())
    _forget_messages_under_way(case)
    protected = move(Case, case.pk, "protect", by=by, at=at)
    for rows in (protected.messages, protected.answers, protected.implicated_rows, protected.data_requests):
        rows.all().delete()
    case.parts.update(split_from=None)
    for duplicate in case.duplicates.exclude(state=CaseState.PROTECTED).filter(forgotten_at=None):
        protect(duplicate.pk, by=by, at=at)
    joined = case.merged_into
    if joined is not None and joined.forgotten_at is None:
        protect(joined.pk, by=SYSTEM, at=at)
    return protected


def _check(case: Case, by: Actor, seen: str | None) -> None:
    if seen is not None and seen != case.state:
        raise Conflict(_("Quelqu'un d'autre vient d'agir sur ce dossier. Voici où il en est maintenant."))
    reason = case.may("protect", by)
    if reason is not None:
        raise Refused(reason)


def _seal(case: Case, *, by: Actor, at: datetime) -> None:
    number = case.unsealed("receipt_number") or new_number()
    phone, words = phone_of(case), _told(case)
    try:
        sealed_door.receive_sealed(
            source_id=sealed_source(_source_key(case)),
            receipt_number=number,
            words=words,
            contact="" if phone else case.unsealed("contact"),
            phone=phone,
            channel=case.channel,
            language=case.language,
            received_at=case.received_at,
            said_at=case.said_at,
            concerned_organisation_id=case.concerned_id,
            implicated=case.implicated(),
            place_pcode=case.place.pcode if case.place is not None else "",
            code=case.unsealed("code"),
            danger=Known.YES if case.is_in_danger else Known.UNKNOWN,
            call_by=case.danger_due_at if case.is_in_danger else call_by_if_danger(words, at),
            is_test=case.in_training,
            by=by,
            at=at,
        )
    except NobodyCanRead as error:
        raise Refused(
            _("Aucune personne de garde ne peut encore ouvrir ce dossier. Prévenez la coordination PEAS de vive voix.")
        ) from error
    for message in case.messages.all():
        sealed_door.add(
            f"{_source_key(case)}:{message.pk}",
            words=_with_label(str(MessageDirection(message.direction).label), message.unsealed("body")),
            channel=message.channel,
            said_at=message.said_at,
            receipt_number=number,
            recording=message.unsealed("recording"),
            picture=message.unsealed("picture"),
            by=by,
        )
    for asked in case.data_requests.undecided():
        sealed_door.ask_about_data(
            f"{_source_key(case)}:{asked.pk}",
            number=number,
            wish=asked.wish,
            words=asked.unsealed("words"),
            asked_at=asked.asked_at,
            decide_by=asked.due_at,
            by=by,
        )


def _source_key(case: Case) -> str:
    return f"protect:{case.pk}"


def _told(case: Case) -> str:
    """All that was written of it, in one text: the vault keeps no other field for that."""
    return "\n\n".join([case.unsealed("words"), *(_with_label(*one) for one in _apart(case) if one[1])])


def _apart(case: Case) -> Iterator[tuple[str, str]]:
    yield _("Son nom"), case.unsealed("name")
    yield _("Lieu dit"), case.unsealed("place_said")
    yield pgettext("dossier", "Note"), case.unsealed("note")
    yield _("Source"), f"{case.source} {case.unsealed('source_reference')}".strip() if case.source is not None else ""
    yield _("Résumé"), case.summary
    yield _("Accord"), _("ne veut pas que sa demande soit transmise") if case.objects_to_sharing else ""
    for answer in case.answers.all():
        yield _("Réponse donnée"), answer.unsealed("words")
    yield _("Avaient pu le lire"), ", ".join(_readers(case))


def _readers(case: Case) -> Iterator[str]:
    """Who acted on it or read it, by the audit, and whoever had it elsewhere: the officers must know."""
    acts = AuditEntry.objects.filter(target_table=case._meta.db_table, target_id=str(case.pk), actor_kind="user")
    people = User.objects.filter(pk__in=[int(pk) for pk in set(acts.values_list("actor_id", flat=True))])
    for person in people.select_related("organisation").order_by("name"):
        yield f"{person.name} ({person.organisation})"
    elsewhere: tuple[ReadElsewhere, ...] = import_string(settings.READ_ELSEWHERE)
    for readers in elsewhere:
        yield from readers(case.pk)


def _with_label(label: str, text: str) -> str:
    return f"[{label} : {text}]"


def _forget_messages_under_way(case: Case) -> None:
    """What has not left is not sent any more; what has left loses text and number."""
    answers = Answer.objects.filter(case=case)
    keys = Q(pk__in=answers.values("outbound_id"))
    for pk in answers.values_list("pk", flat=True):
        keys |= Q(dedupe_key__startswith=f"answer:{pk}") | Q(dedupe_key=f"settled:{pk}")
    for pk in case.messages.values_list("pk", flat=True):
        keys |= Q(dedupe_key=f"question:{pk}")
    Outbound.objects.filter(keys, state=Outbound.State.QUEUED).delete()
    for row in Outbound.objects.filter(keys).exclude(state=Outbound.State.SENDING):
        row.forget_all()
        row.dedupe_key = None
        row.save()
