"""A new epoch: once somebody may no longer open a case, what it holds is sealed anew under keys they never had.

Wraps alone would not do: whoever could open the case may have kept its data keys. Only a reader who holds every part
can do this, so it is done at once where one is at hand, and else when the next one opens the vault (`mending`).
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from core.sealed_models import SealedModel
from core.sealing import new_data_key, new_keypair, unwrap, wrap
from psea.databases import VAULT
from psea.enums import Part
from psea.mailboxes import mailbox_context, traces_of
from psea.models import HandlerKey, SealedCase, SealedMessage, Wrap
from psea.readers import Reader
from psea.standing import is_enough
from psea.tags import bound_mailbox, thread_tag
from psea.trust import Approved, approved_keys
from psea.wraps import hidden, readers_among, wraps_for

# What stands beside a case, sealed under the key of one of its parts.
BESIDE = (
    ("notes", "words", Part.WORDS),
    ("questions", "words", Part.WORDS),
    ("holds", "reason", Part.FACTS),
    ("handed_copies", "to_whom", Part.FACTS),
)


def mark_for_rekeying(case: SealedCase, at: datetime) -> None:
    """Somebody lost this case and no reader is at hand; in the caller's transaction."""
    SealedCase.objects.using(VAULT).filter(pk=case.pk, rekey_since=None).update(rekey_since=at)


def rekey(case: SealedCase, reader: Reader, *, at: datetime) -> bool:
    """Seals everything of the case under fresh keys, for those who read it now; in the caller's transaction.

    False, and the case stays marked, where this reader does not hold every part that is left, or where somebody whose
    approval ended would lose it and leave fewer than two living handlers and recovery. `case` is locked and read again.
    """
    case = SealedCase.objects.using(VAULT).select_for_update().get(pk=case.pk)
    former = reader.open_parts(case.pk)
    left = {part for field, part in SealedCase.PART_OF.items() if getattr(case, field) is not None}
    kept = _kept(case)
    readers = kept[Part.GUARD]
    is_thinned = _are_left_out(case, readers) and not is_enough([key.key for key in readers])
    if not left <= former.keys() or is_thinned:
        mark_for_rekeying(case, at)
        return False
    fresh = {part: new_data_key() for part in left}
    if Part.WORDS in left:
        _move_mailbox(case, former[Part.WORDS])
    for field, part in SealedCase.PART_OF.items():
        if part in left:
            _reseal(case, field, former[part], fresh[part])
    for name, field, part in BESIDE:
        for row in getattr(case, name).using(VAULT) if part in left else ():
            _reseal(row, field, former[part], fresh[part])
            row.save(using=VAULT, update_fields=[field])
    rows = [row for part in left for key in kept[part] for row in wraps_for(case.pk, fresh, key, (part,))]
    case.wraps.using(VAULT).all().delete()
    Wrap.objects.using(VAULT).bulk_create(hidden(case.pk, rows))
    anew = {field: getattr(case, field) for field in (*SealedCase.PART_OF, "thread_tag")}
    SealedCase.objects.using(VAULT).filter(pk=case.pk).update(**anew, epoch=F("epoch") + 1, rekey_since=None)
    return True


def _kept(case: SealedCase) -> dict[Part, list[Approved]]:
    """By part the approved keys that open it today; a key whose approval ended is left out."""
    by_id = {key.key.pk: key for key in approved_keys()}
    keys = [key.key for key in by_id.values()]
    return {part: [by_id[key.pk] for key in readers_among(case.pk, keys, part)] for part in Part}


def _are_left_out(case: SealedCase, kept: list[Approved]) -> bool:
    """Whether a living key that opens the case is not among those kept."""
    living = readers_among(case.pk, HandlerKey.objects.using(VAULT).living(), Part.GUARD)
    return not {key.pk for key in living} <= {key.key.pk for key in kept}


def _reseal(row: SealedModel, field: str, former: bytes, fresh: bytes) -> None:
    """Under the fresh key; saving is the caller's."""
    row.seal_with(fresh, **{field: row.unseal_with(former, field)})


def _move_mailbox(case: SealedCase, words_key: bytes) -> None:
    """What the person adds from now on is for those who read now; what they added already is wrapped again.

    Saving the case is the caller's.
    """
    old_private = bytes.fromhex(case.unseal_with(words_key, "mailbox_private"))
    private, mailbox = new_keypair()
    tag, old_tag = thread_tag(mailbox), case.thread_tag
    receipts, phones = traces_of(case)
    for receipt in receipts.select_for_update():
        receipt.mailbox = bound_mailbox(receipt.receipt_hash, mailbox)
        receipt.save(using=VAULT, update_fields=["mailbox"])
    for phone in phones.select_for_update():
        phone.mailbox = bound_mailbox(phone.phone_hash, mailbox)
        phone.save(using=VAULT, update_fields=["mailbox"])
    for message in SealedMessage.objects.using(VAULT).filter(thread_tag=old_tag):
        key = unwrap(bytes(message.wrapped_key), old_private, mailbox_context(message.pk))
        message.wrapped_key, message.thread_tag = wrap(key, mailbox, mailbox_context(message.pk)), tag
        message.save(using=VAULT, update_fields=["wrapped_key", "thread_tag"])
    case.thread_tag = tag
    case.seal_with(words_key, mailbox_private=private.hex())
