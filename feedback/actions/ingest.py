"""Taking in what another organisation collected, one thing at a time: new, known, or changed since; never twice.

It comes by the same door as everything else: screened, sealed, restricted or ordinary. What its source says of it may
raise its lane, never lower it. Nobody of theirs is written to by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.actors import Actor, robot
from core.index import is_same, lifted
from core.inserting import locked_or_made
from directory.models import Organisation, User
from feedback import sealed_door
from feedback.actions.person import add_words
from feedback.actions.protect import protect
from feedback.actions.receive import Spoken, receive
from feedback.actions.triage import restrict
from feedback.enums import Came, CaseState, DepositWay
from feedback.handing_over import Handed
from feedback.models import Case, Deposit, SourceRecord
from feedback.recipients import tell_named_recipients
from feedback.source_keys import receipt_number, row_id

INGEST = robot("ingest")


def seen_before(things: list[Handed]) -> list[Came]:
    """What would become of them, without doing it; the vault is not asked."""
    rows = SourceRecord.objects.filter(pk__in=[one.record_key for one in things]).values_list("pk", "content_hash")
    known = {lifted(pk): content for pk, content in rows}
    return [_compared(known.get(one.record_key), one.content) for one in things]


@transaction.atomic
def take_in(thing: Handed, *, by: Actor) -> Came:
    """Takes it in, unless it is here. Changed since, what it says now is added to it, and nothing overwritten.

    Raises NobodyCanRead, or Refused, when it must be kept in the vault and cannot be: nothing is done then.
    """
    record, is_new = locked_or_made(SourceRecord, thing.record_key, content_hash=thing.content)
    came = Came.NEW if is_new else _compared(record.content_hash, thing.content)
    if came is Came.NEW:
        _open(thing.spoken, by=by)
    if came is Came.CHANGED:
        record.content_hash = thing.content
        record.save(update_fields=["content_hash"])
        _add(thing, by=by)
    return came


def note_deposit(
    pk: UUID,
    source: Organisation,
    kind: str,
    way: DepositWay,
    counts: Mapping[str, int],
    *,
    outcomes: Sequence[str] = (),
    at: datetime | None = None,
) -> Deposit:
    """That this file or call of a source came, and how much of it was new, known, changed or refused."""
    named = {f"{came.value}_count": counts.get(came.value, 0) for came in Came}
    made, _is_new = Deposit.objects.get_or_create(
        pk=pk,
        defaults={
            "source": source,
            "kind": kind,
            "way": way,
            "deposited_at": at or timezone.now(),
            "outcomes": list(outcomes),
            **named,
        },
    )
    return made


def _compared(known: str | None, content: str) -> Came:
    if known is None:
        return Came.NEW
    return Came.KNOWN if is_same(known, content) else Came.CHANGED


def _open(spoken: Spoken, *, by: Actor) -> None:
    case = receive(replace(spoken, entered_by=by if isinstance(by, User) else None), by=by)
    if case is not None:
        tell_named_recipients(case, but=by)


def _add(thing: Handed, *, by: Actor) -> None:
    """Where it went: to the vault, if it is or belongs there; to its case; anew, if nothing of it is left."""
    spoken, again = thing.spoken, f"{thing.key}:{thing.content}"
    case = _where_it_went(thing)
    if case is not None and case.forgotten_at is None:
        case = _raised(case, thing)
    is_sealed = case is None or case.state == CaseState.PROTECTED
    words, now = _told(spoken), timezone.now()
    if sealed_door.add(
        again, words=words, channel=spoken.channel, said_at=now, by=by, receipt_number=spoken.receipt_number
    ):
        return
    if case is None or is_sealed or case.forgotten_at is not None:
        anew = replace(spoken, source_key=again, receipt_number=receipt_number(again))
        _open(replace(anew, is_delicate=spoken.is_delicate or is_sealed), by=by)
        return
    if spoken.objects_to_sharing:
        Case.objects.filter(pk=case.pk).update(objects_to_sharing=True)
    add_words(case.pk, source_key=again, words=words, channel=spoken.channel, by=by, at=now)


def _where_it_went(thing: Handed) -> Case | None:
    """Its case, or the one that it was joined to; None: it never was one outside the vault."""
    case = Case.objects.filter(pk=row_id(thing.key, "case")).first()
    while case is not None and case.merged_into is not None:
        case = case.merged_into
    return case


def _raised(case: Case, thing: Handed) -> Case:
    """Its lane follows what is now said of it: up, never down."""
    if thing.is_delicate:
        return protect(case.pk, by=INGEST)
    return restrict(case.pk, thing.spoken.restricted_kind, by=INGEST) if thing.spoken.restricted_kind else case


def _told(spoken: Spoken) -> str:
    with override(settings.LANGUAGE_CODE):
        mark = _("[Changé chez la source : %(source)s]") % {"source": spoken.source}
        objects = _("Ne veut pas que sa demande soit transmise.") if spoken.objects_to_sharing else ""
    return "\n".join(filter(None, [mark, spoken.words, spoken.place_said, spoken.note, objects]))
